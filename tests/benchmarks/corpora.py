"""What the benchmarks share: every corpus left out of training in turn, and the rows to measure on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.pipeline import Pipeline

from moderation.corpora.registry import CORPORA
from moderation.labels import LABEL_NAMES
from moderation.model import training
from moderation.model.evaluation import targets
from moderation.model.features import Features
from moderation.records import Example
from moderation.sources import corpus_sets, seed_sets

LEAST = 10
"""Rows of each kind a label must have among those left out to be measured."""


@dataclass(frozen=True)
class Data:
    """Every example with its weights and targets; made rows (moved under another article) come last and only teach."""

    rows: Sequence[Example]
    made: int
    wanted: np.ndarray
    weights: np.ndarray
    corpus: np.ndarray
    thread: np.ndarray

    def of(self, name: str) -> np.ndarray:
        """Return the rows of a corpus, without made ones."""
        real = np.arange(len(self.rows)) < len(self.rows) - self.made
        return np.flatnonzero(real & (self.corpus == name))

    def split(self, left_out: str, label: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows that teach a label with a corpus left out, and those of that corpus to measure on."""
        known = ~np.isnan(self.wanted[:, LABEL_NAMES.index(label)])
        own = self.of(left_out)
        return np.flatnonzero(known & (self.corpus != left_out)), own[known[own]]


def read(corpora: Path) -> Data:
    """Return all examples that the shipped model is made from."""
    rows = [row for part in [*seed_sets(), *corpus_sets(corpora)] for row in part.examples]
    every, weights = training.taught(rows)
    return Data(
        every,
        len(every) - len(rows),
        targets(every),
        weights,
        np.array([row.provenance.corpus for row in every]),
        np.array([row.thread for row in every]),
    )


def read_features(data: Data, pipeline: Pipeline) -> Features:
    """Return the features of all rows. What is learned here without labels (how rare a word is) is learned from all."""
    reading = pipeline.named_steps["reader"].transform([row.situation for row in data.rows])
    return pipeline.named_steps["features"].fit(reading).transform(reading)


def left_out(data: Data, label: str, names: Sequence[str] = ()) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield each corpus that can be measured on a label, with the rows to learn from and to measure on."""
    for name in names or [*CORPORA, "written"]:
        learn, measure = data.split(name, label)
        wanted = data.wanted[measure, LABEL_NAMES.index(label)]
        if min(wanted.sum(), len(wanted) - wanted.sum()) >= LEAST:
            yield name, learn, measure


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in [headings, ["---"] * len(headings), *rows])


def mean_and_worst(figures: Mapping[str, float]) -> tuple[float, str, float]:
    """Return the mean, and the corpus with the lowest figure."""
    worst = min(figures, key=figures.__getitem__)
    return float(np.mean(list(figures.values()))), worst, figures[worst]
