"""The table of different tokens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moderation.text import words as room
from moderation.text.kinds import WORD
from moderation.text.lexicon import CLASSES, classes
from moderation.text.tokens import tokenise
from moderation.text.words import CLASS_BIT, FACTS, Words

KEYS = st.lists(st.integers(0, 2**64 - 1), max_size=80)


def test_no_word_of_the_lexicon_has_more_classes_than_there_is_room_for():
    entries = {entry.rstrip(".") for listed in CLASSES.values() for entry in listed.split()}
    # Beginnings are entries too: no longer word can have more than the longest of them.
    assert max(len(classes(entry)) for entry in entries) + 2 <= room._MOST


@given(KEYS, KEYS)
def test_what_was_put_in_is_found_again_and_nothing_else(first, second):
    table = Words()
    for keys in (first, second):
        new = sorted(set(keys) - set(table._keys[: table.size].tolist()))
        table._grown(np.array(new, dtype=np.uint64))
    stored = table._keys[: table.size]
    assert table._look(stored).tolist() == list(range(table.size))
    others = np.array([key for key in range(100) if key not in set(stored.tolist())], dtype=np.uint64)
    assert (table._look(others) == -1).all()


def test_keys_that_want_the_same_place_are_told_apart(monkeypatch):
    monkeypatch.setattr(room, "_MULTIPLIER", np.uint64(1))
    table = Words()
    # All want the last place but two, so that they also go round the end.
    keys = np.arange(40, dtype=np.uint64) + np.uint64((len(table._slots) - 2) << 54)
    assert set(table._slot(keys).tolist()) == {len(table._slots) - 2}
    rows = table._grown(keys)
    assert table._look(keys).tolist() == list(range(table.size))[rows]


def test_a_word_is_known_wherever_it_stands():
    first, second = tokenise(["Liar! You liar."]), tokenise(["What a LIAR"])
    assert first.word[0] == first.word[3] == second.word[-1]
    row = int(second.word[-1])
    assert first.words.codes[slice(*first.words.letters[row].tolist())].tobytes().decode("utf-32-le") == "liar"
    assert [FACTS[fact] for fact in np.flatnonzero(first.words.facts[row])] == ["word", "strong"]


def test_a_name_is_of_one_more_class_and_keeps_its_letters():
    tokens = tokenise(["Hazel was wrong"])
    before, classes_before = int(tokens.word[0]), int(tokens.classes[0])
    tokens.also(np.array([0]), CLASS_BIT["they"])
    after, table = int(tokens.word[0]), tokens.words
    assert after != before
    assert int(table.classes[after]) == int(tokens.classes[0]) == classes_before | int(CLASS_BIT["they"])
    assert table.letters[after].tolist() == table.letters[before].tolist()
    assert table.stem[after] == table.stem[before] != 0
    again = tokenise(["Hazel"])
    again.also(np.array([0]), CLASS_BIT["they"])
    assert again.word[0] == after


def test_facts_are_counted():
    facts = tokenise(["You liar!!! Why? See www.x.example, @jo", "", "I told you, you anti-semite"]).facts()
    counts = {fact: facts[:, FACTS.index(fact)].tolist() for fact in FACTS}
    assert counts["you"] == [1, 0, 2]
    assert (counts["shout"], counts["ask"]) == ([1, 0, 0], [1, 0, 0])
    assert (counts["address"], counts["handle"]) == ([1, 0, 0], [1, 0, 0])
    assert counts["strong"] == [1, 0, 0]
    assert counts["antisemitic"] == [0, 0, 1]
    assert counts["word"] == [4, 0, 5]


def test_a_full_table_is_replaced_and_the_old_one_still_works(monkeypatch):
    old = tokenise(["something else entirely"])
    monkeypatch.setattr(room, "_words", old.words)
    monkeypatch.setattr(room, "_ROOM", 1)
    new = tokenise(["something else entirely"])
    assert new.words is not old.words
    assert new.form.tolist() == old.form.tolist() == old.words.form[old.word].tolist()


def test_threads_fill_one_table_together():
    texts = [[f"w{number}x{part} and w{number}" for number in range(300)] for part in range(8)]
    expected = [tokenise(part).form.tolist() for part in texts]
    room._words = Words()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(tokenise, texts))
    assert [tokens.form.tolist() for tokens in found] == expected
    keys = room._words._keys[: room._words.size].tolist()
    assert len(keys) == len(set(keys))
    assert all((tokens.kind[tokens.words.stem[tokens.word] != 0] == WORD).all() for tokens in found)


def test_letters_fill_a_table_too(monkeypatch):
    old = tokenise(["w" * 5000])
    monkeypatch.setattr(room, "_words", old.words)
    monkeypatch.setattr(room, "_LETTERS", 4999)
    assert tokenise(["short"]).words is not old.words
