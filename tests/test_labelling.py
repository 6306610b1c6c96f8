"""Which comment is next, and what undo does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.examples import Judgement
from moderation.labelling import KEYS, Session
from moderation.labels import LABEL_NAMES
from moderation.records import Example, Provenance, Situation


def rows(count, parent=None):
    return [
        Example(str(n), "t", Situation(f"Comment {n}.", parent), Provenance("c", str(n), "MIT")) for n in range(count)
    ]


def test_there_is_a_key_a_label():
    assert list(KEYS.values()) == list(LABEL_NAMES)


def test_a_draft_starts_with_no_and_with_blank_where_nothing_can_be_told():
    assert Session(rows(1, parent="p"), {}).draft == dict.fromkeys(LABEL_NAMES, 0)
    assert Session(rows(1), {}).draft == dict.fromkeys(LABEL_NAMES, 0) | {"off_topic": None}


def test_a_label_goes_from_no_to_yes_to_blank():
    session = Session(rows(1), {})
    seen = []
    for _ in range(4):
        seen.append(session.draft["spam"])
        session.toggle("spam")
    assert seen == [0, 1, None, 0]


def test_what_is_done_is_passed_over_and_kept():
    done = {"0": Judgement("0", {"spam": 1}), "elsewhere": Judgement("elsewhere")}
    session = Session(rows(3), done)
    assert session.current.id == "1"
    session.accept(2)
    assert list(session.judged) == ["0", "elsewhere", "1"]
    assert session.judged["1"].certainty == 2
    assert session.counted == (2, 3), "rows of another file do not count"
    session.accept(3)
    assert session.current is None


def test_exclusions_are_told_before_they_are_kept():
    session = Session(rows(1), {})
    session.toggle("on_topic_disagreement")
    assert session.conflict() is None
    session.toggle("spam")
    assert session.conflict() == ("on_topic_disagreement", "spam")


@given(st.lists(st.sampled_from(["accept", "skip", "undo", "toggle"]), max_size=40))
def test_undo_is_the_reverse_of_going_on(actions):
    session = Session(rows(4, parent="p"), {})
    trail = []
    for action in actions:
        if action == "undo":
            before = trail.pop() if trail else None
            assert session.undo() == (before is not None)
            if before is not None:
                assert session.current.id == before
                assert before not in session.judged
        elif session.current is not None and action == "toggle":
            session.toggle("abuse")
        elif session.current is not None:
            trail.append(session.current.id)
            session.accept(3) if action == "accept" else session.skip()
        assert session.counted == (len(session.judged), 4)


def test_undo_brings_the_labels_back_as_the_draft():
    session = Session(rows(2, parent="p"), {})
    session.toggle("spam")
    session.accept(3)
    assert session.undo()
    assert session.draft["spam"] == 1
    assert not session.undo()


@pytest.mark.parametrize("certainty", [1, 2, 3])
def test_a_blank_is_left_out_of_what_is_kept(certainty):
    session = Session(rows(1), {})
    session.accept(certainty)
    assert session.judged["0"] == Judgement("0", {name: 0 for name in LABEL_NAMES if name != "off_topic"}, certainty, 1)
