"""Readings -> numbers: a comment as a whole and passage by passage.

A comment may argue for two pages and insult in one sentence. So its words are read twice: all of them together, and
sentence by sentence, where the strongest one counts. Every n-gram knows the tokens it spans, so a linear weight can be
shown where it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin

from moderation.model.grams import GRAMS, Grams
from moderation.model.reading import Reading
from moderation.text.hashing import Hashes


@dataclass(frozen=True, slots=True)
class Features:
    """Features of comments and of their passages.

    `whole` has shape (comments, columns of the text and of the surroundings), `passages` (passages, columns of the
    text); `owners[i]` is the comment that passage `i` belongs to. Every comment has at least one passage. `placed` says
    which comments have an article or a thread to be compared with.
    """

    whole: sparse.csr_array
    passages: sparse.csr_array
    owners: NDArray[np.intp]
    placed: NDArray[np.bool_]

    @property
    def shape(self) -> tuple[int, int]:
        """Comments and columns of `whole`."""
        rows, columns = self.whole.shape
        return rows, columns

    def take(self, rows: NDArray[np.intp]) -> Features:
        """Return the comments at `rows`, ascending, with their passages."""
        position = np.full(self.whole.shape[0], -1, dtype=np.intp)
        position[rows] = np.arange(len(rows))
        mine = np.flatnonzero(position[self.owners] >= 0)
        return Features(self.whole[rows], self.passages[mine], position[self.owners[mine]], self.placed[rows])

    def strongest(self, decisions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the highest decision value among each comment's passages, shape (comments,)."""
        highest = np.full(self.whole.shape[0], -np.inf)
        np.maximum.at(highest, self.owners, decisions)
        return highest


class NGrams(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Inverse document frequency of the hashed n-grams of one kind of `GRAMS`, by comment and by passage.

    `n_features` is the number of columns, a power of two; two n-grams may share one (the hashing trick, Weinberger et al.
    2009). A row is divided by a root of the number of its n-grams, not by its length: one insult in a long comment stays
    visible.
    """

    def __init__(self, grams: str = "words", n_features: int = 2**17, root: float = 0.25) -> None:
        self.grams = grams
        self.n_features = n_features
        self.root = root

    def fit(self, X: Reading, y: Any = None) -> NGrams:
        """Learn the inverse document frequency of each column, smoothed as scikit-learn's TfidfTransformer does."""
        found = GRAMS[self.grams](X.tokens)
        keys = np.unique(X.tokens.text[found.first] * self.n_features + self.columns(found.form))
        frequency = np.bincount(keys % self.n_features, minlength=self.n_features)
        self.idf_ = (np.log((1 + len(X)) / (1 + frequency)) + 1).astype(np.float32)
        return self

    def columns(self, form: Hashes) -> NDArray[np.int64]:
        """Return the column of each n-gram, given its hash."""
        bits = np.uint64(64 - (self.n_features.bit_length() - 1))
        return (form >> bits).astype(np.int64)

    def table(self, found: Grams, owner: NDArray[np.intp], rows: int) -> sparse.csr_array:
        """Return an array of shape (rows, n_features); `owner` is the row of each token."""
        row, column = owner[found.first], self.columns(found.form)
        values = self.idf_[column] * self.scale(np.bincount(row, minlength=rows))[row]
        # 32 bits number every column, in half the memory of 64.
        where = (row.astype(np.int32), column.astype(np.int32))
        made = sparse.coo_array((values, where), shape=(rows, self.n_features)).tocsr()
        made.sum_duplicates()
        return made

    def scale(self, counts: NDArray[np.intp] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what the values of a row are multiplied by, given its number of n-grams."""
        some = np.maximum(counts, 1.0)
        # A power takes ten times as long as two square roots.
        return np.asarray(0.15 / (np.sqrt(np.sqrt(some)) if self.root == 0.25 else some**self.root))


class TextFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Readings -> `Features`: `blocks` of n-grams for comments and passages, `context` and `topicality` for comments.

    `vocabulary` learns which words are known; it is no feature, but tells which comments can be judged at all.
    """

    def __init__(
        self, blocks: Sequence[NGrams] = (), context: Any = None, topicality: Any = None, vocabulary: Any = None
    ) -> None:
        self.blocks = blocks
        self.context = context
        self.topicality = topicality
        self.vocabulary = vocabulary

    def fit(self, X: Reading, y: Any = None) -> TextFeatures:
        """Fit each part."""
        for part in (*self.blocks, self.context, self.topicality, self.vocabulary):
            part.fit(X)
        return self

    def transform(self, X: Reading) -> Features:
        """Return the features of the comments and of their passages."""
        tokens = X.tokens
        wholes, passages = [], []
        for block in self.blocks:
            found = GRAMS[block.grams](tokens)
            wholes.append(block.table(found, tokens.text, len(X)))
            passages.append(block.table(_within(found, tokens.passage), tokens.passage, len(tokens.owner)))
        whole = sparse.hstack([*wholes, self.context.transform(X), self.topicality.transform(X)], format="csr")
        passage = sparse.hstack(passages, format="csr")
        return Features(sparse.csr_array(whole), sparse.csr_array(passage), tokens.owner, X.has_surroundings)

    def __sklearn_is_fitted__(self) -> bool:
        return bool(hasattr(self.topicality, "idf_"))


def _within(found: Grams, passage: NDArray[np.intp]) -> Grams:
    """The n-grams that do not reach over the border of a passage."""
    inside = passage[found.first] == passage[found.last]
    return found if inside.all() else Grams(*(part[inside] for part in found))
