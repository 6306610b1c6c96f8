"""Readings -> decision values, as `LabelwiseLogistic` gives them for `Features`, without making the features.

What a fitted pipeline asks of an n-gram is one row of a table: its inverse document frequency times its weight for each
label. So a batch is scored by looking rows up and adding them. The characters of a word weigh the same wherever it stands;
they are added up once for each different word of the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.pipeline import Pipeline

from moderation.model.features import NGrams
from moderation.model.grams import GRAMS, char_grams, spelt
from moderation.model.reading import Reading
from moderation.text.tokens import Places, Tokens

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Block:
    """The weights of one kind of n-grams, times what each is worth: for whole comments and for passages.

    `whole` has shape (columns, labels that look at it), numbered by `labels`; likewise `passage`, numbered among the passage
    labels.
    """

    grams: NGrams
    whole: Floats
    labels: NDArray[np.intp]
    passage: Floats
    passage_labels: NDArray[np.intp]


class Scorer:
    """Scores with the fitted steps of one pipeline. Holds no state between calls; safe to share between threads."""

    def __init__(self, pipeline: Pipeline) -> None:
        steps = pipeline.named_steps
        self._features, self._classifier = steps["features"], steps["labels"]
        coef = self._classifier.coef_.astype(np.float64)
        passage_coef = self._classifier.passage_coef_.astype(np.float64)
        self._blocks: list[_Block] = []
        begin = 0
        for grams in self._features.blocks:
            columns = slice(begin, begin + grams.n_features)
            worth = grams.idf_.astype(np.float64)[:, None]
            whole, labels = _used(coef[:, columns])
            passage, passage_labels = _used(passage_coef[:, columns])
            self._blocks.append(_Block(grams, whole * worth, labels, passage * worth, passage_labels))
            begin += grams.n_features
        self._rest = np.ascontiguousarray(coef[:, begin:].T)

    def probabilities(self, reading: Reading) -> Floats:
        """Return calibrated probabilities, shape (comments, labels)."""
        return np.asarray(self._classifier.probabilities(self.decisions(reading), reading.has_surroundings))

    def decisions(self, reading: Reading) -> Floats:
        """Return the uncalibrated log-odds, shape (comments, labels), up to rounding as `decision_function` does."""
        tokens, classifier, features = reading.tokens, self._classifier, self._features
        rest = [part.columns_of(reading) for part in (features.context, features.topicality)]
        # Not `@`: how BLAS rounds hangs on the number of rows, and a score must not hang on the batch.
        decisions: Floats = np.einsum("ij,jk->ik", np.concatenate(rest, axis=1), self._rest) + classifier.intercept_
        passages = np.zeros((len(tokens.owner), len(classifier.passage_labels)))
        for block in self._blocks:
            score = _SORTED.get(block.grams.grams, _score_grams)
            whole, passage = score(block, tokens)
            decisions[:, block.labels] += whole
            passages[:, block.passage_labels] += passage
        strongest = np.maximum.reduceat(passages, np.searchsorted(tokens.owner, np.arange(len(reading))), axis=0)
        for row, label in enumerate(classifier.passage_labels):
            decisions[:, classifier.labels.index(label)] += strongest[:, row]
        return decisions


def _used(coefficients: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """The weights of the labels that look at a block at all, shape (columns, labels), and which labels those are."""
    labels = np.flatnonzero(coefficients.any(axis=1))
    return np.ascontiguousarray(coefficients[labels].T), labels


def _score_grams(block: _Block, tokens: Tokens) -> tuple[Floats, Floats]:
    """What n-grams in any order add to each comment and to each passage."""
    found = GRAMS[block.grams.grams](tokens)
    column = block.grams.columns(found)
    inside = np.flatnonzero(tokens.passage[found.first] == tokens.passage[found.last])
    return (
        _scattered(block.grams, block.whole, column, tokens.text[found.first], len(tokens.normals)),
        _scattered(block.grams, block.passage, column[inside], tokens.passage[found.first[inside]], len(tokens.owner)),
    )


def _scattered(grams: NGrams, table: Floats, column: Places, owner: Places, rows: int) -> Floats:
    return _added(table, column, owner, rows) * grams.scale(np.bincount(owner, minlength=rows))[:, None]


def _added(table: Floats, column: Places, owner: Places, rows: int) -> Floats:
    """The sums of the rows of `table` at `column` for each owner, in any order, shape (rows, columns of `table`)."""
    sums = np.zeros((rows, table.shape[1]))
    for label in range(table.shape[1]):
        sums[:, label] = np.bincount(owner, table[column, label], rows)
    return sums


def _score_words(block: _Block, tokens: Tokens) -> tuple[Floats, Floats]:
    """What words and pairs of neighbours add."""
    single, left = np.arange(len(tokens)), np.flatnonzero(tokens.text[1:] == tokens.text[:-1])
    column = block.grams.columns(GRAMS["words"](tokens))
    alone, paired = column[: len(single)], column[len(single) :]
    joined = tokens.passage[left] == tokens.passage[left + 1]
    found = []
    for table, owner, rows, kept in (
        (block.whole, tokens.text, len(tokens.normals), slice(None)),
        (block.passage, tokens.passage, len(tokens.owner), joined),
    ):
        ones, twos = owner, owner[left[kept]]
        sums = _in_order(table[alone], ones, rows) + _in_order(table[paired[kept]], twos, rows)
        count = np.bincount(ones, minlength=rows) + np.bincount(twos, minlength=rows)
        found.append(sums * block.grams.scale(count)[:, None])
    return found[0], found[1]


def _score_chars(block: _Block, tokens: Tokens) -> tuple[Floats, Floats]:
    """What the characters of words add: summed once for each different word."""
    words = spelt(tokens)
    _, first, number = np.unique(tokens.form[words], return_index=True, return_inverse=True)
    grams = char_grams(tokens, words[first])
    position = np.zeros(len(tokens), dtype=np.intp)
    position[words[first]] = np.arange(len(first))
    owner, column = position[grams.first], block.grams.columns(grams)
    each = np.bincount(owner, minlength=len(first))[number]
    found = []
    for table, place, rows in (
        (block.whole, tokens.text, len(tokens.normals)),
        (block.passage, tokens.passage, len(tokens.owner)),
    ):
        by_word = _added(table, column, owner, len(first))
        count = np.bincount(place[words], each, rows)
        found.append(_in_order(by_word[number], place[words], rows) * block.grams.scale(count)[:, None])
    return found[0], found[1]


def _in_order(values: Floats, owner: Places, rows: int) -> Floats:
    """The sums of the values of each owner, ascending, shape (rows, columns of `values`)."""
    borders = np.searchsorted(owner, np.arange(rows + 1))
    each = sparse.csr_array((np.ones(len(owner)), np.arange(len(owner)), borders), shape=(rows, len(owner)))
    return np.asarray(each @ values)


_SORTED: Mapping[str, Callable[[_Block, Tokens], tuple[Floats, Floats]]] = {
    "words": _score_words,
    "chars": _score_chars,
}
"""Kinds of n-grams with a quicker way than `_score_grams`."""
