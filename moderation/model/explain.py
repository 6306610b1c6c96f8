"""Which words weighed how much: the exact contributions of the linear model, word by word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from moderation.model.features import Features
from moderation.model.grams import GRAMS
from moderation.model.reading import Reading


@dataclass(frozen=True, slots=True)
class Explanation:
    """What makes up a decision value: one weight a token (in log-odds), and the rest that no token carries."""

    weights: NDArray[np.float64]
    rest: float


def explain(pipeline: Pipeline, reading: Reading, features: Features, label: str) -> Explanation:
    """Return the contributions to the decision value of one label: `weights.sum() + rest` equals it.

    `reading` and `features` are those of one comment. The contribution of an n-gram, coefficient times value, is shared
    equally among the tokens it spans; the strongest passage adds what its words contribute there. `weights` has one value
    for each token of the reading.
    """
    classifier, blocks = pipeline.named_steps["labels"], pipeline.named_steps["features"].blocks
    row = classifier.labels.index(label)
    coefficients = classifier.coef_[row].astype(np.float64)
    weights = np.zeros(len(reading.tokens))
    begin = strongest = 0
    by_passage = None
    if label in classifier.passage_labels:
        by_passage = classifier.passage_coef_[classifier.passage_labels.index(label)].astype(np.float64)
        strongest = int(np.argmax(classifier.passage_decisions(features, label)))
    passage = reading.tokens.passage
    for block in blocks:
        found = GRAMS[block.grams](reading.tokens)
        column = block.columns(found)
        values = block.idf_[column] * coefficients[begin + column]
        values *= block.scale(np.array([len(column)]))[0]
        if by_passage is not None:
            inside = (passage[found.first] == strongest) & (passage[found.last] == strongest)
            scale = block.scale(np.array([inside.sum()]))[0]
            values += inside * block.idf_[column] * by_passage[begin + column] * scale
        # Each n-gram adds its share from its first token to its last: a running sum of what begins less what has ended.
        share, size = values / (found.last - found.first + 1), len(weights) + 1
        weights += np.cumsum(np.bincount(found.first, share, size) - np.bincount(found.last + 1, share, size))[:-1]
        begin += block.n_features
    others = features.whole[[0], begin:] @ coefficients[begin:]
    return Explanation(weights, float(classifier.intercept_[row] + others[0]))
