"""models/NAME: `model.joblib`, `model.json` and `card.md`; written whole or not at all, verified before it is trusted.

A pickle can run code when it is loaded. Three checks stand before that: the digest in `model.json` must match the file,
the library versions must be ones the model was verified with, and only the classes a pipeline is made of are admitted.
The last one holds even when somebody altered both files.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import json
import os
import platform
import re
import shutil
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
from joblib.numpy_pickle import NumpyArrayWrapper, NumpyUnpickler
from sklearn.pipeline import Pipeline

from moderation.errors import ModelError, UnknownNameError
from moderation.labels import LABEL_NAMES
from moderation.model.classifier import thresholds_of
from moderation.paths import model_folders

MODEL_FILE, ABOUT_FILE, CARD_FILE = "model.joblib", "model.json", "card.md"
FORMAT = 3
SERVING = "serving"
"""The name that stands for the promoted model, and for the shipped one where none was promoted."""
VERIFIED_SCIKIT_LEARN = ("1.9.0", "1.9.1")
"""Releases on which a saved model gives the same scores (tests/integration/test_versions.py); pyproject admits no other."""

_MAX_BYTES = 400_000_000
_STEPS = ["reader", "features", "labels"]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ADMITTED = {
    ("sklearn.pipeline", "Pipeline"),
    ("moderation.model.reading", "Reader"),
    ("moderation.model.features", "NGrams"),
    ("moderation.model.features", "TextFeatures"),
    ("moderation.model.context", "Context"),
    ("moderation.model.topicality", "Topicality"),
    ("moderation.model.vectors", "WordVectors"),
    ("moderation.model.doubt", "Vocabulary"),
    ("moderation.model.classifier", "LabelwiseLogistic"),
    ("joblib.numpy_pickle", "NumpyArrayWrapper"),
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
}


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A loaded model: its name, the fitted pipeline, and what `model.json` says about it."""

    name: str
    pipeline: Pipeline
    about: Mapping[str, Any]

    @property
    def thresholds(self) -> Mapping[str, Mapping[str, float | None]]:
        """For each label from which score on to `hold` and to `reject`, as they were set when the model was made."""
        return thresholds_of(self.pipeline)


def save(folder: Path, pipeline: Pipeline, about: Mapping[str, Any], card: str) -> None:
    """Write a fitted pipeline and what is known about it as the model `folder`, replacing an older one in one step.

    Raises:
        ModelError: the folder cannot be written, or its name is no model name.
    """
    check_name(folder.name)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            joblib.dump(pipeline, staging / MODEL_FILE, compress=("zlib", 6))
            raw = (staging / MODEL_FILE).read_bytes()
            stated = {"format": FORMAT, **about, "versions": _versions(), "sha256": _digest(raw), "bytes": len(raw)}
            (staging / ABOUT_FILE).write_text(json.dumps(stated, indent=2) + "\n", encoding="utf-8")
            (staging / CARD_FILE).write_text(card, encoding="utf-8")
            staging.chmod(0o755)
            _replace(folder, staging)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise ModelError(f"{folder}: cannot be written: {(error.strerror or str(error)).lower()}") from None


def load(name: str) -> StoredModel:
    """Return a model by name, or by the path of its folder.

    Raises:
        UnknownNameError: there is no model of that name; the message suggests the nearest one.
        ModelError: its files are missing, altered, cut off, not a model, or made for other versions.
    """
    folder = find(name)
    about = read_about(folder)
    _check_versions(folder, about)
    try:
        raw = (folder / MODEL_FILE).read_bytes()
    except OSError as error:
        raise _refused(folder, f"{MODEL_FILE}: {(error.strerror or 'cannot be read').lower()}") from None
    if _digest(raw) != about.get("sha256"):
        raise _refused(folder, f"{MODEL_FILE} is not the file that {ABOUT_FILE} describes: altered or cut off")
    name = folder.name.removeprefix(".").removesuffix("-before") if folder.name.startswith(".") else folder.name
    return StoredModel(name, _unpickle(raw, folder), about)


def find(name: str) -> Path:
    """Return the folder of a model, by name or path.

    Raises:
        UnknownNameError: there is none.
        ModelError: the path is no folder with a model.
    """
    if os.sep in name or (os.altsep and os.altsep in name):
        folder = Path(name)
        if not (folder / ABOUT_FILE).is_file():
            raise ModelError(f"{folder}: is no model, expected a folder with {ABOUT_FILE} and {MODEL_FILE}")
        return folder
    for parent in model_folders():
        for folder in (parent / name, _before(parent / name)):
            if _NAME.fullmatch(name) and (folder / ABOUT_FILE).is_file():
                return folder
    if not names():
        raise ModelError(f"model {name[:80]!r} not found, nor any other: train one with: moderation train --name mine")
    raise UnknownNameError("model", name, names())


def names() -> list[str]:
    """Return the names of the models that can be loaded."""
    found = {path.parent.name for parent in model_folders() for path in parent.glob(f"*/{ABOUT_FILE}")}
    return sorted(name for name in found if _NAME.fullmatch(name))


