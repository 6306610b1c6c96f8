"""One calibrated linear model a label, fitted on the rows where that label was judged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline

from moderation.errors import TrainingError
from moderation.model.calibration import platt, thresholds
from moderation.model.features import Features

Floats = NDArray[np.float64]

MIN_ROWS = 4
"""Fewest rows of each kind, judged 1 and judged 0, that a label can be learned from."""
MIN_DOMAINS = 3
"""Sites that must teach a label before whole sites are left out to calibrate it."""
MIN_TEACHING = 20
"""Rows of each kind with which a site teaches a label."""
_PLACE = 0.5
"""A label loses the root of what being out of place gains: between 0.25 and 1 the best on training threads left out."""
_RARE = 0.01
"""Where nothing is known of how usual it is to be out of place."""
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
    The labels of `tail_labels` look at the last `tail_width` columns only, all others at every column before those; the
    first `head_width` columns are seen by the labels of `head_labels` alone. The labels of `placed_labels` are none where a
    comment is out of place: the likelier than usual its `place_label`, the less likely they are.
    Scores are calibrated by Platt scaling (1999, with his smoothed targets) on decision values of rows left out: of whole
    domains (sites, corpora) where at least `MIN_DOMAINS` teach the label, else of threads. A score is meant to hold on a
    site that nothing was learned from. The thresholds to hold and to reject are set on threads left out, on the rows that
    count in full (a weight of 1).

    `C` and `passage_C` are the inverse strengths of the regularisation of whole comments and of passages; `label_C` has
    pairs of a label and a `C` of its own.
    """

    def __init__(
        self,
        labels: tuple[str, ...] = (),
        passage_labels: tuple[str, ...] = (),
        head_labels: tuple[str, ...] = (),
        head_width: int = 0,
        tail_labels: tuple[str, ...] = (),
        tail_width: int = 0,
        placed_labels: tuple[str, ...] = (),
        place_label: str | None = None,
        C: float = 0.3,
        passage_C: float = 1.0,
        label_C: tuple[tuple[str, float], ...] = (),
        folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.labels = labels
        self.passage_labels = passage_labels
        self.head_labels = head_labels
        self.head_width = head_width
        self.tail_labels = tail_labels
        self.tail_width = tail_width
        self.placed_labels = placed_labels
        self.place_label = place_label
        self.C = C
        self.passage_C = passage_C
        self.label_C = label_C
        self.folds = folds
        self.random_state = random_state

    def fit(
        self,
        X: Features,
        y: Floats,
        groups: Sequence[str] | None = None,
        domains: Sequence[str] | None = None,
        sample_weight: Floats | None = None,
        real: NDArray[np.bool_] | None = None,
    ) -> LabelwiseLogistic:
        """Fit on the features of some comments and on `y` of shape (comments, labels) with 1, 0 and NaN.

        `groups` names the thread of each comment, `domains` the site or corpus it is from; `sample_weight` has the shape
        of `y` or is None. Comments that are not `real` (made from others) only teach: neither the scores are calibrated on
        them nor the thresholds set.

        Raises:
            TrainingError: a label has fewer than `MIN_ROWS` rows of one kind; the message names it.
        """
        self.__dict__.pop("_weights_by_column", None)
        rows, columns = X.shape
        threads = np.asarray(groups if groups is not None else np.arange(rows))
        sites = np.asarray(domains if domains is not None else np.zeros(rows))
        weights = np.ones(y.shape) if sample_weight is None else sample_weight
        telling = np.ones(rows, dtype=bool) if real is None else real
        count = len(self.labels)
        self.coef_ = np.zeros((count, columns), dtype=np.float32)
        self.passage_coef_ = np.zeros((len(self.passage_labels), X.passages.shape[1]), dtype=np.float32)
        self.intercept_, self.slope_, self.offset_ = np.zeros((3, count))
        self.hold_, self.reject_ = np.full((2, count), np.nan)
        self.usual_ = 0.0
        # What a label hangs on comes first.
        for label in sorted(self.labels, key=lambda label: label in self.placed_labels):
            index = self.labels.index(label)
            known = np.flatnonzero(~np.isnan(y[:, index]))
            target = y[known, index].astype(np.int8)
            self._check(label, target)
            seen, weight = X.take(known), weights[known, index]
            by_thread = self._held_out(label, seen, target, threads[known], weight)
            by_site = by_thread
            if enough_sites(target, sites[known]):
                by_site = self._held_out(label, seen, target, sites[known], weight)
            by_thread, by_site = (np.where(telling[known], part, np.nan) for part in (by_thread, by_site))
            slope, offset = platt(by_site, target, weight)
            model = self._fit_label(label, seen, target, weight)
            self.coef_[index, self.visible(label, columns)] = model.whole
            if model.passage is not None:
                self.passage_coef_[self.passage_labels.index(label)] = model.passage
            self.intercept_[index], self.slope_[index], self.offset_[index] = model.intercept, slope, offset
            judged = weight >= 1 if (weight >= 1).any() else weight > 0
            if label == self.place_label:
                share = np.average(target[judged], weights=weight[judged])
                self.usual_ = float(logit(np.clip(share, _RARE, 1 - _RARE)))
            log_odds = by_thread * slope + offset - self.out_of_place(seen, label)
            scores = np.where(judged, expit(log_odds), np.nan)
            self.hold_[index], self.reject_[index] = thresholds(scores, target, weight)
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
        return self.probabilities(self.decision_function(X), X.placed)

    def probabilities(self, decisions: Floats, placed: NDArray[np.bool_]) -> Floats:
        """Return the probabilities of decision values, both of shape (comments, labels).

        `placed` says which comments have something around them that they could be out of place in.
        """
        log_odds = decisions * self.slope_ + self.offset_
        if self.place_label in self.labels:
            lost = self._lost(log_odds[:, self.labels.index(self.place_label)], placed)
            for label in self.placed_labels:
                log_odds[:, self.labels.index(label)] -= lost
        return np.asarray(expit(log_odds))

    def out_of_place(self, X: Features, label: str) -> Floats:
        """Return what a label's log-odds lose because the comment belongs elsewhere, shape (comments,)."""
        if label not in self.placed_labels or self.place_label not in self.labels:
            return np.zeros(X.shape[0])
        index, visible = self.labels.index(self.place_label), self.visible(self.place_label, X.shape[1])
        decisions = X.whole[:, visible] @ self.coef_[index, visible].astype(np.float64) + self.intercept_[index]
        return self._lost(decisions * self.slope_[index] + self.offset_[index], X.placed)

    def _lost(self, log_odds: Floats, placed: NDArray[np.bool_]) -> Floats:
        return np.asarray(np.where(placed, _PLACE * np.maximum(log_odds - self.usual_, 0), 0.0))

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

    def visible(self, label: str, columns: int) -> slice:
        """Return which of the columns of `Features.whole` a label looks at."""
        border = columns - self.tail_width
        if label in self.tail_labels:
            return slice(border, columns)
        return slice(0 if label in self.head_labels else self.head_width, border)

    def _check(self, label: str, target: NDArray[np.int8]) -> None:
        positive = int(target.sum())
        negative = len(target) - positive
        if min(positive, negative) < MIN_ROWS:
            raise TrainingError(
                f"label {label!r} has {positive} examples judged 1 and {negative} judged 0, "
                f"expected at least {MIN_ROWS} of each"
            )

    def _fit_label(self, label: str, seen: Features, target: NDArray[np.int8], weight: Floats) -> _Linear:
        visible = seen.whole[:, self.visible(label, seen.shape[1])]
        whole, intercept = self._logistic(visible, target, weight, dict(self.label_C).get(label, self.C))
        if label not in self.passage_labels:
            return _Linear(whole, None, intercept)
        passage, more = self._fit_passages(label, seen, target, weight)
        return _Linear(whole, passage, intercept + more)

    def _fit_passages(
        self, label: str, seen: Features, target: NDArray[np.int8], weight: Floats
    ) -> tuple[Floats, float]:
        owners = seen.owners
        hidden = 0 if label in self.head_labels else self.head_width
        passages = seen.passages[:, hidden:]
        size = np.bincount(owners)[owners]
        positive = target[owners] == 1
        # A long harmless comment should not outweigh a short one by its number of sentences.
        share = weight[owners] * np.where(positive, 1 / size, 1 / np.sqrt(size))
        weights, intercept = self._logistic(passages, target[owners], share, self.passage_C)
        share = np.where(positive, weight[owners], share)
        for _ in range(_ROUNDS):
            decisions = passages @ weights
            telling = ~positive | (decisions >= seen.strongest(decisions)[owners])
            chosen = (passages[telling], target[owners[telling]], share[telling])
            weights, intercept = self._logistic(*chosen, self.passage_C)
        return np.concatenate([np.zeros(hidden), weights]), intercept

    def _logistic(
        self, table: sparse.csr_array, target: NDArray[np.int8], weight: Floats, C: float
    ) -> tuple[Floats, float]:
        """Return the weights, one a column, and the intercept of a logistic regression."""
        # A column that no row has would get no weight, but cost the solver time: most columns are such.
        used = np.unique(table.indices)
        model = LogisticRegression(C=C, max_iter=300, tol=1e-3, random_state=self.random_state)
        model.fit(table[:, used], target, weight)
        weights = np.zeros(table.shape[1])
        weights[used] = model.coef_[0]
        return weights, float(model.intercept_[0])

    def _held_out(
        self, label: str, seen: Features, target: NDArray[np.int8], parts: NDArray[Any], weight: Floats
    ) -> Floats:
        """Decision value of each comment by a model that saw nothing of its part; NaN where there is none."""
        folds = min(self.folds, len(np.unique(parts)))
        decisions = np.full(len(target), np.nan)
        visible = self.visible(label, seen.shape[1])
        for train, held in GroupKFold(folds).split(target, groups=parts) if folds >= 2 else ():
            if len(np.unique(target[train])) == 2:
                model = self._fit_label(label, seen.take(train), target[train], weight[train])
                decisions[held] = model.decide(seen.take(held), visible)
        return decisions


def enough_sites(target: NDArray[np.int8], sites: NDArray[Any]) -> bool:
    """Whether enough sites teach the label to leave whole ones out."""
    counts = (np.bincount(target[sites == site], minlength=2) for site in np.unique(sites))
    return sum(int(count.min()) >= MIN_TEACHING for count in counts) >= MIN_DOMAINS


def thresholds_of(pipeline: Pipeline) -> dict[str, dict[str, float | None]]:
    """Return `{"hold", "reject"}` of each label as they were set on rows left out during fitting; None means never."""
    labels = pipeline.named_steps["labels"]
    return {
        name: {"hold": float(hold), "reject": None if math.isnan(reject) else float(reject)}
        for name, hold, reject in zip(labels.labels, labels.hold_.tolist(), labels.reject_.tolist(), strict=True)
    }
