"""A model that scores what a comment says it scores: the figures of a replay can be counted by hand."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from moderation.labels import LABEL_NAMES
from moderation.policy.reader import read_policy
from moderation.policy.rules import HOLD, UNJUDGED
from moderation.records import Archived, Comment, FiredRule, Situation, Verdict
from moderation.replay import judging
from moderation.threads.exports.places import Placed

FIRST = """
name = "first"
appear = "immediately"
says = "Comments appear at once."
[[rules]]
id = "attacks"
says = "No attacks."
label = "personal_attack"
hold = 0.5
reject = 0.9
[[rules]]
id = "shop"
says = "No shop talk."
pattern = '(?i)buy now'
action = "hold"
"""
SECOND = """
name = "second"
appear = "after moderation"
says = "Nothing appears before I have looked."
[[rules]]
id = "attacks"
says = "Attacks are deleted."
label = "personal_attack"
reject = 0.5
"""


class Oracle:
    """Scores `personal_attack=0.7 Some text` as 0.7, every other label as 0; `doubt` stands for what cannot be judged."""

    model = SimpleNamespace(
        name="oracle",
        about={"sha256": "1"},
        thresholds={name: {"hold": 0.5, "reject": 0.8} for name in LABEL_NAMES},
    )

    def judge(self, comments, places, *, spans):
        return [self._verdict(comment) for comment in comments]

    def _verdict(self, comment):
        doubt = comment.text.startswith("doubt")
        stated = {name: float(score) for name, score in re.findall(r"(\w+)=([\d.]+)", comment.text)}
        scores = {name: None if doubt else stated.get(name, 0.0) for name in LABEL_NAMES}
        rule = FiredRule(UNJUDGED, "-", None, None, None, HOLD, "cannot be judged: too short")
        return Verdict(comment.id, HOLD, HOLD, (rule,) if doubt else (), scores, (), "oracle", "none")


@pytest.fixture
def oracle(monkeypatch):
    """The model `oracle` in the place of any other."""
    monkeypatch.setattr(judging, "_load", lambda model: Oracle())


@pytest.fixture(scope="session")
def policies(tmp_path_factory):
    folder = tmp_path_factory.mktemp("policies")
    found = {}
    for name, text in (("first", FIRST), ("second", SECOND)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        found[name] = read_policy(folder / f"{name}.toml")
    return found


def placed(*comments: tuple[str, str | None]) -> list[Placed]:
    """Comments from texts and statuses, numbered from 1."""
    return [
        Placed(Archived(Comment(text, id=str(number), thread_id="t"), status=status), Situation(text))
        for number, (text, status) in enumerate(comments, start=1)
    ]


ARCHIVE = placed(
    ("A fine day.", "approved"),
    ("personal_attack=0.95 You clown.", "trash"),
    ("personal_attack=0.6 Oh, you would say so.", "approved"),
    ("personal_attack=0.9 You liar.", "approved"),
    ("Buy now!", "spam"),
    ("doubt", "held"),
    ("personal_attack=0.7 You fool.", None),
    ("Gone.", "deleted"),
)
