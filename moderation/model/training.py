"""Examples -> a fitted pipeline."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from moderation.corpora.registry import CORPORA
from moderation.errors import TrainingError
from moderation.labels import LABEL_NAMES
from moderation.model.evaluation import targets
from moderation.model.pipeline import make_pipeline
from moderation.records import Example, Situation

FULL_WEIGHT_ROWS = 1000
"""What the rows of one published corpus may weigh together for one label."""

SWAP_WEIGHT = 0.3
"""A comment moved under another article is off topic for certain, but easier to tell than a real stray one."""

_PARTNERS = 5
"""Threads among which the comments of one are dealt out."""
_ALONE = 3
"""One of so many comments is also shown with its article alone."""


def fit(examples: Sequence[Example], random_state: int = 0) -> Pipeline:
    """Return a pipeline fitted on the examples; the same examples in the same order give the same scores, bit by bit.

    Raises:
        TrainingError: there is no example, or a label has too few judged 1 or 0; the message names it.
    """
    if not examples:
        raise TrainingError("no examples to train on, expected at least a few hundred")
    rows, weight = taught(examples)
    pipeline = make_pipeline(random_state=random_state)
    pipeline.fit(
        [row.situation for row in rows],
        targets(rows),
        labels__groups=[row.thread for row in rows],
        labels__domains=[row.provenance.corpus for row in rows],
        labels__sample_weight=weight,
        labels__real=np.arange(len(rows)) < len(examples),
    )
    return pipeline


def taught(examples: Sequence[Example]) -> tuple[list[Example], NDArray[np.float64]]:
    """Return the examples followed by the rows made from them, and the weight of each for each label.

    Made rows teach `off_topic` only: on-topic comments in another place, and under their article alone.
    """
    made = [*swapped(examples), *alone(examples)]
    return [*examples, *made], np.vstack([weights(examples), weights(made) * SWAP_WEIGHT])


def swapped(examples: Sequence[Example]) -> list[Example]:
    """Return the on-topic examples with the surroundings of another thread of their corpus: off topic by construction.

    One of `_ALONE` has the other article only. They teach `off_topic` only; every other label of theirs is unknown.
    """
    by_corpus: dict[str, dict[str, list[Example]]] = defaultdict(lambda: defaultdict(list))
    for example in examples:
        if example.labels.get("off_topic") == 0:
            by_corpus[example.provenance.corpus][example.thread].append(example)
    made = []
    for threads in by_corpus.values():
        names = sorted(threads)
        partners = min(_PARTNERS, len(names) - 1)
        for position, name in enumerate(names if partners else []):
            for index, example in enumerate(threads[name]):
                others = threads[names[(position + 1 + index % partners) % len(names)]]
                place = others[index % len(others)].situation
                moved = place._replace(text=example.situation.text, parent_author=None, names=())
                if index % _ALONE == 0 and place.article:
                    moved = Situation(example.situation.text, article=place.article)
                made.append(_teaching(example, "swapped", moved, 1))
    return made


def alone(examples: Sequence[Example]) -> list[Example]:
    """Return one of `_ALONE` on-topic examples with nothing around it but its article: a thread is not always known."""
    known = [row for row in examples if row.labels.get("off_topic") == 0 and row.situation.article]
    return [
        _teaching(row, "alone", Situation(row.situation.text, article=row.situation.article), 0)
        for row in known[::_ALONE]
        if row.situation.parent or row.situation.earlier
    ]


def _teaching(example: Example, how: str, situation: Situation, off_topic: int) -> Example:
    labels = {"off_topic": off_topic}
    return dataclasses.replace(example, id=f"{example.id}~{how}", situation=situation, labels=labels)


def weights(rows: Sequence[Example]) -> NDArray[np.float64]:
    """Return the weight of each row for each label, shape (rows, labels).

    Rows that were judged by the project's guide count in full. The labels of a published corpus's authors follow other
    questions, and some corpora are large: together, the rows that they alone judged count as at most
    `FULL_WEIGHT_ROWS` for a label.
    """
    judged: Counter[tuple[str, str]] = Counter()
    theirs = [
        (index, row)
        for index, row in enumerate(rows)
        if row.provenance.corpus in CORPORA and not row.provenance.by_guide
    ]
    for _, row in theirs:
        judged.update((row.provenance.corpus, name) for name in row.labels)
    table = np.ones((len(rows), len(LABEL_NAMES)))
    for index, row in theirs:
        for column, name in enumerate(LABEL_NAMES):
            count = judged[row.provenance.corpus, name]
            if count > FULL_WEIGHT_ROWS:
                table[index, column] = FULL_WEIGHT_ROWS / count
    return table
