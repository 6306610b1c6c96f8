"""A comment passage by passage."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from moderation.model.passages import Features, borders, passages
from moderation.model.reading import Reader
from moderation.records import Situation


def read(text):
    return Reader().transform([Situation(text)])[0]


def test_sentences_are_passages_and_short_ones_join_the_next():
    reading = read("No. That is simply not true at all. You clown! The bus was late again, twice.")
    assert [part.text.strip() for part in passages(reading)] == [
        "No. That is simply not true at all.",
        "You clown! The bus was late again, twice.",
    ]


@given(st.text(alphabet="ab .!?\n", max_size=120))
def test_passages_partition_the_words(text):
    reading = read(text)
    found = borders(reading)
    assert found[0][0] == 0
    assert found[-1][1] == len(reading.words)
    assert all(one[1] == other[0] for one, other in itertools.pairwise(found))
    assert [word for part in passages(reading) for word in part.words] == reading.words


def test_taking_comments_takes_their_passages():
    features = Features(
        sparse.csr_array(np.arange(3.0)[:, None]), sparse.csr_array(np.arange(5.0)[:, None]), np.array([0, 0, 1, 2, 2])
    )
    part = features.take(np.array([0, 2]))
    assert part.whole.toarray().ravel().tolist() == [0, 2]
    assert part.passages.toarray().ravel().tolist() == [0, 1, 3, 4]
    assert part.owners.tolist() == [0, 0, 1, 1]
    assert part.strongest(np.array([5.0, 7.0, -1.0, -2.0])).tolist() == [7, -1]
