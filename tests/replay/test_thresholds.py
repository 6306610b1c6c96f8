"""Thresholds that meet a target."""

from __future__ import annotations

import numpy as np
import pytest

from moderation.errors import InputError
from moderation.labels import LABEL_NAMES
from moderation.replay.judging import STEPS
from moderation.replay.outcomes import STATUSES, place_of
from moderation.replay.shares import Share
from moderation.replay.thresholds import (
    AT,
    NOT_REACHABLE,
    REACHED,
    TOO_FEW,
    Target,
    curves_of,
    parse_target,
    thresholds_of,
)

ONE_IN_200 = Target(1 / 200, "1 in 200")
SPAM = LABEL_NAMES.index("spam")


def counted(**scores: list[tuple[float, int]]) -> np.ndarray:
    """Counts of comments by status, as `(score, how many)`, for the label spam."""
    counts = np.zeros((len(LABEL_NAMES), STEPS + 1, len(STATUSES)), dtype=np.int64)
    for status, rows in scores.items():
        for score, count in rows:
            counts[SPAM, round(score * STEPS), place_of(status)] += count
    return counts


@pytest.mark.parametrize(
    ("text", "share", "says"),
    [
        ("1 in 200", 0.005, "1 in 200"),
        ("No more than 1 in 200 good comments rejected", 0.005, "1 in 200"),
        ("3 in 1,000", 0.003, "3 in 1000"),
        (" 0.5% ", 0.005, "0.5%"),
        ("at most 2 %", 0.02, "2%"),
    ],
)
def test_a_target_in_words(text, share, says):
    found = parse_target(text)
    assert (found.share, found.says) == (pytest.approx(share), says)


@pytest.mark.parametrize(
    "text",
    ["", "200", "1 in 0", "0 in 200", "1 in 1", "2 in 1", "100%", "0%", "1.2.3%", ", in 5", "1 in 200; rm", "٣ in 9"],
)
def test_what_is_no_target_is_refused(text):
    with pytest.raises(InputError, match=r"target is .*, expected a share such as '1 in 200' or '0.5%'"):
        parse_target(text)


def test_the_lowest_threshold_that_meets_the_target():
    # Of 2,000 the interval of 3 ends at 0.44%, that of 4 at 0.51%: three good comments may be rejected.
    kept = [(0.1, 1_995), (0.9, 1), (0.91, 1), (0.92, 1), (0.93, 1), (0.94, 1)]
    scores = counted(approved=kept, spam=[(0.2, 4), (0.91, 3), (0.9101, 2)], trash=[(1.0, 1)], held=[(1.0, 500)])
    assert Share(3, 2_000).high <= 1 / 200 < Share(4, 2_000).high
    found = thresholds_of(scores, ONE_IN_200)[SPAM]
    assert found.answer == REACHED
    assert found.threshold == 0.9101, "one step above the fourth"
    assert found.good_rejected == Share(3, 2_000)
    assert found.caught == Share(3, 10)


def test_comments_that_score_alike_are_rejected_together():
    scores = counted(approved=[(0.1, 1_990), (0.9, 10)], spam=[(0.9, 5), (0.95, 1)])
    found = thresholds_of(scores, ONE_IN_200)[SPAM]
    assert (found.threshold, found.good_rejected, found.caught) == (0.9001, Share(0, 2_000), Share(1, 6))


def test_a_target_that_cannot_be_reached():
    found = thresholds_of(counted(approved=[(0.1, 1_900), (1.0, 100)]), ONE_IN_200)[SPAM]
    assert (found.answer, found.threshold) == (NOT_REACHABLE, None)
    assert found.good_rejected == Share(100, 2_000)


@pytest.mark.parametrize(("kept", "answer"), [(0, TOO_FEW), (50, TOO_FEW), (764, TOO_FEW), (765, REACHED)])
def test_one_in_200_cannot_be_told_from_50(kept, answer):
    found = thresholds_of(counted(approved=[(0.1, kept)], spam=[(0.9, 20)]), ONE_IN_200)[SPAM]
    assert (found.answer, found.needed) == (answer, 765)
    assert found.threshold == (0.1001 if answer == REACHED else None)


def test_a_laxer_target_needs_fewer():
    found = thresholds_of(counted(approved=[(0.1, 50)]), parse_target("1 in 10"))[SPAM]
    assert (found.answer, found.needed) == (REACHED, 35)


def test_curves_have_the_shares_at_each_threshold():
    curve = curves_of(counted(approved=[(0.1, 3), (0.6, 1)], trash=[(0.6, 1)], spam=[(1.0, 1)]))[SPAM]
    assert (curve.kept, curve.removed) == (4, 2)
    at = {point: (curve.kept_shares[place], curve.removed_shares[place]) for place, point in enumerate(AT)}
    assert at[0.0] == (1.0, 1.0)
    assert at[0.1] == (1.0, 1.0), "a threshold is reached by what equals it"
    assert at[0.105] == (0.25, 1.0)
    assert at[1.0] == (0.0, 0.5)
