"""The label table."""

from __future__ import annotations

import pytest

from moderation.errors import RecordError, UnknownNameError
from moderation.labels import LABEL_NAMES, LABELS, check_label, known_labels
from tests.conftest import ROOT


def test_the_six_labels_in_order():
    assert LABEL_NAMES == (
        "personal_attack", "antisemitism_accusation", "on_topic_disagreement", "abuse", "spam", "off_topic",
    )  # fmt: skip


def test_the_guide_asks_the_same_questions():
    guide = " ".join((ROOT / "seeds" / "README.md").read_text(encoding="utf-8").split())
    for label in LABELS.values():
        assert f"`{label.name}` - {label.question}" in guide


def test_unknown_is_not_absent():
    assert known_labels({"spam": 1, "abuse": None, "off_topic": 0}) == {"spam": 1, "off_topic": 0}


def test_an_unknown_label_suggests_the_nearest():
    with pytest.raises(UnknownNameError, match=r"unknown label 'personal-atack'.*did you mean 'personal_attack'"):
        check_label("personal-atack", "mine.jsonl:3")
    with pytest.raises(UnknownNameError, match=r"^mine\.jsonl:3: "):
        known_labels({"oftopic": 1}, "mine.jsonl:3")


@pytest.mark.parametrize("value", [2, "1", 0.5, [1]])
def test_a_label_is_0_1_or_null(value):
    with pytest.raises(RecordError, match="expected 0, 1 or null"):
        known_labels({"spam": value})
