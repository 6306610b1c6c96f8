"""What an example set holds: counts by label, corpus, context and split."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moderation.examples.splits import SPLITS, split_of
from moderation.labels import LABEL_NAMES
from moderation.records import Example


@dataclass(frozen=True, slots=True)
class LabelCount:
    """One label of a set: rows that have it, rows that do not, rows where it is unknown, and hard negatives.

    A hard negative is a row written to look like it has the label. `hard_share` is their part of the rows that have the
    label or look like it; None where there is neither.
    """

    label: str
    positive: int
    negative: int
    unknown: int
    hard: int

    @property
    def hard_share(self) -> float | None:
        about = self.positive + self.hard
        return self.hard / about if about else None


@dataclass(frozen=True, slots=True)
class SetCount:
    """One set: rows, threads, rows with each kind of context, rows without any label that holds, rows a split."""

    name: str
    rows: int
    threads: int
    articles: int
    parents: int
    none: int
    splits: Sequence[tuple[str, int]]
    labels: Sequence[LabelCount]


def count(name: str, examples: Iterable[Example]) -> SetCount:
    """Return the counts of the examples that somebody judged for at least one label."""
    rows = [example for example in examples if example.labels]
    splits = [split_of(row) for row in rows]
    return SetCount(
        name=name,
        rows=len(rows),
        threads=len({row.thread for row in rows}),
        articles=sum(row.situation.article is not None for row in rows),
        parents=sum(row.situation.parent is not None for row in rows),
        none=sum(len(row.labels) == len(LABEL_NAMES) and not any(row.labels.values()) for row in rows),
        splits=[(split, splits.count(split)) for split in SPLITS],
        labels=[_label(label, rows) for label in LABEL_NAMES],
    )


def _label(label: str, rows: Sequence[Example]) -> LabelCount:
    values = [row.labels.get(label) for row in rows]
    hard = sum(label in row.looks_like for row in rows)
    return LabelCount(label, values.count(1), values.count(0), values.count(None), hard)
