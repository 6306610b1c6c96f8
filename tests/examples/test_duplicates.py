"""Near-duplicates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.examples import duplicates
from moderation.examples.duplicates import SIMILAR, groups, near_duplicates

TEXT = "the council has voted to close the library on tuesday and nobody was asked about it at all"


def pairs(*texts):
    return near_duplicates(texts).tolist()


def test_copies_are_found_whatever_their_case_marks_and_spaces():
    assert pairs(TEXT, "other words that have nothing to do with it", TEXT.upper().replace(" ", ",  ") + "!!!") == [
        [0, 2]
    ]


def test_a_word_more_is_still_a_copy_and_half_is_none():
    assert pairs(TEXT, TEXT + " folks", " ".join(TEXT.split()[:9])) == [[0, 1]]


def test_short_commonplaces_are_no_copies():
    assert pairs("I love this song", "I love this song", "So do I, love this song!") == []


def test_nothing_and_one_thing():
    assert pairs() == []
    assert pairs(TEXT) == []
    assert pairs("", "", "!?", "!?") == []


def test_other_scripts_are_words_too():
    hebrew = "הספרייה נסגרת ביום שלישי ואיש לא נשאל על כך בכלל"
    assert pairs(hebrew, TEXT, hebrew + " !") == [[0, 2]]


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", "g"]), max_size=12).map(" ".join)


@given(st.lists(WORDS, max_size=12))
def test_it_is_the_jaccard_index_of_shingles(texts):
    def shingles(text):
        words = text.split()
        return (
            {tuple(words[at : at + 3]) for at in range(len(words) - 2)} if len(words) >= duplicates.MIN_WORDS else set()
        )

    expected = []
    for left in range(len(texts)):
        for right in range(left + 1, len(texts)):
            one, other = shingles(texts[left]), shingles(texts[right])
            if one and other and len(one & other) / len(one | other) >= SIMILAR:
                expected.append([left, right])
    assert near_duplicates(texts).tolist() == expected


def test_blocks_do_not_change_the_pairs(monkeypatch):
    texts = [TEXT, "something else entirely that is long enough", TEXT + " x", TEXT + " y"] * 2
    expected = near_duplicates(texts).tolist()
    monkeypatch.setattr(duplicates, "_BLOCK", 3)
    assert near_duplicates(texts).tolist() == expected
    assert len(expected) == 16


@pytest.mark.parametrize(
    ("links", "expected"),
    [([], [0, 1, 2, 3]), ([[0, 2]], [0, 1, 0, 2]), ([[0, 2], [2, 3]], [0, 1, 0, 0])],
)
def test_groups_join_what_is_linked(links, expected):
    found = groups(4, np.array(links, dtype=np.intp).reshape(-1, 2))
    assert found.tolist() == expected
