"""Kinds of mistakes, counted, and the worst first."""

from __future__ import annotations

import numpy as np

from moderation.labels import LABEL_NAMES
from moderation.model.mistakes import mistakes
from moderation.records import Example, Provenance, Situation

SPAM = LABEL_NAMES.index("spam")


def example(text: str, spam: int, *looks_like: str) -> Example:
    return Example(text, text, Situation(text), Provenance("test", text, "none"), {"spam": spam}, looks_like)


def test_kinds_are_counted_and_the_worst_come_first():
    rows = [example("missed", 1), example("found", 1), example("worse", 1), example("alike", 0, "spam"),
            example("other", 0), example("harmless", 0)]  # fmt: skip
    scores = np.zeros((len(rows), len(LABEL_NAMES)))
    scores[:, SPAM] = [0.3, 0.9, 0.1, 0.6, 0.5, 0.2]
    found = mistakes(rows, scores, {name: {"hold": 0.5, "reject": None} for name in LABEL_NAMES})
    assert [(one.label, one.kind, one.cases, one.wrong) for one in found] == [
        ("spam", "has it: missed", 3, 2),
        ("spam", "only looks like it: named", 1, 1),
        ("spam", "any other: named", 2, 1),
    ]
    assert found[0].worst == [("worse", 0.1), ("missed", 0.3)]
    assert found[2].worst == [("other", 0.5)]


def test_a_label_that_never_holds_names_nothing():
    rows = [example("a", 1), example("b", 0)]
    found = mistakes(
        rows, np.ones((2, len(LABEL_NAMES))), {name: {"hold": None, "reject": None} for name in LABEL_NAMES}
    )
    assert [(one.wrong, one.cases) for one in found] == [(1, 1), (0, 1)]
