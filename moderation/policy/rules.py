"""Scores + comment -> verdict. Pure: no files, no clock, no model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from moderation.records import Comment, FiredRule

PUBLISH, HOLD, REJECT = "publish", "hold", "reject"
MODERATED = "moderated"
"""Id of the rule that fires where comments appear only after moderation."""
UNJUDGED = "unjudged"
"""Id of the rule that fires where the model cannot judge a comment."""
MODEL = "model"
"""In place of a threshold: the one that was set when the model was made."""

_SEVERITY = {PUBLISH: 0, HOLD: 1, REJECT: 2}

Scores = Mapping[str, float | None]


class Rule(Protocol):
    """One sentence of the blog's comment policy: `fire` answers with the fired rule, or None where it does not apply."""

    @property
    def id(self) -> str: ...

    @property
    def says(self) -> str: ...

    def fire(self, comment: Comment, scores: Scores) -> FiredRule | None: ...


@dataclass(frozen=True, slots=True)
class LabelRule:
    """Fires on the score of a label: from `hold` on it holds, from `reject` on it rejects; None never does.

    `MODEL` stands for the threshold that was set when the model was made; `Policy.at` puts the number in its place.
    """

    id: str
    says: str
    label: str
    hold: float | str | None
    reject: float | str | None

    def at(self, thresholds: Mapping[str, float | None]) -> LabelRule:
        """Return the rule with the model's thresholds of its label, `hold` and `reject`, where it asks for them."""
        hold = thresholds["hold"] if self.hold == MODEL else self.hold
        return replace(self, hold=hold, reject=thresholds["reject"] if self.reject == MODEL else self.reject)

    def fire(self, comment: Comment, scores: Scores) -> FiredRule | None:
        score = scores.get(self.label)
        if score is None:
            return None
        for action, threshold in ((REJECT, self.reject), (HOLD, self.hold)):
            if isinstance(threshold, float) and score >= threshold:
                reason = f"{self.label} scores {score:.2f}, {action} from {threshold:.2f}"
                return FiredRule(self.id, self.says, self.label, score, threshold, action, reason)
        return None


@dataclass(frozen=True, slots=True)
class RegisteredRule:
    """Fires when the author is not registered, or when nobody knows; an action of None lets that case pass."""

    id: str
    says: str
    when_false: str | None
    when_unknown: str | None

    def fire(self, comment: Comment, scores: Scores) -> FiredRule | None:
        registered = comment.author.registered if comment.author else None
        if registered:
            return None
        action = self.when_unknown if registered is None else self.when_false
        reason = "it is not known whether the author is registered" if registered is None else "author not registered"
        return None if action is None else _fact(self, action, reason)


@dataclass(frozen=True, slots=True)
class CountRule:
    """Fires when a comment has more of something than `most`: `count` says how many it has."""

    id: str
    says: str
    fact: str
    most: int
    action: str
    count: Callable[[str], int]

    def fire(self, comment: Comment, scores: Scores) -> FiredRule | None:
        found = self.count(comment.text)
        if found <= self.most:
            return None
        return _fact(self, self.action, f"{self.fact}: {found}, at most {self.most}")


class Pattern(Protocol):
    """A compiled pattern that searches in time linear in the text."""

    def search(self, text: str) -> object: ...


@dataclass(frozen=True, slots=True)
class PatternRule:
    """Fires when a pattern occurs in the text."""

    id: str
    says: str
    pattern: Pattern
    action: str

    def fire(self, comment: Comment, scores: Scores) -> FiredRule | None:
        found = self.pattern.search(comment.text)
        return _fact(self, self.action, "the text has words that the rule names") if found else None


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of a blog, and whether comments appear at once or only after somebody has looked (`says` quotes that).

    `unjudged` says what happens to comments that the model cannot judge.
    """

    name: str
    says: str
    after_moderation: bool
    rules: tuple[Rule, ...]
    unjudged: str = "Comments that cannot be judged wait until somebody has looked at them."

    def at(self, thresholds: Mapping[str, Mapping[str, float | None]]) -> Policy:
        """Return the policy with a model's thresholds, label by label, where its rules ask for them."""
        rules = tuple(rule.at(thresholds[rule.label]) if isinstance(rule, LabelRule) else rule for rule in self.rules)
        return replace(self, rules=rules)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a policy says about a comment: the decision, what the scores alone suggest, and the rules that fired."""

    decision: str
    suggestion: str
    rules: tuple[FiredRule, ...]


def judge(policy: Policy, comment: Comment, scores: Scores, doubt: str | None = None) -> Ruling:
    """Return the ruling: the most severe action of the rules that fired; nothing is published before moderation.

    `doubt` is why the comment cannot be judged: then it has no scores, and a person reads it.
    """
    fired = [found for rule in policy.rules if (found := rule.fire(comment, scores)) is not None]
    suggestion = most_severe([rule.action for rule in fired if rule.label is not None])
    if doubt is not None:
        fired.append(FiredRule(UNJUDGED, policy.unjudged, None, None, None, HOLD, f"cannot be judged: {doubt}"))
        suggestion = HOLD
    if policy.after_moderation:
        reason = "comments appear only after moderation"
        fired.append(FiredRule(MODERATED, policy.says, None, None, None, HOLD, reason))
    return Ruling(most_severe([rule.action for rule in fired]), suggestion, tuple(fired))


def most_severe(actions: Sequence[str]) -> str:
    """Return reject if any action is, else hold if any is, else publish."""
    return max(actions, key=_SEVERITY.__getitem__, default=PUBLISH)


def _fact(rule: Rule, action: str, reason: str) -> FiredRule:
    return FiredRule(rule.id, rule.says, None, None, None, action, reason)
