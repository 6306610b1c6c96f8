"""Tricks are looked for only where one may stand: what is found must be what looking everywhere finds."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moderation.text import marks, normal, obfuscation
from moderation.text.edits import substitute
from moderation.text.fold import fold
from moderation.text.plain import suspects

TRICKY = st.text(st.sampled_from("aAbsidiotuckx013!@$|+*#_.-~^/% \n\t&;'\"(€•éqwm"), max_size=30)


def everywhere(text: str) -> str:
    marked, _ = substitute(marks._MARKED, marks._as_mark, text)
    revealed, _ = substitute(obfuscation._OBFUSCATED, obfuscation._plain, marked)
    return substitute(normal._SPELLINGS, normal._spelling, revealed)[0]


@given(TRICKY)
@example("you i d i o t")
@example("i d i o t")
@example("(i d i o t)")
@example("i..d..i..o..t")
@example("see 4chan.org or http://x")
@example("a!1diot and sh!!t, stuuupid")
@example("1q!! and 2•!q!!")
@example("www.1x a.bc x.com no.common @é @_ a@b é@b")
@example("s--- f-u.ck y.o.u.i.d.i.o.t left-wing b*tches-2 non-m0ron")
@example("anti-semite, anti  semitism and an african-american")
def test_looking_where_a_trick_may_stand_finds_what_looking_everywhere_does(text):
    folded, _ = fold(text)
    if "<" not in text and "&" not in text:
        assert normal.normalise(text).text == everywhere(folded)


@given(st.lists(st.text(st.sampled_from("antisem -mid\nlergc"), max_size=40), max_size=4))
@example(["an anti", "semitic one", "-semite anti", "middle", "aged", "asian", "american"])
def test_spellings_do_not_reach_from_one_text_into_the_next(texts):
    assert [one.text for one in normal.normalise_all(texts)] == [everywhere(fold(text)[0]) for text in texts]


@given(st.lists(TRICKY, max_size=6))
def test_a_text_is_read_alike_alone_and_among_others(texts):
    assert list(normal.normalise_all(texts)) == [normal.normalise(text) for text in texts]


def looked_at(text: str) -> list[str]:
    joined = f"\n{text}\n"
    return [joined[start:end] for start, end in zip(*(places.tolist() for places in suspects(joined)), strict=True)]


@pytest.mark.parametrize(
    "text", ["", "plain words, nothing else. yes, and more?", "it's one o'clock, say 12 people", "wow!"]
)
def test_plain_text_has_no_place_to_look_at(text):
    assert looked_at(text) == []


@pytest.mark.parametrize("word", ["f*ck", "id.iot", "sh1t", "b!tch", "stuuupid", "www.x.com", "@jo", "i.d.i.o.t"])
def test_a_trick_has_one(word):
    assert looked_at(f"and {word} so") == [word]


def test_single_letters_with_spaces_between_them_are_places_to_look_at():
    assert looked_at("so you i d i o t! and f*ck") == ["you i d i o t!", "f*ck"]
