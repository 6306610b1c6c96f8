"""How good the scores are, label by label, on examples the model was not fitted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.pipeline import Pipeline

from moderation.labels import LABEL_NAMES
from moderation.model.reading import read
from moderation.records import Example

BINS = 10
"""Bins of equal width for the calibration error (Naeini et al. 2015)."""


@dataclass(frozen=True, slots=True)
class LabelMetrics:
    """Figures of one label; a figure that cannot be computed (no positive, no negative) is None.

    `judged` and `positive` count examples; `precision` and `recall` are those of the scores from `hold` on,
    `reject_precision` and `reject_recall` of those from `reject` on (None: the label never rejects); `calibration_error` is
    the mean distance between score and share of positives over bins, weighted by their size.
    """

    label: str
    judged: int
    positive: int
    hold: float
    precision: float | None
    recall: float | None
    reject: float | None
    reject_precision: float | None
    reject_recall: float | None
    average_precision: float | None
    roc_auc: float | None
    calibration_error: float | None


def targets(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Return an array of shape (examples, labels): 1, 0, or NaN where the label was not judged.

    `off_topic` counts as not judged where there is neither article nor thread, as no score is given there.
    """
    table = np.array([[example.labels.get(name, np.nan) for name in LABEL_NAMES] for example in examples], dtype=float)
    table = table.reshape(len(examples), len(LABEL_NAMES))
    column = LABEL_NAMES.index("off_topic")
    judged = np.flatnonzero(~np.isnan(table[:, column]))
    placed = read([examples[row].situation._replace(text="") for row in judged.tolist()]).has_surroundings
    table[judged[~placed], column] = np.nan
    return table


Thresholds = Mapping[str, Mapping[str, float | None]]
"""For each label from which score on to `hold` and to `reject`; None means never."""


def evaluate(pipeline: Pipeline, examples: Sequence[Example], thresholds: Thresholds) -> list[LabelMetrics]:
    """Return the figures of every label, in table order."""
    return metrics_of(targets(examples), score(pipeline, examples), thresholds)


def score(pipeline: Pipeline, examples: Sequence[Example]) -> NDArray[np.float64]:
    """Return the scores of the examples, shape (examples, labels); there may be none."""
    if not examples:
        return np.zeros((0, len(LABEL_NAMES)))
    return np.asarray(pipeline.predict_proba([example.situation for example in examples]))


def metrics_of(wanted: NDArray[np.float64], scores: NDArray[np.float64], thresholds: Thresholds) -> list[LabelMetrics]:
    """Return the figures of every label, in table order, from targets and scores of shape (examples, labels)."""
    metrics = []
    for column, name in enumerate(LABEL_NAMES):
        known = ~np.isnan(wanted[:, column])
        metrics.append(label_metrics(name, wanted[known, column], scores[known, column], thresholds[name]))
    return metrics


def label_metrics(
    label: str, wanted: NDArray[np.float64], scores: NDArray[np.float64], thresholds: Mapping[str, float | None]
) -> LabelMetrics:
    """Return the figures of one label from what was judged (1 or 0) and the scores, both of shape (n,)."""
    positive = int(wanted.sum())
    both = 0 < positive < len(wanted)
    hold, reject = thresholds["hold"], thresholds["reject"]
    held = _at(wanted, scores, hold)
    rejected = _at(wanted, scores, reject)
    return LabelMetrics(
        label=label,
        judged=len(wanted),
        positive=positive,
        hold=1.0 if hold is None else hold,
        precision=held[0],
        recall=held[1],
        reject=reject,
        reject_precision=rejected[0],
        reject_recall=rejected[1],
        average_precision=float(average_precision_score(wanted, scores)) if both else None,
        roc_auc=float(roc_auc_score(wanted, scores)) if both else None,
        calibration_error=calibration_error(wanted, scores) if len(wanted) else None,
    )


def _at(
    wanted: NDArray[np.float64], scores: NDArray[np.float64], threshold: float | None
) -> tuple[float | None, float | None]:
    """Precision and recall of the scores from a threshold on."""
    if threshold is None:
        return None, None
    named = scores >= threshold
    precision = float(wanted[named].mean()) if named.any() else None
    return precision, float(named[wanted == 1].mean()) if wanted.any() else None


def calibration_error(wanted: NDArray[np.float64], scores: NDArray[np.float64]) -> float:
    """Return the expected calibration error of scores from 0 to 1 against outcomes of 0 and 1, both of shape (n,)."""
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    gaps = [
        abs(scores[bins == index].mean() - wanted[bins == index].mean()) * np.mean(bins == index)
        for index in np.unique(bins)
    ]
    return float(sum(gaps))
