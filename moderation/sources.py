"""The example sets that models are made from: the shipped seeds, an owner's own files, published corpora."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from moderation.corpora.registry import CORPORA, read_corpora
from moderation.errors import InputError
from moderation.examples import OWN_LICENCE, digest, read_examples
from moderation.model.card import ExampleSet
from moderation.paths import seeds
from moderation.records import Example

DOCUMENTS, WRITTEN = "documents", "written"

MAX_CORPUS_ROWS = 6_000
"""Rows taken of one published corpus: more of the same domain teach little and drown the small sets."""


def seed_sets(folder: Path | None = None) -> list[ExampleSet]:
    """Return the shipped sets: the comments of the seed documents, and the comments written for this project.

    Raises:
        InputError: the folder has no seeds.
    """
    folder = folder or seeds()
    files = sorted((folder / WRITTEN).glob("*.jsonl"))
    if not files:
        raise InputError(f"{folder}: has no {WRITTEN}/*.jsonl, expected the seeds of this project")
    documents = list(read_examples(folder / "examples.jsonl", DOCUMENTS))
    written = [example for file in files for example in read_examples(file, WRITTEN)]
    return [
        _set(DOCUMENTS, "labels CC BY 4.0; texts their authors'", "seeds/documents of this project", documents),
        _set(WRITTEN, OWN_LICENCE, "seeds/written of this project", written),
    ]


def own_sets(files: Sequence[Path]) -> list[ExampleSet]:
    """Return one set a JSON lines file of an owner's own examples.

    Raises:
        InputError: a file cannot be read or has no example.
    """
    sets = []
    for file in files:
        examples = list(read_examples(file))
        if not examples:
            raise InputError(f"{file}: has no examples, expected one JSON object a line")
        sets.append(_set(file.stem, "the owner's", file.name, examples))
    return sets


def corpus_sets(folder: Path) -> list[ExampleSet]:
    """Return one set a published corpus found in the folder.

    Raises:
        InputError: there is none, or one of its files is missing.
    """
    sets = []
    for name, examples in read_corpora(folder).items():
        corpus = CORPORA[name]
        if len(examples) > MAX_CORPUS_ROWS:
            # By digest of the row id: the same rows whatever the order, and spread over the whole corpus.
            chosen = sorted(examples, key=lambda row: hashlib.sha256(row.id.encode("utf-8")).digest())[:MAX_CORPUS_ROWS]
            examples = sorted(chosen, key=lambda row: row.id)
        sets.append(ExampleSet(name, corpus.licence, corpus.origin, corpus.digest(folder / name), examples))
    return sets


def _set(name: str, licence: str, origin: str, examples: list[Example]) -> ExampleSet:
    return ExampleSet(name, licence, origin, digest(examples), examples)
