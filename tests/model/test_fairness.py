"""Subgroup AUC, BPSN and BNSP."""

from __future__ import annotations

import numpy as np
import pytest

from moderation.model.fairness import fairness

TEXTS = ["a gay man", "a gay fool", "a deaf man", "a deaf fool", "a kind man", "a plain fool"]
BAD = np.array([0, 1, 0, 1, 0, 1])


def by_term(scores):
    found = fairness(TEXTS, BAD, np.array(scores))
    return found, {one.term: one for one in found.terms}


def test_a_fair_score_has_no_gap():
    found, terms = by_term([0.1, 0.9, 0.1, 0.9, 0.1, 0.9])
    assert found.overall == 1
    assert found.widest_gap == 0
    assert set(terms) == {"gay", "deaf"}
    assert terms["gay"].rows == 2


def test_a_term_that_raises_scores_has_a_low_bpsn():
    found, terms = by_term([0.8, 0.95, 0.1, 0.7, 0.1, 0.7])
    assert terms["gay"].subgroup == 1
    assert terms["gay"].bpsn == 0, "its harmless sentence scores above every bad one of the others"
    assert terms["gay"].bnsp == 1
    assert found.widest_gap == pytest.approx(found.overall)


def test_a_term_that_lowers_scores_has_a_low_bnsp():
    _, terms = by_term([0.01, 0.05, 0.1, 0.7, 0.1, 0.7])
    assert terms["gay"].bnsp == 0
    assert terms["gay"].bpsn == 1


def test_a_longer_term_is_not_the_shorter_one_inside_it():
    texts = ["an african american man", "an african american fool", "an american man", "an american fool"]
    found = fairness(texts, np.array([0, 1, 0, 1]), np.array([0.1, 0.9, 0.1, 0.9]))
    assert {one.term: one.rows for one in found.terms} == {"african american": 2, "american": 2}
