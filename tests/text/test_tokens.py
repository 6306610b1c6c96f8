"""A batch of texts -> tokens."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.text.hashing import hash_of
from moderation.text.kinds import WORD
from moderation.text.lexicon import CLASSES, classes
from moderation.text.tokens import MIN_WORDS, count_links, tokenise

TEXTS = st.lists(st.text(max_size=60) | st.text(alphabet="ab'!?. ,1\n@é😀-", max_size=40), max_size=6)


def words(text):
    tokens = tokenise([text])
    return [tokens.spelling(index) for index in range(len(tokens))]


def classes_of(tokens, index):
    return tuple(name for bit, name in enumerate(CLASSES) if int(tokens.classes[index]) >> bit & 1)


def passages(text):
    tokens = tokenise([text])
    return [" ".join(tokens.spelling(i) for i in np.flatnonzero(tokens.passage == p)) for p in range(len(tokens.owner))]


def test_what_is_a_token():
    found = words("You’re WRONG!!! 1,200 pounds 🤡🤡 don't 'quote' rock'n'roll")
    assert found == ["you're", "wrong", "!!!", "1,200", "pounds", "🤡", "🤡", "don't", "quote", "rock'n'roll"]


def test_forms_that_mean_the_same_are_the_same():
    tokens = tokenise(["!!! !! 7 1,000 @jo @ann http://a.example www.b.example Jewish Muslim"])
    form = tokens.form.tolist()
    for first in range(0, 10, 2):
        assert form[first] == form[first + 1]
    assert len(set(form)) == 5


@given(TEXTS)
def test_tokens_stand_in_order_and_inside_their_texts(texts):
    tokens = tokenise(texts)
    before = [0] * len(texts)
    for index in range(len(tokens)):
        text = int(tokens.text[index])
        start, end = tokens.span(index)
        assert before[text] <= start < end <= len(texts[text])
        before[text] = start
    assert (np.diff(tokens.text) >= 0).all()
    assert tokens.first.tolist() == [int((tokens.text < text).sum()) for text in range(len(texts) + 1)]


@given(TEXTS)
def test_a_text_is_read_alike_alone_and_among_others(texts):
    together = tokenise(texts)
    for number, text in enumerate(texts):
        alone, own = tokenise([text]), slice(*together.first[number : number + 2])
        for name in ("form", "classes", "kind"):
            assert getattr(together, name)[own].tolist() == getattr(alone, name).tolist()
        assert (together.passage[own] - together.passage[own][:1]).tolist() == alone.passage.tolist()


@given(TEXTS)
def test_classes_are_those_of_the_lexicon(texts):
    tokens = tokenise(texts)
    for index in np.flatnonzero(tokens.kind == WORD).tolist():
        assert set(classes_of(tokens, index)) == classes(tokens.spelling(index))


@given(TEXTS)
def test_every_text_has_a_passage_and_every_token_is_in_one(texts):
    tokens = tokenise(texts)
    assert (np.diff(tokens.owner) >= 0).all()
    assert set(tokens.owner.tolist()) == set(range(len(texts)))
    assert (tokens.owner[tokens.passage] == tokens.text).all()
    sizes = np.bincount(tokens.passage, minlength=len(tokens.owner))
    several = np.bincount(tokens.owner, minlength=len(texts))[tokens.owner] > 1
    assert (sizes[several] >= MIN_WORDS).all()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fine by me and all. But you are a fool though.", ["fine by me and all", "but you are a fool though"]),
        ("No. Not at all, my dear friend.", ["no not at all my dear friend"]),
        ("I do agree with this! Thanks.", ["i do agree with this ! thanks"]),
        ("", [""]),
    ],
)
def test_sentences_are_passages(text, expected):
    assert passages(text) == expected


def test_hashes_are_of_the_characters_alone():
    tokens = tokenise(["a word here", "here a word"])
    assert tokens.form[0] == tokens.form[4] == hash_of("a")
    assert tokens.prefix(3, np.array([1])).tolist() == [hash_of("wor")]
    assert tokens.prefix(9, np.array([4, 1])).tolist() == [hash_of("a"), hash_of("word")]


def test_links_are_counted():
    assert count_links("see https://a.example/x, www.b.example and c.example, not d.exampleless") == 3
