"""The example sets that models are made from: the shipped seeds, an owner's own files, published corpora."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from moderation.corpora.registry import CORPORA, read_corpora, read_corpus
from moderation.errors import InputError
from moderation.examples import (
    DOCUMENTS,
    OWN_LICENCE,
    OWNERS_LICENCE,
    Judgement,
    agreed,
    digest,
    in_threads,
    judge,
    read_examples,
    read_judgements,
)
from moderation.model.card import ExampleSet
from moderation.paths import seeds
from moderation.records import Example

WRITTEN, LABELS = "written", "labels"

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
    written = in_threads(example for file in files for example in read_examples(file, WRITTEN))
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
        sets.append(_set(file.stem, OWNERS_LICENCE, file.name, examples))
    return sets


def corpus_sets(folder: Path) -> list[ExampleSet]:
    """Return one set a published corpus found in the folder: the rows that its authors or this project judged.

    Raises:
        InputError: there is none, or one of its files is missing.
    """
    sets = []
    for name, examples in judged_corpora(folder).items():
        corpus, known = CORPORA[name], capped([row for row in examples if row.labels])
        if known:
            path = _label_file(name)
            labels = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
            sets.append(ExampleSet(name, corpus.licence, corpus.origin, corpus.digest(folder / name), known, labels))
    return sets


def capped(examples: list[Example]) -> list[Example]:
    """Return at most `MAX_CORPUS_ROWS` of a corpus's rows: what this project judged, then by digest of the row id.

    They are the same rows whatever their order, and spread over the whole corpus.
    """
    if len(examples) <= MAX_CORPUS_ROWS:
        return examples
    chosen = sorted(examples, key=lambda row: (not row.provenance.by_guide, _digest(row.id)))
    return sorted(chosen[:MAX_CORPUS_ROWS], key=lambda row: row.id)


def templates(folder: Path | None) -> list[Example]:
    """Return the template sentences that fairness is measured on; none where the folder has not that corpus."""
    name = "bias_madlibs"
    return read_corpus(name, folder) if folder is not None and (folder / name).is_dir() else []


def judged_corpora(folder: Path) -> dict[str, list[Example]]:
    """Return every row of every corpus in the folder that may be trained on, with this project's labels where it has any.

    Copies of one comment have the same labels; where its authors contradict themselves, none.

    Raises:
        InputError: there is no corpus in the folder, or one of its files is missing.
    """
    return {name: agreed(judge(examples, own_judgements(name))) for name, examples in read_corpora(folder).items()}


def own_judgements(corpus: str) -> Mapping[str, Judgement]:
    """Return this project's labels for rows of a published corpus, by row id; none where it has not judged any."""
    path = _label_file(corpus)
    return read_judgements(path) if path.exists() else {}


def label_files() -> list[Path]:
    """Return the shipped label files, in order of their names."""
    return sorted((seeds() / LABELS).glob("*.csv"))


def _label_file(corpus: str) -> Path:
    return seeds() / LABELS / f"{corpus}.csv"


def _digest(name: str) -> bytes:
    return hashlib.sha256(name.encode("utf-8")).digest()


def _set(name: str, licence: str, origin: str, examples: list[Example]) -> ExampleSet:
    return ExampleSet(name, licence, origin, digest(examples), examples)
