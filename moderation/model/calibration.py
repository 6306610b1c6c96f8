"""Decision values of comments left out -> probabilities, and the scores from which to hold and to reject."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve

Floats = NDArray[np.float64]

HOLD_RECALL, REJECT_PRECISION = 0.80, 0.95
"""What a blog owner is promised: four of five come to a person, and of twenty rejected at most one was harmless."""
HOLD_PRECISION = 1 / 3
"""And of three that come to a person at least one should have: where a label cannot have both, it does what it can."""
MIN_REJECTED = 20
"""Comments named on which a precision of `REJECT_PRECISION` can be told at all."""


def platt(decisions: Floats, target: NDArray[np.int8], weight: Floats) -> tuple[float, float]:
    """Return slope and offset of the sigmoid that turns decision values into probabilities; NaN values do not count."""
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


def thresholds(scores: Floats, target: NDArray[np.int8], weight: Floats) -> tuple[float, float]:
    """Return from which score on to hold and to reject; NaN scores do not count, and NaN means never.

    Hold: the highest score at which recall is at least `HOLD_RECALL`, if precision is at least `HOLD_PRECISION` there; else
    the one with the best F2, which counts recall twice (van Rijsbergen 1979). Reject: the lowest one from which on precision
    is at least `REJECT_PRECISION`, with at least `MIN_REJECTED` comments to say so.
    """
    usable = ~np.isnan(scores)
    scores, target, weight = scores[usable], target[usable], weight[usable]
    if len(np.unique(target)) < 2:
        return 0.5, np.nan
    precision, recall, at = precision_recall_curve(target, scores, sample_weight=weight)
    place = int(np.flatnonzero(recall[:-1] >= HOLD_RECALL)[-1])
    if precision[place] < HOLD_PRECISION:
        place = int(np.argmax((5 * precision * recall / np.maximum(4 * precision + recall, 1e-12))[:-1]))
    hold = float(at[place])
    named = len(scores) - np.searchsorted(np.sort(scores), at)
    precise = at[(precision[:-1] >= REJECT_PRECISION) & (named >= MIN_REJECTED)]
    reject = float(precise[0]) if len(precise) else np.nan
    return (min(hold, reject) if len(precise) else hold), reject
