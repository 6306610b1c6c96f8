"""Tricks are looked for only where one may stand: what is found must be what looking everywhere finds."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moderation.text import normal, obfuscation
from moderation.text.edits import substitute
from moderation.text.fold import fold
from moderation.text.plain import suspects

TRICKY = st.text(st.sampled_from("aAbsidiotuckx013!@$|+*#_.-~^/% \n\t&;'\"(€•é"), max_size=30)


def _spelt(text: str) -> str:
    return normal._spell(text)[0]


def everywhere(text: str) -> str:
    marked, _ = substitute(normal._MARKED, normal._as_mark, text)
    return substitute(obfuscation._OBFUSCATED, obfuscation._plain, marked)[0]


@given(TRICKY)
@example("you i d i o t")
@example("(i d i o t)")
@example("i..d..i..o..t")
@example("see 4chan.org or http://x")
@example("a!1diot and sh!!t, stuuupid")
def test_looking_where_a_trick_may_stand_finds_what_looking_everywhere_does(text):
    folded, _ = fold(text)
    expected = _spelt(everywhere(folded))
    if "<" not in text and "&" not in text:
        assert normal.normalise(text).text == expected


@given(st.lists(TRICKY, max_size=6))
def test_a_text_is_read_alike_alone_and_among_others(texts):
    assert normal.normalise_all(texts) == [normal.normalise(text) for text in texts]


@pytest.mark.parametrize(
    "text", ["", "plain words, nothing else. yes, and more?", "it's one o'clock, say 12 people", "wow!"]
)
def test_plain_text_has_no_place_to_look_at(text):
    assert suspects([text]) == [[]]


@pytest.mark.parametrize("text", ["f*ck", "id.iot", "sh1t", "b!tch", "stuuupid", "www.x.com", "@jo", "i.d.i.o.t"])
def test_a_trick_has_one(text):
    assert suspects([text, "and"])[0]
