"""Situations -> the tokens of the comments and what is known of the texts around them."""

from __future__ import annotations

import numpy as np

from moderation.model.kept import OVERHEAD, Kept
from moderation.model.reading import read, shared
from moderation.records import Article, Situation
from moderation.text.lexicon import CLASSES


def classes_of(situation, word):
    tokens = read([situation]).tokens
    (index,) = [index for index in range(len(tokens)) if tokens.spelling(index) == word]
    return {name for bit, name in enumerate(CLASSES) if int(tokens.classes[index]) >> bit & 1}


def found_again(situation, kind):
    reading = read([situation])
    return int(shared(reading, kind).sum())


def test_what_surrounds_a_comment():
    article = Article("Bins every other week", "The council will empty the bins every other week.")
    situation = Situation("Empty the bins weekly, councillor!", "The bins smell.", article, ("I like trains.",))
    assert [found_again(situation, kind) for kind in ("parent", "title", "article", "thread")] == [2, 1, 4, 2]
    reading = read([situation, Situation("x"), Situation("y", "..."), Situation("z", article=Article("Bins"))])
    assert reading.has_surroundings.tolist() == [True, False, False, True]
    assert reading.around["parent"].tolist() == [0, -1, -1, -1], "a parent without a word is none"


def test_surroundings_without_a_stem_are_no_match():
    assert found_again(Situation("No, that is wrong.", "No."), "parent") == 0


def test_who_is_replied_to_is_a_you_when_named():
    situation = Situation(
        "Marlow, wake up, said Petra.", parent_author="marlow Jenkins", names=("Petra", "Marlow Jenkins")
    )
    assert "you" in classes_of(situation, "marlow")
    assert "they" in classes_of(situation, "petra")
    assert not classes_of(Situation("Marlow, wake up, said Petra."), "marlow")


def test_a_text_is_read_alike_whenever_it_recurs():
    rows = [Situation("Yes.", f"Parent number {n % 3} speaks."[: 20 + n % 3]) for n in range(12)]
    together = read(rows)
    for index, row in enumerate(rows):
        alone = read([row])
        place = together.places["parent"][together.around["parent"][index]]
        assert np.array_equal(place.stems, alone.places["parent"][0].stems)
        assert np.array_equal(place.classes, alone.places["parent"][0].classes)


def test_what_is_kept_of_texts_has_a_limit():
    kept = Kept(3 * OVERHEAD)
    kept.keep({"a": 1, "b": 2})
    assert kept.known({"a", "b", "c"}) == {"a": 1, "b": 2}
    kept.keep({"c" * OVERHEAD: 3})
    assert kept.known({"a", "c" * OVERHEAD}) == {"c" * OVERHEAD: 3}, "the others were forgotten"
    kept.keep({"d" * 4 * OVERHEAD: 4})
    assert kept.known({"d" * 4 * OVERHEAD}) == {}, "too much by itself"
