"""Which words weighed how much: the exact contributions of the linear model, word by word."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import FeatureUnion, Pipeline

from moderation.model.features import NGrams
from moderation.model.passages import borders
from moderation.model.reading import Reading


@dataclass(frozen=True, slots=True)
class Explanation:
    """What makes up a decision value: one weight a word (in log-odds), and the rest that no word carries."""

    weights: NDArray[np.float64]
    rest: float


def explain(pipeline: Pipeline, reading: Reading, label: str) -> Explanation:
    """Return the contributions to the decision value of one label: `weights.sum() + rest` equals it exactly.

    The contribution of an n-gram, coefficient times feature value, is shared equally among its occurrences and, within
    an occurrence, among its words; a passage adds what its words contribute there. `weights` has one value for each of
    `reading.words`.
    """
    classifier, features = pipeline.named_steps["labels"], pipeline.named_steps["features"]
    row = classifier.labels.index(label)
    table = features.transform([reading])
    coefficients = classifier.coef_[row].astype(np.float64)
    border = table.passages.shape[1]
    weights = np.zeros(len(reading.words))
    rest = float(classifier.intercept_[row]) + float((table.whole[:, border:] @ coefficients[border:])[0])
    rest += _add(features.text, table.whole[:, :border], reading, coefficients[:border], weights)
    if label in classifier.passage_labels:
        coefficients = classifier.passage_coef_[classifier.passage_labels.index(label)].astype(np.float64)
        strongest = int(np.argmax(table.passages @ coefficients))
        first, last, start, end = borders(reading)[strongest]
        passage = reading._replace(text=reading.text[start:end], words=reading.words[first:last])
        rest += _add(features.text, table.passages[[strongest]], passage, coefficients, weights[first:last])
    return Explanation(weights, rest)


def _add(
    text: FeatureUnion, values: Any, reading: Reading, coefficients: NDArray[np.float64], weights: NDArray[np.float64]
) -> float:
    """Add the contribution of each n-gram to its words and return that of the other columns."""
    contribution = dict(
        zip(values.indices.tolist(), (values.data * coefficients[values.indices]).tolist(), strict=True)
    )
    start, rest = 0, 0.0
    for _, block in text.transformer_list:
        if not isinstance(block, NGrams):
            # The blocks without words stand last.
            return rest + float(sum(value for column, value in contribution.items() if column >= start))
        positions = [(start + column, first, last) for column, first, last in block.positions(reading)]
        occurrences = Counter(column for column, _, _ in positions)
        for column, first, last in positions:
            weights[first : last + 1] += contribution[column] / occurrences[column] / (last - first + 1)
        start += block.n_features
    return rest
