"""A model and a blog's own decisions -> a model for that blog.

Each label is learned anew as what the blog decides beyond the model: a logistic regression on the model's own decision
value, which may be stretched and shifted freely, and on the words, whose weights are kept near those of the model (a prior
on the difference: Chelba and Acero 2004). How near, and whether to change anything, is chosen on threads left out.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline

from moderation.errors import TrainingError
from moderation.model.calibration import platt, thresholds
from moderation.model.classifier import LabelwiseLogistic
from moderation.model.evaluation import targets
from moderation.records import Example

Floats = NDArray[np.float64]

MIN_EACH = 5
"""Fewest decisions of each kind, yes and no, from which a label is learned."""
MIN_FOR_THRESHOLDS = 50
"""Decisions of each kind from which on a label's thresholds are set anew."""

_STRENGTHS = (0.003, 0.03, 0.3)
"""Inverse strengths of the pull towards the model's weights, tried in this order after moving none."""
_FREE = 10.0
"""The decision value is scaled up by this, so that its own weight is hardly penalised."""
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Learned:
    """What one label took from the blog's decisions: its log loss on threads left out (natural logarithm), before and after,
    None where it had too few; and the strength chosen, None where the model was left as it is.
    """

    label: str
    yes: int
    no: int
    before: float | None
    after: float | None
    strength: float | None


def adapt(pipeline: Pipeline, examples: Sequence[Example]) -> tuple[Pipeline, list[Learned]]:
    """Return a copy of a fitted pipeline adapted to some examples, and what each label took from them.

    Raises:
        TrainingError: no label has `MIN_EACH` examples of each kind in two threads.
    """
    steps = pipeline.named_steps
    features = steps["features"].transform(steps["reader"].transform([row.situation for row in examples]))
    wanted, threads = targets(examples), np.array([row.thread for row in examples])
    classifier: LabelwiseLogistic = copy.deepcopy(steps["labels"])
    decisions = steps["labels"].decision_function(features) * classifier.slope_ + classifier.offset_
    learned = []
    for index, label in enumerate(classifier.labels):
        known = np.flatnonzero(~np.isnan(wanted[:, index]))
        target = wanted[known, index].astype(int)
        yes, no = int(target.sum()), int((1 - target).sum())
        if min(yes, no) < MIN_EACH or len(np.unique(threads[known])) < 2:
            learned.append(Learned(label, yes, no, None, None, None))
            continue
        # A column that none of the examples has would get no weight.
        table, seen = features.whole[known], np.arange(features.shape[1])[classifier.visible(label, features.shape[1])]
        seen = np.intersect1d(seen, table.indices)
        table = table[:, seen]
        choice = _choose(table, decisions[known, index], target, threads[known])
        learned.append(Learned(label, yes, no, choice.before, choice.after, choice.strength))
        if choice.strength is not None:
            change = _fit(table, decisions[known, index], target, choice.strength)
            lost = classifier.out_of_place(features, label)[known]
            _apply(classifier, index, seen, change, choice.held_out, lost, target)
    if all(row.before is None for row in learned):
        raise TrainingError(
            f"no label has {MIN_EACH} examples of each kind in two threads or more: label more comments, "
            "both with and without what you look for"
        )
    return Pipeline([*pipeline.steps[:-1], ("labels", classifier)]), learned


@dataclass(frozen=True, slots=True)
class _Change:
    """What is added to the weights of the words, and how the decision value is stretched and shifted."""

    weights: Floats
    stretch: float
    shift: float

    def decide(self, table: sparse.csr_array, decisions: Floats) -> Floats:
        return np.asarray(table @ self.weights + self.stretch * decisions + self.shift)


@dataclass(frozen=True, slots=True)
class _Choice:
    strength: float | None
    before: float
    after: float
    held_out: Floats


def _choose(table: sparse.csr_array, decisions: Floats, target: NDArray[np.int_], threads: NDArray[np.str_]) -> _Choice:
    """The strength whose models predict threads left out best; None if none beats the model as it is."""
    folds = list(GroupKFold(min(_FOLDS, len(np.unique(threads)))).split(target, groups=threads))
    before = float(log_loss(target, expit(decisions), labels=[0, 1]))
    best = _Choice(None, before, before, decisions)
    for strength in (0.0, *_STRENGTHS):
        held_out = decisions.copy()
        for train, held in folds:
            if len(np.unique(target[train])) == 2:
                change = _fit(table[train], decisions[train], target[train], strength)
                held_out[held] = change.decide(table[held], decisions[held])
        loss = float(log_loss(target, expit(held_out), labels=[0, 1]))
        if loss < best.after:
            best = _Choice(strength, before, loss, held_out)
    return best


def _fit(table: sparse.csr_array, decisions: Floats, target: NDArray[np.int_], strength: float) -> _Change:
    own = decisions[:, None] * _FREE
    # A strength of zero moves no word: the decision value alone is stretched and shifted.
    columns = sparse.csr_array(sparse.hstack([table, own], format="csr")) if strength else own
    model = LogisticRegression(C=strength or 1.0, max_iter=200, tol=1e-3).fit(columns, target)
    weights = model.coef_[0, :-1] if strength else np.zeros(table.shape[1])
    # A stretch below zero would turn the model's ranking round.
    return _Change(weights, max(float(model.coef_[0, -1]) * _FREE, 0.05), float(model.intercept_[0]))


def _apply(
    classifier: LabelwiseLogistic,
    index: int,
    seen: NDArray[np.intp],
    change: _Change,
    held_out: Floats,
    lost: Floats,
    target: NDArray[np.int_],
) -> None:
    """Write a change into the classifier: stretched by its calibration first, so that slope 1 and offset 0 remain."""
    label = classifier.labels[index]
    stretch = change.stretch * classifier.slope_[index]
    classifier.coef_[index] *= stretch
    classifier.coef_[index, seen] += change.weights
    if label in classifier.passage_labels:
        classifier.passage_coef_[classifier.passage_labels.index(label)] *= stretch
    intercept = stretch * classifier.intercept_[index] + change.stretch * classifier.offset_[index] + change.shift
    enough = min(target.sum(), (1 - target).sum()) >= MIN_FOR_THRESHOLDS
    ones = np.ones(len(target))
    slope, offset = platt(held_out, target.astype(np.int8), ones) if enough else (1.0, 0.0)
    classifier.intercept_[index], classifier.slope_[index], classifier.offset_[index] = intercept, slope, offset
    if enough:
        scores = expit(held_out * slope + offset - lost)
        classifier.hold_[index], classifier.reject_[index] = thresholds(scores, target.astype(np.int8), ones)
