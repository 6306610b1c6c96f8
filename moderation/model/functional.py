"""The functional suite: cases that each ask one thing of a model, one file a functionality (as in Röttger et al. 2021).

A case is one JSON line in `seeds/functional/NAME.jsonl`: `{"id", "text", "parent", "article": {"title", "text"}, "label",
"expected", "group", "plain", "note"}`. It is about one label, `expected` is 1 or 0, `group` the identity it names; an
obfuscated case names its `plain` form. The suite is never trained on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.pipeline import Pipeline

from moderation.errors import InputError
from moderation.labels import LABEL_NAMES, check_label
from moderation.model.evaluation import Thresholds
from moderation.paths import seeds
from moderation.records import Article, Situation

FOLDER = "functional"


@dataclass(frozen=True, slots=True)
class Case:
    """A comment, the label it is about, and what a right model answers."""

    id: str
    situation: Situation
    label: str
    expected: int
    group: str | None
    plain: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A case, its score, and whether the label was named: the score reached the threshold from which comments are held."""

    case: Case
    score: float
    named: bool

    @property
    def right(self) -> bool:
        """Whether it was named if and only if it should be."""
        return self.named == bool(self.case.expected)


def read_suite(folder: Path | None = None) -> dict[str, list[Case]]:
    """Return the cases of each functionality, by name; those shipped where no folder is given.

    Raises:
        InputError: the folder has no cases, or a line is no case; the message has file and line.
    """
    folder = folder or seeds() / FOLDER
    suite = {path.stem: _read(path) for path in sorted(folder.glob("*.jsonl"))}
    if not suite:
        raise InputError(f"{folder}: has no *.jsonl, expected the cases of a functional suite")
    return suite


def _read(path: Path) -> list[Case]:
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            raw = json.loads(line)
            place = raw["article"]
            article = Article(place.get("title"), place.get("text")) if place else None
            situation = Situation(raw["text"], raw["parent"], article)
            label = check_label(raw["label"], where)
            cases.append(Case(raw["id"], situation, label, int(raw["expected"]), raw["group"], raw["plain"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{where}: is no case of a functional suite ({type(error).__name__}: {error})") from None
    return cases


def answers(pipeline: Pipeline, suite: Mapping[str, Sequence[Case]], thresholds: Thresholds) -> dict[str, list[Answer]]:
    """Return what a model answers to each case, by functionality."""
    every = [case for cases in suite.values() for case in cases]
    scores = pipeline.predict_proba([case.situation for case in every])
    made = {}
    for case, row in zip(every, scores.tolist(), strict=True):
        score, hold = row[LABEL_NAMES.index(case.label)], thresholds[case.label]["hold"]
        made[case.id] = Answer(case, score, hold is not None and score >= hold)
    return {name: [made[case.id] for case in cases] for name, cases in suite.items()}


def pass_rates(found: Mapping[str, Sequence[Answer]]) -> dict[str, float]:
    """Return the share of cases answered right, by functionality."""
    return {name: right_share(part) for name, part in found.items()}


def worst_mistakes(found: Mapping[str, Sequence[Answer]]) -> dict[str, tuple[str, float]]:
    """Return text and score of the case that was answered most wrongly, by functionality; none where all are right."""
    worst = {}
    for name, part in found.items():
        wrong = [one for one in part if not one.right]
        if wrong:
            one = max(wrong, key=lambda one: abs(one.case.expected - one.score))
            worst[name] = (one.case.situation.text, one.score)
    return worst


def right_share(found: Sequence[Answer]) -> float:
    """Return the share of cases answered right."""
    return sum(one.right for one in found) / len(found)


def by_group(found: Sequence[Answer]) -> dict[str, float]:
    """Return the share of cases in which the label was named, by the identity that a case names."""
    groups = sorted({one.case.group for one in found if one.case.group})
    named = {group: [one.named for one in found if one.case.group == group] for group in groups}
    return {group: sum(part) / len(part) for group, part in named.items()}


def obfuscation_rate(found: Sequence[Answer]) -> float | None:
    """Return the share of obfuscated cases named, as a ratio to that of their plain forms; None if no plain one is named."""
    plain = {one.case.id: one.named for one in found if one.case.plain is None}
    hidden = [one for one in found if one.case.plain is not None]
    # Each plain form counts as often as it was obfuscated.
    caught = sum(plain[str(one.case.plain)] for one in hidden)
    return sum(one.named for one in hidden) / caught if caught else None
