"""Which model serves: promoted ones are kept as copies, and one small file says which of them is in force.

`models/.promoted/NAME-DIGEST/` holds a copy of each promoted model, `models/serving.json` the promotions, the one in force
last. The file is replaced in one step: whoever crashes on the way leaves the model that served before in force.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from moderation.errors import ModelError
from moderation.files import write_text
from moderation.model.store import ABOUT_FILE, CARD_FILE, MODEL_FILE, SERVING, StoredModel, load, read_about
from moderation.paths import own_models

SHIPPED = "default"
KEPT = 5
"""Promotions that can be rolled back; older copies are removed."""

_FILE, _FOLDER = "serving.json", ".promoted"


@dataclass(frozen=True, slots=True)
class Promotion:
    """A model that was put in force: its name, the digest of its file, when, and against which objections."""

    model: str
    sha256: str
    at: str
    forced: bool = False
    objections: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where its copy lies."""
        return own_models() / _FOLDER / f"{self.model}-{self.sha256[:12]}"


def load_serving() -> StoredModel:
    """Return the model in force, under the name it was promoted by; the shipped one where none was promoted.

    Raises:
        ModelError: its files are missing or altered, or the list of promotions is.
    """
    made = promotions()
    if not made:
        return load(SHIPPED)
    stored = load(str(made[-1].folder.absolute()))
    return StoredModel(made[-1].model, stored.pipeline, stored.about)


def promotions() -> list[Promotion]:
    """Return the promotions that can be gone back to, the one in force last; none where the shipped model serves.

    Raises:
        ModelError: the file cannot be read.
    """
    path = own_models() / _FILE
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["promotions"]
        return [Promotion(**{**row, "objections": tuple(row["objections"])}) for row in rows]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{path}: is no list of promotions ({type(error).__name__}): remove it to serve the shipped model again"
        ) from None


def load_named(name: str) -> StoredModel:
    """Return the model in force for `SERVING`, else the model of that name or folder.

    Raises:
        UnknownNameError: there is no model of that name.
        ModelError: its files are missing, altered, or made for other versions.
    """
    return load_serving() if name == SERVING else load(name)


def promote(stored: StoredModel, source: Path, objections: tuple[str, ...] = (), force: bool = False) -> Promotion:
    """Put a model, loaded from the folder `source`, in force and return its promotion.

    Raises:
        ModelError: there are `objections` and `force` is not given (with it they are recorded), or the files cannot be
            copied.
    """
    if objections and not force:
        raise ModelError(
            f"model {stored.name!r} not promoted: it is worse than the one in force in {len(objections)} "
            f"{'thing' if len(objections) == 1 else 'things'}; --force promotes it all the same"
        )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    made = Promotion(stored.name, stored.about["sha256"], now, bool(objections), objections)
    if not made.folder.exists():
        _copy(source, made.folder)
    _write([*promotions(), made])
    return made


def rollback() -> Promotion | None:
    """Go back to the model that served before and return its promotion; None where that is the shipped one.

    Raises:
        ModelError: no model was promoted, or the copy of the one before is gone or altered.
    """
    made = promotions()
    if not made:
        raise ModelError("no model was promoted, so there is nothing to go back from")
    if len(made) > 1:
        load(str(made[-2].folder.absolute()))
    _write(made[:-1])
    return made[-2] if len(made) > 1 else None


def _copy(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".copy-", dir=target.parent))
        try:
            for file in (MODEL_FILE, ABOUT_FILE, CARD_FILE):
                if (source / file).exists():
                    shutil.copyfile(source / file, staging / file)
            staging.chmod(0o755)
            staging.rename(target)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise ModelError(f"{target}: cannot be written: {(error.strerror or str(error)).lower()}") from None
    read_about(target)


def _write(made: list[Promotion]) -> None:
    kept = made[-KEPT:]
    path = own_models() / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = [asdict(one) for one in kept]
    write_text(path, json.dumps({"promotions": rows}, indent=2) + "\n")
    needed = {one.folder.name for one in kept}
    for folder in (own_models() / _FOLDER).glob("*-*"):
        if folder.name not in needed and not folder.name.startswith("."):
            shutil.rmtree(folder, ignore_errors=True)
