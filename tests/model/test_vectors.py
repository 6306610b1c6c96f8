from __future__ import annotations

import numpy as np
import pytest

from moderation.model.reading import read, stems_of
from moderation.model.vectors import WordVectors
from moderation.records import Situation
from moderation.text.tokens import tokenise

BINS = ("bins", "council", "collect", "rubbish", "lorry", "street")
CHOIR = ("choir", "concert", "soprano", "organ", "hymn", "cathedral")


def texts(repeat: int = 40) -> list[str]:
    random = np.random.default_rng(0)
    return [" ".join(random.permutation(words)) + f" {n}" for n in range(repeat) for words in (BINS, CHOIR)]


@pytest.fixture(scope="module")
def fitted() -> WordVectors:
    return WordVectors(2).fit(read([Situation(text) for text in texts()]))


def vector(fitted: WordVectors, text: str) -> np.ndarray:
    stems, owners = stems_of(tokenise([text]))
    return fitted.sums(stems, owners, np.ones(len(stems)), 1)[0]


def test_words_that_stand_together_point_the_same_way(fitted):
    bins, lorry, choir = (vector(fitted, word) for word in ("bins", "lorry", "choir"))
    assert bins @ lorry > 0.5
    assert bins @ choir < 0.1


def test_a_word_has_length_1_and_an_unseen_one_none(fitted):
    assert np.linalg.norm(vector(fitted, "council")) == pytest.approx(1, abs=1e-2)
    assert not vector(fitted, "submarine").any()
    assert not vector(fitted, "").any()


def test_a_copied_comment_teaches_once():
    once, thrice = ([Situation(text) for text in texts()] * times for times in (1, 3))
    assert (WordVectors(4).fit(read(once)).vectors_ == WordVectors(4).fit(read(thrice)).vectors_).all()


def test_few_words_are_no_fault():
    fitted = WordVectors(100).fit(read([Situation("bins")]))
    assert vector(fitted, "bins").shape == (100,)
    assert not vector(fitted, "bins").any()
