"""One calibrated linear model a label, fitted on the rows where that label was judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.model_selection import GroupKFold

from moderation.errors import TrainingError
from moderation.model.passages import Features

Floats = NDArray[np.float64]

MIN_ROWS = 4
"""Fewest rows of each kind, judged 1 and judged 0, that a label can be learned from."""
_ROUNDS = 2
"""Times the telling passage of each positive comment is chosen anew; more changed nothing in a first look."""


@dataclass(frozen=True, slots=True)
class _Linear:
    """Weights of one label: over a whole comment, and over its strongest passage (None where passages do not count)."""

    whole: Floats
    passage: Floats | None
    intercept: float

    def decide(self, features: Features, visible: slice) -> Floats:
        decisions = features.whole[:, visible] @ self.whole + self.intercept
        if self.passage is not None:
            decisions = decisions + features.strongest(features.passages @ self.passage)
        return np.asarray(decisions)


class LabelwiseLogistic(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Logistic regressions for several labels at once; NaN in `y` means that the label was not judged for that row.

    Each label has a linear model over the whole comment. The labels of `passage_labels`, which one sentence can decide,
    add the value of a second one for the strongest passage; it is fitted as MI-SVM is (Andrews et al. 2003): every
    passage of a negative comment is negative, the strongest of a positive one is positive, chosen anew in each round.
    The labels of `tail_labels` look at the last `tail_width` columns only, all others at every column before those.
    Scores are calibrated by Platt scaling (1999, with his smoothed targets) on decision values of threads left out.
    """

    def __init__(
        self,
        labels: tuple[str, ...] = (),
        passage_labels: tuple[str, ...] = (),
        tail_labels: tuple[str, ...] = (),
        tail_width: int = 0,
        C: float = 1.0,
        folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.labels = labels
        self.passage_labels = passage_labels
        self.tail_labels = tail_labels
        self.tail_width = tail_width
        self.C = C
        self.folds = folds
        self.random_state = random_state

    def fit(
        self,
        X: Features,
        y: Floats,
        groups: Sequence[str] | None = None,
        sample_weight: Floats | None = None,
    ) -> LabelwiseLogistic:
        """Fit on the features of some comments and on `y` of shape (comments, labels) with 1, 0 and NaN.

        `groups` names the thread of each comment; `sample_weight` has the shape of `y` or is None.

        Raises:
            TrainingError: a label has fewer than `MIN_ROWS` rows of one kind; the message names it.
        """
        self.__dict__.pop("_weights_by_column", None)
        rows, columns = X.shape
        threads = np.asarray(groups if groups is not None else np.arange(rows))
        weights = np.ones(y.shape) if sample_weight is None else sample_weight
        count = len(self.labels)
        self.coef_ = np.zeros((count, columns), dtype=np.float32)
        self.passage_coef_ = np.zeros((len(self.passage_labels), X.passages.shape[1]), dtype=np.float32)
        self.intercept_, self.slope_, self.offset_, self.thresholds_ = np.zeros((4, count))
        for index, label in enumerate(self.labels):
            known = np.flatnonzero(~np.isnan(y[:, index]))
            target = y[known, index].astype(np.int8)
            self._check(label, target)
            seen, weight = X.take(known), weights[known, index]
            held_out = self._held_out(label, seen, target, threads[known], weight)
            slope, offset = _platt(held_out, target, weight)
            model = self._fit_label(label, seen, target, weight)
            self.coef_[index, self._visible(label, columns)] = model.whole
            if model.passage is not None:
                self.passage_coef_[self.passage_labels.index(label)] = model.passage
            self.intercept_[index], self.slope_[index], self.offset_[index] = model.intercept, slope, offset
            self.thresholds_[index] = _best_threshold(expit(held_out * slope + offset), target, weight)
        self.classes_ = np.array([0, 1])
        self.n_features_in_ = columns
        return self

    def decision_function(self, X: Features) -> Floats:
        """Return the uncalibrated log-odds, shape (comments, labels): the sum of what each feature contributes."""
        whole, passage = self._by_column()
        decisions = np.asarray(X.whole @ whole + self.intercept_)
        by_passage = np.asarray(X.passages @ passage)
        for row, label in enumerate(self.passage_labels):
            decisions[:, self.labels.index(label)] += X.strongest(by_passage[:, row])
        return decisions

    def passage_decisions(self, X: Features, label: str) -> Floats:
        """Return what each passage says about a label of `passage_labels`, shape (passages,)."""
        return np.asarray(X.passages @ self._by_column()[1])[:, self.passage_labels.index(label)]

    def predict_proba(self, X: Features) -> Floats:
        """Return calibrated probabilities, shape (comments, labels)."""
        return np.asarray(expit(self.decision_function(X) * self.slope_ + self.offset_))

    def predict(self, X: Features) -> NDArray[np.int8]:
        """Return 1 where the probability is at least one half, shape (comments, labels)."""
        return (self.predict_proba(X) >= 0.5).astype(np.int8)

    def _by_column(self) -> tuple[Floats, Floats]:
        """The weights with one row a column, as a sparse product reads them; made once, not stored."""
        made = getattr(self, "_weights_by_column", None)
        if made is None:
            made = tuple(np.ascontiguousarray(part.T, dtype=np.float64) for part in (self.coef_, self.passage_coef_))
            self._weights_by_column = made
        return made

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_weights_by_column"}

    def _visible(self, label: str, columns: int) -> slice:
        border = columns - self.tail_width
        return slice(border, columns) if label in self.tail_labels else slice(0, border)

    def _check(self, label: str, target: NDArray[np.int8]) -> None:
        positive = int(target.sum())
        negative = len(target) - positive
        if min(positive, negative) < MIN_ROWS:
            raise TrainingError(
                f"label {label!r} has {positive} examples judged 1 and {negative} judged 0, "
                f"expected at least {MIN_ROWS} of each"
            )

    def _fit_label(self, label: str, seen: Features, target: NDArray[np.int8], weight: Floats) -> _Linear:
        whole, intercept = self._logistic(seen.whole[:, self._visible(label, seen.shape[1])], target, weight)
        if label not in self.passage_labels:
            return _Linear(whole, None, intercept)
        passage, more = self._fit_passages(seen, target, weight)
        return _Linear(whole, passage, intercept + more)

    def _fit_passages(self, seen: Features, target: NDArray[np.int8], weight: Floats) -> tuple[Floats, float]:
        owners = seen.owners
        size = np.bincount(owners)[owners]
        positive = target[owners] == 1
        # A long harmless comment should not outweigh a short one by its number of sentences.
        share = weight[owners] * np.where(positive, 1 / size, 1 / np.sqrt(size))
        weights, intercept = self._logistic(seen.passages, target[owners], share)
        share = np.where(positive, weight[owners], share)
        for _ in range(_ROUNDS):
            decisions = seen.passages @ weights
            telling = ~positive | (decisions >= seen.strongest(decisions)[owners])
            weights, intercept = self._logistic(seen.passages[telling], target[owners[telling]], share[telling])
        return weights, intercept

    def _logistic(self, table: sparse.csr_array, target: NDArray[np.int8], weight: Floats) -> tuple[Floats, float]:
        """Return the weights, one a column, and the intercept of a logistic regression."""
        # A column that no row has would get no weight, but cost the solver time: most columns are such.
        used = np.unique(table.indices)
        # liblinear penalises the intercept too, unless its column is scaled up.
        model = LogisticRegression(
            C=self.C, solver="liblinear", intercept_scaling=10.0, max_iter=1000, random_state=self.random_state
        ).fit(table[:, used], target, weight)
        weights = np.zeros(table.shape[1])
        weights[used] = model.coef_[0]
        return weights, float(model.intercept_[0])

    def _held_out(
        self, label: str, seen: Features, target: NDArray[np.int8], threads: NDArray[Any], weight: Floats
    ) -> Floats:
        """Decision value of each comment by a model that saw nothing of its thread; NaN where there is none."""
        folds = min(self.folds, len(np.unique(threads)))
        decisions = np.full(len(target), np.nan)
        visible = self._visible(label, seen.shape[1])
        for train, held in GroupKFold(folds).split(target, groups=threads) if folds >= 2 else ():
            if len(np.unique(target[train])) == 2:
                model = self._fit_label(label, seen.take(train), target[train], weight[train])
                decisions[held] = model.decide(seen.take(held), visible)
        return decisions


def _platt(decisions: Floats, target: NDArray[np.int8], weight: Floats) -> tuple[float, float]:
    """Return slope and offset of the sigmoid that turns decision values into probabilities."""
    usable = ~np.isnan(decisions)
    decisions, target, weight = decisions[usable], target[usable], weight[usable]
    if len(np.unique(target)) < 2:
        return 1.0, 0.0
    # Platt's targets: a prior of one more case on each side keeps a small set from calling anything certain.
    positives, negatives = int(target.sum()), int((1 - target).sum())
    chance = np.where(target == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    pairs = np.concatenate([decisions, decisions])[:, None]
    outcomes = np.repeat([1, 0], len(target))
    shares = np.concatenate([weight * chance, weight * (1 - chance)])
    model = LogisticRegression(C=1e6, max_iter=1000).fit(pairs, outcomes, shares)
    # A slope at or below zero would turn the ranking round: too little data to calibrate on.
    return max(float(model.coef_[0, 0]), 0.05), float(model.intercept_[0])


def _best_threshold(scores: Floats, target: NDArray[np.int8], weight: Floats) -> float:
    """Return the score from which on naming the label gives the best F1."""
    usable = ~np.isnan(scores)
    if len(np.unique(target[usable])) < 2:
        return 0.5
    precision, recall, thresholds = precision_recall_curve(target[usable], scores[usable], sample_weight=weight[usable])
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return float(thresholds[int(np.argmax(f1[:-1]))])
