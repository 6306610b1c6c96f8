"""Shares and their intervals."""

from __future__ import annotations

import numpy as np
import pytest

from moderation.replay.shares import Share, needed, upper_ends


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (3, 4, 0.3006, 0.9544),  # Wilson's interval by any table
        (0, 50, 0.0, 0.0713),
        (50, 50, 0.9287, 1.0),
        (1500, 2000, 0.7306, 0.7685),
    ],
)
def test_the_interval_is_wilsons(hits, of, low, high):
    share = Share(hits, of)
    assert share.value == hits / of
    assert (share.low, share.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_nothing_says_nothing():
    assert Share(0, 0).to_dict() == {"hits": 0, "of": 0, "share": None, "low": 0.0, "high": 1.0}


def test_three_of_four_is_not_three_thousand_of_four_thousand():
    few, many = Share(3, 4), Share(3_000, 4_000)
    assert few.value == many.value
    assert few.high - few.low > 20 * (many.high - many.low)


def test_many_ends_are_those_of_each():
    hits = np.array([0, 1, 7, 20])
    assert upper_ends(hits, 20).tolist() == [Share(count, 20).high for count in hits.tolist()]


def test_how_many_it_takes_to_tell():
    least = needed(1 / 200)
    assert least == 765
    assert Share(0, least).high <= 1 / 200 < Share(0, least - 1).high
