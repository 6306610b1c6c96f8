"""Every fault is found, and a good set has none."""

from __future__ import annotations

import pytest

from moderation.examples import Judgement, splits
from moderation.examples.checks import faults, faults_of_labels
from moderation.records import Article, Example, Provenance, Situation

LONG = "the same long comment was pasted here and there by somebody who had nothing better to do"


def row(name, text=None, thread="t", labels=None, looks_like=(), pair=None, **place):
    situation = Situation(text or f"Comment {name}.", **place)
    return Example(
        name, thread, situation, Provenance("c", name, "MIT"), labels or {"spam": 0}, tuple(looks_like), pair
    )


@pytest.fixture(autouse=True)
def fixed(monkeypatch):
    monkeypatch.setattr(splits, "_fixed", lambda: {"t": "train", "u": "test", "kept-back": "withheld"})


def test_a_good_set_has_no_fault():
    place = {"article": Article("Bins"), "parent": "Late again."}
    assert faults([]) == []
    assert (
        faults(
            [
                row("a", "Not true.", labels={"on_topic_disagreement": 1, "spam": 0}, pair="b", **place),
                row("b", "Liar.", labels={"personal_attack": 1, "on_topic_disagreement": 0}, pair="a", **place),
                row("c", LONG, looks_like=["spam"]),
                row("d", LONG + " too", labels={"abuse": 0}),
                row("kept-back", LONG, thread="u"),
            ]
        )
        == []
    )


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([row("a"), row("a", "Other.")], "a: stands twice, expected each id once"),
        (
            [row("a", labels={"on_topic_disagreement": 1, "abuse": 1})],
            "a: on_topic_disagreement stands beside abuse, expected one of them (see the guide)",
        ),
        ([row("a", labels={"spam": 1}, looks_like=["spam"])], "a: looks like spam, expected the label to be 0 there"),
        ([row("a", "Same.", labels={"spam": 1}), row("b", " same. ")], "b: spam is 0, but 1 in its copy a"),
        (
            [row("a", "Same."), row("b", "Same.", labels={"abuse": 1}), row("c", "Same.", labels={"abuse": 0})],
            "c: abuse is 0, but 1 in its copy b",
        ),
        ([row("a", pair="b")], "a: its pair b is missing or names another, expected each to name the other"),
        (
            [row("a", pair="b", labels={"spam": 1}), row("b", pair="c"), row("c", pair="b", labels={"spam": 1})],
            "a: its pair b is missing or names another, expected each to name the other",
        ),
        (
            [row("a", pair="b"), row("b", pair="a")],
            "a: has the labels of its pair b, expected at least one that differs",
        ),
        (
            [row("a", pair="b"), row("b", pair="a", thread="v", labels={"spam": 1})],
            "a: is in another thread than its pair b, expected the same",
        ),
        (
            [row("a", LONG), row("b", LONG + " too", thread="u")],
            "b: is in test, but its near-duplicate a in train; `moderation examples splits` keeps them together",
        ),
    ],
)
def test_each_fault_is_said_in_one_line(rows, fault):
    assert faults(rows)[0] == fault


def test_the_same_words_in_another_place_may_be_judged_otherwise():
    assert (
        faults([row("a", "Rubbish.", labels={"abuse": 1}), row("b", "Rubbish.", labels={"abuse": 0}, parent="Bins?")])
        == []
    )


def test_a_label_file_shows_its_faults_without_the_text():
    judged = [Judgement("1", {"on_topic_disagreement": 1, "spam": 1}), Judgement("2", {"on_topic_disagreement": 1})]
    assert faults_of_labels("c.csv", judged) == [
        "c.csv: row 1: on_topic_disagreement stands beside spam, expected one of them (see the guide)"
    ]
