"""Which words weighed how much: the exact contributions of the linear model, word by word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from moderation.model.features import Blocks, NGrams
from moderation.model.passages import Features, borders
from moderation.model.reading import Reading


@dataclass(frozen=True, slots=True)
class Explanation:
    """What makes up a decision value: one weight a word (in log-odds), and the rest that no word carries."""

    weights: NDArray[np.float64]
    rest: float


def explain(pipeline: Pipeline, reading: Reading, features: Features, label: str) -> Explanation:
    """Return the contributions to the decision value of one label: `weights.sum() + rest` equals it exactly.

    `features` are those of the one comment of `reading`. The contribution of an n-gram, coefficient times feature value,
    is shared equally among its occurrences and, within an occurrence, among its words; the strongest passage adds what
    its words contribute there. `weights` has one value for each of `reading.words`.
    """
    classifier, text = pipeline.named_steps["labels"], pipeline.named_steps["features"].text
    row = classifier.labels.index(label)
    weights = np.zeros(len(reading.words))
    rest = float(classifier.intercept_[row])
    rest += _add(text, features.whole, reading, classifier.coef_[row], weights)
    if label in classifier.passage_labels:
        coefficients = classifier.passage_coef_[classifier.passage_labels.index(label)]
        strongest = int(np.argmax(classifier.passage_decisions(features, label)))
        first, last, start, end = borders(reading)[strongest]
        passage = reading._replace(text=reading.text[start:end], words=reading.words[first:last])
        rest += _add(text, features.passages[[strongest]], passage, coefficients, weights[first:last])
    return Explanation(weights, rest)


def _add(
    text: Blocks, values: Any, reading: Reading, coefficients: NDArray[np.float32], weights: NDArray[np.float64]
) -> float:
    """Add the contribution of each n-gram to its words and return that of the columns without words."""
    columns = values.indices  # ascending
    contribution = values.data * coefficients[columns].astype(np.float64)
    start = 0
    for block in text.blocks:
        if not isinstance(block, NGrams):
            break
        column, first, last = block.positions(reading)
        place = np.searchsorted(columns, column + start)
        share = contribution[place] / np.bincount(place, minlength=len(columns))[place] / (last - first + 1)
        size = len(weights) + 1
        # Each n-gram adds its share from its first word to its last: a running sum of what begins less what has ended.
        weights += np.cumsum(np.bincount(first, share, size) - np.bincount(last + 1, share, size))[:-1]
        start += block.n_features
    return float(contribution[columns >= start].sum())
