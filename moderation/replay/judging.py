"""Comments in their places -> what several policies would have done with each: scored once, judged by every policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moderation.errors import ModelError
from moderation.labels import LABEL_NAMES
from moderation.model.serving import load_named
from moderation.model.store import StoredModel
from moderation.moderator import Moderator
from moderation.policy.rules import HOLD, MODERATED, PUBLISH, REJECT, UNJUDGED, Policy, Ruling, judge
from moderation.records import Verdict
from moderation.replay.outcomes import place_of
from moderation.threads.exports.places import Placed

ACTIONS = (PUBLISH, HOLD, REJECT)
"""What can become of a comment, in the order in which counts are kept."""
STEPS = 10_000
"""Scores are counted in steps of a ten-thousandth, the finest threshold that is proposed."""

_EDGES = np.arange(STEPS + 1) / STEPS
_UNJUDGED_PREFIX = "cannot be judged: "


@dataclass(frozen=True, slots=True)
class Side:
    """What one policy says about a comment: the decision, what the scores alone suggest, and the ids of its rules."""

    decision: str
    suggestion: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A comment on which the first two policies differ, in what they decide or in what the scores suggest."""

    id: str | None
    thread: str | None
    status: str | None
    text: str
    first: Side
    second: Side
    scores: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Judged:
    """A chunk of comments, n of them, under several policies.

    `statuses` has places in `STATUSES`, shape (n,). `scores` are the steps a score has reached, -1 where there is none,
    shape (n, labels). `decisions` and `suggestions` have places in `ACTIONS`, shape (policies, n); `fired` the same for the
    rules of each policy, shape (rules, n), 0 where a rule did not fire.
    """

    statuses: NDArray[np.int8]
    scores: NDArray[np.int16]
    decisions: NDArray[np.int8]
    suggestions: NDArray[np.int8]
    fired: tuple[NDArray[np.int8], ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class RuleName:
    """A rule as a replay lists it; `label` is None for a rule about a fact."""

    id: str
    says: str
    label: str | None


def rules_of(policy: Policy) -> tuple[RuleName, ...]:
    """Return the rules of a policy, and those that every policy has: for what cannot be judged, and before moderation."""
    own = [RuleName(rule.id, rule.says, getattr(rule, "label", None)) for rule in policy.rules]
    last = [RuleName(MODERATED, policy.says, None)] if policy.after_moderation else []
    return (*own, RuleName(UNJUDGED, policy.unjudged, None), *last)


class Judging:
    """What is done to every chunk. The policies travel to another process, the model is loaded there, once.

    `digest` is that of the model where the job was made, None for whatever is found here.
    """

    def __init__(self, model: str, policies: Sequence[Policy], digest: str | None = None) -> None:
        self._model, self.policies, self._digest = model, tuple(policies), digest

    @property
    def model(self) -> StoredModel:
        """The model.

        Raises:
            ModelError: it cannot be loaded, or is not the one that was meant.
            UnknownNameError: there is none of that name.
        """
        return self._scoring.model

    @cached_property
    def _scoring(self) -> Moderator:
        return _load(self._model) if self._digest is None else _load_once(self._model, self._digest)

    def __call__(self, chunk: Sequence[Placed]) -> Judged:
        """Return what becomes of some comments."""
        policies = [policy.at(self.model.thresholds) for policy in self.policies]
        comments = [one.archived.comment for one in chunk]
        verdicts = self._scoring.judge(comments, [one.situation for one in chunk], spans=False)
        rulings = [
            [judge(policy, comment, verdict.scores, _doubt(verdict)) for policy in policies]
            for comment, verdict in zip(comments, verdicts, strict=True)
        ]
        return Judged(
            statuses=np.array([place_of(one.archived.status) for one in chunk], dtype=np.int8),
            scores=_steps(verdicts),
            decisions=_places(rulings, lambda ruling: ruling.decision),
            suggestions=_places(rulings, lambda ruling: ruling.suggestion),
            fired=tuple(_fired(policy, [row[place] for row in rulings]) for place, policy in enumerate(policies)),
            differences=tuple(
                _difference(one, row, verdict)
                for one, row, verdict in zip(chunk, rulings, verdicts, strict=True)
                if len({(ruling.decision, ruling.suggestion) for ruling in row[:2]}) > 1
            ),
        )

    def __reduce__(self) -> tuple[Callable[..., Judging], tuple[Any, ...]]:
        return Judging, (self._model, self.policies, self.model.about.get("sha256"))


def _load(model: str) -> Moderator:
    """The model under a policy without rules, which says of a comment no more than whether it can be judged."""
    return Moderator(load_named(model), Policy("none", "-", after_moderation=False, rules=()))


@lru_cache(maxsize=2)
def _load_once(model: str, digest: str) -> Moderator:
    """The same in another process, where every chunk asks for it."""
    found = _load(model)
    if found.model.about.get("sha256") != digest:
        raise ModelError(f"model {found.model.name!r} is another one in this process, expected the same")
    return found


def _doubt(verdict: Verdict) -> str | None:
    """Why a comment cannot be judged, None where it can."""
    return next((rule.reason.removeprefix(_UNJUDGED_PREFIX) for rule in verdict.rules if rule.id == UNJUDGED), None)


def _steps(verdicts: Sequence[Verdict]) -> NDArray[np.int16]:
    scores = np.array([[verdict.scores[name] for name in LABEL_NAMES] for verdict in verdicts], dtype=float)
    # The edges are the very numbers that a policy's thresholds are read as: a comment counts as they would treat it.
    steps = np.searchsorted(_EDGES, scores, side="right") - 1
    return np.where(np.isnan(scores), -1, steps).astype(np.int16)


def _places(rulings: Sequence[Sequence[Ruling]], of: Callable[[Ruling], str]) -> NDArray[np.int8]:
    return np.array([[ACTIONS.index(of(ruling)) for ruling in row] for row in rulings], dtype=np.int8).T


def _fired(policy: Policy, rulings: Sequence[Ruling]) -> NDArray[np.int8]:
    places = {rule.id: place for place, rule in enumerate(rules_of(policy))}
    table = np.zeros((len(places), len(rulings)), dtype=np.int8)
    for column, ruling in enumerate(rulings):
        for rule in ruling.rules:
            table[places[rule.id], column] = ACTIONS.index(rule.action)
    return table


def _difference(one: Placed, rulings: Sequence[Ruling], verdict: Verdict) -> Difference:
    comment = one.archived.comment
    first, second = (
        Side(ruling.decision, ruling.suggestion, tuple(rule.id for rule in ruling.rules)) for ruling in rulings[:2]
    )
    return Difference(
        comment.id, comment.thread_id, one.archived.status, comment.text, first, second, dict(verdict.scores)
    )