def check_name(name: str) -> str:
    """Return `name` if a model may have it.

    Raises:
        ModelError: it has other characters than letters, digits, dot, dash and underscore, or is too long.
    """
    if not _NAME.fullmatch(name):
        raise ModelError(f"model name {name[:80]!r}: expected up to 64 letters, digits, '.', '-' or '_'")
    if name == SERVING:
        raise ModelError(f"model name {name!r} stands for the model in force, expected another")
    return name


def read_about(folder: Path) -> dict[str, Any]:
    """Return what `model.json` says, without loading the model.

    Raises:
        ModelError: the file is missing, is no JSON object, or is of another format.
    """
    try:
        about = json.loads((folder / ABOUT_FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise _refused(folder, f"{ABOUT_FILE}: {(error.strerror or 'cannot be read').lower()}") from None
    except (ValueError, RecursionError):
        raise _refused(folder, f"{ABOUT_FILE} is not JSON: altered or cut off") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise _refused(folder, f"{ABOUT_FILE} is not of format {FORMAT}")
    return about


def read_card(folder: Path) -> str:
    """Return the model card as Markdown.

    Raises:
        ModelError: it cannot be read.
    """
    try:
        return (folder / CARD_FILE).read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise _refused(folder, f"{CARD_FILE}: cannot be read") from None


def _check_versions(folder: Path, about: Mapping[str, Any]) -> None:
    saved = about.get("versions")
    saved = saved if isinstance(saved, dict) else {}
    installed = _versions()
    if not {installed["scikit-learn"], saved.get("scikit-learn")} <= set(VERIFIED_SCIKIT_LEARN):
        raise _refused(
            folder,
            f"it was saved with scikit-learn {saved.get('scikit-learn')}, installed is {installed['scikit-learn']}, "
            f"verified are {', '.join(VERIFIED_SCIKIT_LEARN)}",
        )
    for library in ("numpy", "scipy", "joblib"):
        if str(saved.get(library)).split(".")[0] != installed[library].split(".")[0]:
            raise _refused(
                folder, f"it was saved with {library} {saved.get(library)}, installed is {installed[library]}"
            )


def _refused(folder: Path, reason: str) -> ModelError:
    return ModelError(
        f"model {folder.name!r} refused: {reason}; retrain it with: moderation train --name {folder.name}"
    )


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in ("scikit-learn", "numpy", "scipy", "joblib")}
    return {"python": platform.python_version(), **libraries}


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _replace(folder: Path, staging: Path) -> None:
    """Put `staging` in the place of `folder`; a crash in between leaves the old one where `find` looks for it."""
    before = _before(folder)
    if folder.exists():
        shutil.rmtree(before, ignore_errors=True)
        folder.rename(before)
    try:
        staging.rename(folder)
    except OSError:
        if before.exists():
            before.rename(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _before(folder: Path) -> Path:
    """Where a model is kept while another one takes its place."""
    return folder.with_name(f".{folder.name}-before")


class _ForeignError(Exception):
    """Something that no model is made of: what it is. A file that is merely broken raises other errors."""


class _PlainArray(NumpyArrayWrapper):  # type: ignore[misc]
    """Arrays of numbers only: an array of objects would be read by an unchecked pickle."""

    def read(self, unpickler: Any, ensure_native_byte_order: bool) -> Any:
        if self.dtype.hasobject or self.dtype.kind not in "fiub":
            raise _ForeignError(f"array of {self.dtype}")
        return super().read(unpickler, ensure_native_byte_order)


class _Unpickler(NumpyUnpickler):  # type: ignore[misc]
    """Admits the classes a pipeline is made of and refuses everything else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ADMITTED:
            raise _ForeignError(f"{module}.{name}"[:80])
        if name == NumpyArrayWrapper.__name__:
            return _PlainArray
        return getattr(importlib.import_module(module), name)


def _unpickle(raw: bytes, folder: Path) -> Pipeline:
    try:
        unzipped = zlib.decompressobj().decompress(raw, _MAX_BYTES)
        pipeline = _Unpickler("", io.BytesIO(unzipped), ensure_native_byte_order=True).load()
        # Inside the guard: what was planted may break on the first look at it.
        whole = isinstance(pipeline, Pipeline) and list(pipeline.named_steps) == _STEPS
        labels = pipeline.named_steps["labels"].labels if whole else LABEL_NAMES
    except _ForeignError as error:
        raise _refused(folder, f"{MODEL_FILE} holds something that no moderation model has: {error}") from None
    except Exception as error:  # noqa: BLE001 - a hostile pickle may raise anything
        raise _refused(folder, f"{MODEL_FILE} cannot be read ({type(error).__name__})") from None
    if not whole:
        raise _refused(folder, f"{MODEL_FILE} holds no moderation pipeline")
    if labels != LABEL_NAMES:
        raise _refused(folder, f"it scores the labels {', '.join(labels)[:200]}, expected {', '.join(LABEL_NAMES)}")
    return pipeline
