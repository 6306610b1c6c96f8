"""What a model gets wrong: kinds of comment, how often, and the worst of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moderation.labels import LABEL_NAMES
from moderation.model.evaluation import Thresholds, targets
from moderation.records import Example

SHOWN = 2
"""Worst examples kept of each kind."""


@dataclass(frozen=True, slots=True)
class Mistakes:
    """Of `cases` comments of a kind, how many a label got `wrong`, and the texts it was most wrong about, with scores."""

    label: str
    kind: str
    cases: int
    wrong: int
    worst: Sequence[tuple[str, float]]


def mistakes(examples: Sequence[Example], scores: NDArray[np.float64], thresholds: Thresholds) -> list[Mistakes]:
    """Return the mistakes of every label on three kinds of comment, from scores of shape (examples, labels).

    Those that have the label and are missed; those that were written to look as if (`looks_like`) and are named; all others
    that are named. Named means that the score reaches the threshold to hold. A kind without comments is left out.
    """
    wanted = targets(examples)
    found = []
    for column, label in enumerate(LABEL_NAMES):
        hold = thresholds[label]["hold"]
        named = scores[:, column] >= (np.inf if hold is None else hold)
        alike = np.array([label in row.looks_like for row in examples], dtype=bool)
        has, has_not = wanted[:, column] == 1, wanted[:, column] == 0
        kinds = (
            ("has it: missed", has, ~named, scores[:, column]),
            ("only looks like it: named", has_not & alike, named, -scores[:, column]),
            ("any other: named", has_not & ~alike, named, -scores[:, column]),
        )
        for kind, cases, wrong, order in kinds:
            if cases.any():
                rows = np.flatnonzero(cases & wrong)
                worst = rows[np.argsort(order[rows], kind="stable")][:SHOWN]
                texts = [(examples[row].situation.text, float(scores[row, column])) for row in worst.tolist()]
                found.append(Mistakes(label, kind, int(cases.sum()), len(rows), texts))
    return found
