"""Two models on the same comments: is the new one worse than the one that serves?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sklearn.pipeline import Pipeline

from moderation.model.classifier import thresholds_of
from moderation.model.evaluation import LabelMetrics, evaluate
from moderation.model.functional import Case, answers, pass_rates, right_share
from moderation.records import Example

MIN_EACH = 5
"""Held-out comments of each kind on which one label's ROC AUC can be compared at all."""
TOLERATED_AUC = 0.01
"""How much lower the ROC AUC of a label may be on the owner's held-out threads: less is chance on some hundred comments."""
TOLERATED_RATE = 0.01
"""How much lower the share of right answers in the whole functional suite may be."""
TOLERATED_FUNCTIONALITY = 0.10
"""How much lower it may be in one functionality: 4 of its 40 cases."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures of two models, and in what the second one is worse, a sentence each; none where it is not.

    `held_out` counts the owner's comments they were measured on; `before` and `after` are their figures by label, `rates`
    the shares of right answers by functionality, before and after.
    """

    held_out: int
    before: Sequence[LabelMetrics]
    after: Sequence[LabelMetrics]
    rates: dict[str, tuple[float, float]]
    objections: tuple[str, ...]


def compare(before: Pipeline, after: Pipeline, held_out: Sequence[Example], suite: dict[str, list[Case]]) -> Comparison:
    """Return how a model does beside another one, on an owner's held-out comments and on a functional suite."""
    measured, measured_after = (evaluate(each, held_out, thresholds_of(each)) for each in (before, after))
    objections = []
    for old, new in zip(measured, measured_after, strict=True):
        enough = min(old.positive, old.judged - old.positive) >= MIN_EACH
        if enough and old.roc_auc and new.roc_auc and new.roc_auc < old.roc_auc - TOLERATED_AUC:
            objections.append(
                f"{old.label}: ROC AUC {new.roc_auc:.3f} on {old.judged} held-out comments of yours, "
                f"the model in force has {old.roc_auc:.3f}"
            )
    found = [answers(pipeline, suite, thresholds_of(pipeline)) for pipeline in (before, after)]
    totals = [right_share([one for part in each.values() for one in part]) for each in found]
    if totals[1] < totals[0] - TOLERATED_RATE:
        objections.append(f"functional suite: {totals[1]:.1%} right, the model in force has {totals[0]:.1%}")
    old_rates, new_rates = (pass_rates(each) for each in found)
    for name, rate in new_rates.items():
        if rate < old_rates[name] - TOLERATED_FUNCTIONALITY:
            objections.append(
                f"functional suite, {name}: {rate:.0%} right, the model in force has {old_rates[name]:.0%}"
            )
    rates = {name: (old_rates[name], rate) for name, rate in new_rates.items()}
    return Comparison(len(held_out), measured, measured_after, rates, tuple(objections))
