"""Counts -> the results of a replay: what a table, a page or a program shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from moderation.labels import LABEL_NAMES
from moderation.policy.rules import LabelRule, Policy
from moderation.replay.figures import Figures, figures_of
from moderation.replay.judging import Difference, rules_of
from moderation.replay.outcomes import OUTCOMES, STATUSES, Counts, with_outcome
from moderation.replay.tally import Tally, Way
from moderation.replay.thresholds import Curve, Target, Threshold, curves_of, thresholds_of
from moderation.scored import SCORE_DIGITS


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule of a policy did; a rule lets a comment pass, holds it or rejects it."""

    id: str
    says: str
    label: str | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class PolicyResult:
    """What a policy decided, and what the scores alone suggested under its thresholds.

    `after_moderation` says that nothing appears under it before somebody has looked: then only the suggestions tell what
    its rules about labels make of a comment. `rejects_from` has the threshold of each label that it rejects by itself.
    """

    name: str
    after_moderation: bool
    decisions: Figures
    suggestions: Figures
    rules: tuple[RuleResult, ...]
    rejects_from: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Differing:
    """A way in which the first two policies differ: `(decision, suggestion)` of each, how often, and some of the comments.

    `outcomes` counts the comments that the owner `kept`, `removed`, or of which it is `unknown`.
    """

    first: tuple[str, str]
    second: tuple[str, str]
    comments: int
    outcomes: Mapping[str, int]
    sample: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """What policies would have done with an archive. `statuses` counts its comments by status, "" for none.

    `differing` has the most frequent way first; it is empty where there is one policy only.
    """

    model: str
    comments: int
    statuses: Mapping[str, int]
    outcomes: Mapping[str, int]
    policies: tuple[PolicyResult, ...]
    differing: tuple[Differing, ...]
    target: Target
    thresholds: tuple[Threshold, ...]
    curves: tuple[Curve, ...]

    @property
    def known(self) -> int:
        """How many of the comments the owner kept or removed."""
        return self.comments - self.outcomes["unknown"]


def results_of(tally: Tally, policies: Mapping[str, Policy], model: str, target: Target) -> Replay:
    """Return the results of a tally of policies, by the names they are shown under, their thresholds filled in."""
    comments = tally.comments
    return Replay(
        model=model,
        comments=int(comments.sum()),
        statuses={status or "": count for status, count in zip(STATUSES, comments.tolist(), strict=True) if count},
        outcomes=_outcomes(comments),
        policies=tuple(_policy(tally, place, name, policy) for place, (name, policy) in enumerate(policies.items())),
        differing=tuple(_differing(tally, way) for way in sorted(tally.ways, key=lambda way: _often(tally, way))),
        target=target,
        thresholds=tuple(thresholds_of(tally.scores, target)),
        curves=tuple(curves_of(tally.scores)),
    )


def to_records(replay: Replay) -> Iterator[dict[str, Any]]:
    """Yield the results as JSON-ready objects; `kind` says what each is about: `archive`, `policy`, `rule`, `differing`,
    `comment` (one of those on which the policies differ) or `threshold`.
    """
    archive = {"comments": replay.comments, "statuses": {name or "none": n for name, n in replay.statuses.items()}}
    yield {"kind": "archive", "model": replay.model, **archive, "outcomes": dict(replay.outcomes)}
    for policy in replay.policies:
        figures = {"decisions": policy.decisions.to_dict(), "suggestions": policy.suggestions.to_dict()}
        yield {"kind": "policy", "policy": policy.name, "after_moderation": policy.after_moderation, **figures}
        for rule in policy.rules:
            own = {"rule": rule.id, "says": rule.says, "label": rule.label}
            counted = rule.figures.to_dict()
            del counted["agreement"]  # a rule that lets a comment pass has not decided on it
            yield {"kind": "rule", "policy": policy.name, **own, **counted}
    for differing in replay.differing:
        yield {"kind": "differing", **_sides(replay.policies, differing), **differing.outcomes}
        for one in differing.sample:
            scores = {name: None if score is None else round(score, SCORE_DIGITS) for name, score in one.scores.items()}
            yield {"kind": "comment", **asdict(one), "scores": scores}
    for found in replay.thresholds:
        shares = {"good_rejected": found.good_rejected.to_dict(), "caught": found.caught.to_dict()}
        said = {"target": replay.target.says, "answer": found.answer, "threshold": found.threshold}
        yield {"kind": "threshold", "label": found.label, **said, **shares, "needed": found.needed}


def _policy(tally: Tally, place: int, name: str, policy: Policy) -> PolicyResult:
    rules = zip(rules_of(policy), tally.fired[place], strict=True)
    return PolicyResult(
        name=name,
        after_moderation=policy.after_moderation,
        decisions=figures_of(tally.decisions[place]),
        suggestions=figures_of(tally.suggestions[place]),
        rules=tuple(RuleResult(rule.id, rule.says, rule.label, figures_of(counts)) for rule, counts in rules),
        rejects_from=_rejects_from(policy),
    )


def _rejects_from(policy: Policy) -> dict[str, float]:
    """The lowest threshold from which each label is rejected, in table order."""
    found = [(rule.label, rule.reject) for rule in policy.rules if isinstance(rule, LabelRule)]
    lowest = {name: [at for label, at in found if label == name and isinstance(at, float)] for name in LABEL_NAMES}
    return {name: min(at) for name, at in lowest.items() if at}


def _differing(tally: Tally, way: Way) -> Differing:
    counts = tally.ways[way]
    return Differing(way[:2], way[2:], int(counts.sum()), _outcomes(counts), tuple(tally.samples[way]))


def _outcomes(counts: Counts) -> dict[str, int]:
    return {outcome: int(with_outcome(counts, outcome)) for outcome in OUTCOMES}


def _often(tally: Tally, way: Way) -> tuple[int, Way]:
    return -int(tally.ways[way].sum()), way


def _sides(policies: Sequence[PolicyResult], differing: Differing) -> dict[str, Any]:
    sides = {"first": (policies[0].name, *differing.first), "second": (policies[1].name, *differing.second)}
    keys = ("policy", "decision", "suggestion")
    return {side: dict(zip(keys, said, strict=True)) for side, said in sides.items()} | {"comments": differing.comments}
