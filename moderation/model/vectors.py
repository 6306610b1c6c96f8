"""Words -> vectors, learned from which words stand near each other: `bus` and `timetable` have to do with each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import TruncatedSVD

from moderation.model.reading import BUCKETS, Reading, stems_of
from moderation.text.sums import summed

_WINDOW = 8
"""Words on either side that count as near: wide windows bring out the subject, narrow ones the grammar."""
_SEEN = 8
"""A stem seen fewer times has no vector."""
_SMOOTHING = 0.75
"""Power of the context's frequency, so that rare words are not near by chance (Levy, Goldberg and Dagan 2015)."""

Vectors = NDArray[np.float32]


class WordVectors(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Positive pointwise mutual information of neighbouring stems, reduced by a truncated SVD (Levy and Goldberg 2014).

    All directions count alike (singular values to the power 0). Each vector has length 1. `vectors_` has shape (stems with
    a vector + 1, n_components), the last row all 0; `row_` finds the row of each bucket.
    """

    def __init__(self, n_components: int = 100, random_state: int = 0) -> None:
        self.n_components = n_components
        self.random_state = random_state

    def fit(self, X: Reading, y: Any = None) -> WordVectors:
        """Learn from the different texts of the comments."""
        self.__dict__.pop("_vectors_to_add", None)
        stems, text = stems_of(X.tokens)
        first = np.zeros(len(X), dtype=bool)
        first[np.unique([situation.text for situation in X.situations], return_index=True)[1]] = True
        stems, text = stems[first[text]], text[first[text]]
        common = np.flatnonzero(np.bincount(stems, minlength=BUCKETS) >= _SEEN)
        size = min(self.n_components, max(len(common) - 1, 0))
        vectors = np.zeros((len(common) + 1, self.n_components), dtype=np.float32)
        self.row_ = np.full(BUCKETS, len(common), dtype=np.int32)
        self.row_[common] = np.arange(len(common))
        if size:
            near = _information(self.row_[stems], text, len(common))
            svd = TruncatedSVD(size, n_iter=3, random_state=self.random_state).fit(near)
            vectors[:-1, :size] = svd.components_.T
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        # Half precision: what a fourth digit says of a direction no comparison can see.
        self.vectors_ = (vectors / np.maximum(lengths, 1e-9)).astype(np.float16)
        return self

    def sums(self, stems: NDArray[np.int64], owners: NDArray[np.int64], weights: NDArray[Any], rows: int) -> Vectors:
        """Return the weighted sum of the vectors of the stems of each owner, ascending, shape (rows, n_components)."""
        borders = owners.searchsorted(np.arange(rows + 1))
        return summed(borders, self.row_[stems], self._table(), weights.astype(np.float32))

    def _table(self) -> Vectors:
        """The vectors as they are added up; made once, not stored."""
        made: Vectors | None = getattr(self, "_vectors_to_add", None)
        if made is None:
            made = self._vectors_to_add = self.vectors_.astype(np.float32)
        return made

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_vectors_to_add"}


def _information(rows: NDArray[np.int32], text: NDArray[np.intp], size: int) -> sparse.csr_array:
    """The positive pointwise mutual information of the stems that stand near each other, shape (size, size)."""
    pairs = []
    for step in range(1, _WINDOW + 1):
        left, right = rows[:-step], rows[step:]
        near = (text[:-step] == text[step:]) & (left < size) & (right < size)
        pairs.append(np.stack([left[near], right[near]]))
    left, right = np.concatenate(pairs, axis=1)
    ones = np.ones(len(left), dtype=np.float32)
    counts = sparse.coo_array((ones, (left, right)), shape=(size, size)).tocsr()
    counts = sparse.coo_array(counts + counts.T)
    row, column = counts.coords
    total = np.asarray(counts.sum(axis=1))
    context = total**_SMOOTHING / (total**_SMOOTHING).sum()
    information = np.maximum(np.log(counts.data / (total[row] * context[column])), 0)
    return sparse.csr_array((information, (row, column)), shape=(size, size))
