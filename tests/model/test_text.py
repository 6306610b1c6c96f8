"""Words and where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.model.text import words


@pytest.mark.parametrize(
    "spelling",
    ["antisemitic", "Anti-Semitic", "anti semitic", "ANTI–SEMITIC", "antisemetic", "anti-semetic", "Antisimitic"],
)
def test_spellings_of_one_word_are_one_form(spelling):
    assert [word.form for word in words(spelling)] == ["antisemitic"]


def test_what_stands_for_itself():
    text = "You’re WRONG!!! @jo see https://a.example/x?y=1 and shop.example: 1,200 pounds 🤡"
    assert [word.form for word in words(text)] == [
        "you're", "wrong", "!!", "<user>", "see", "<url>", "and", "<url>", "<num>", "pounds", "🤡",
    ]  # fmt: skip


@given(st.text(max_size=200))
def test_words_stand_in_order_and_inside_the_text(text):
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert word.form
        end = word.end
