"""Cohen's kappa of two readers."""

from __future__ import annotations

import pytest

from moderation.examples import Judgement
from moderation.examples.agreement import agreement
from moderation.labels import LABEL_NAMES


def reader(values, label="spam"):
    return {str(row): Judgement(str(row), {} if value is None else {label: value}) for row, value in enumerate(values)}


def spam(first, second):
    return next(row for row in agreement(reader(first), reader(second)) if row.label == "spam")


def test_kappa_by_hand():
    """Cohen 1960: 6 of 8 equal, chance 0.5 * 0.5 + 0.5 * 0.5 = 0.5, so (0.75 - 0.5) / (1 - 0.5) = 0.5."""
    found = spam([1, 1, 1, 1, 0, 0, 0, 0], [1, 1, 1, 0, 1, 0, 0, 0])
    assert (found.rows, found.first, found.second, found.equal) == (8, 4, 4, 0.75)
    assert found.kappa == pytest.approx(0.5)


def test_rows_that_one_left_blank_do_not_count():
    assert spam([1, 0, None, 1], [1, 0, 1, None]) == spam([1, 0], [1, 0])


def test_one_answer_for_everything_has_no_kappa():
    found = spam([0, 0, 0], [0, 0, 0])
    assert (found.equal, found.kappa) == (1.0, None)


def test_nothing_in_common():
    found = agreement(reader([1]), {"elsewhere": Judgement("elsewhere", {"spam": 1})})
    assert [row.label for row in found] == list(LABEL_NAMES)
    assert {(row.rows, row.equal, row.kappa) for row in found} == {(0, None, None)}
