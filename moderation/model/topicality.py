"""How far a comment is from its article and its thread.

Two measures, each for the title, the article, the parent and the thread. How much of the comment's information (sum of
inverse document frequencies of its different stems) is found again there, and how much is not; and the cosine between what
the words of the comment have to do with and what the words there do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin

from moderation.model.reading import BUCKETS, KINDS, Place, Reading, shared
from moderation.model.vectors import Vectors, WordVectors
from moderation.text.hashing import where

_RARE = 5.0
"""Inverse document frequency from which on a word says what a text is about: in fewer than one text of 150."""
_TELLING = 2.0
"""Words that are commoner than this have no part in a cosine."""
_COMMON = 2
"""Directions that nearly all comments share say nothing of their subject (Arora, Liang and Ma 2017)."""
_ENOUGH = 20_000
"""Comments from which the shared directions are learned."""


class Topicality(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Readings -> how much of each comment is found again in what surrounds it, and how near the two are."""

    width = 2 * (4 * len(KINDS) + 6) + 1

    def __init__(self, vectors: WordVectors) -> None:
        self.vectors = vectors

    def fit(self, X: Reading, y: Any = None) -> Topicality:
        """Learn how common each stem is, over comments and the different articles, and what it has to do with."""
        frequency = np.bincount(X.stems, minlength=BUCKETS).astype(float)
        for place in X.places["article"]:
            frequency[place.stems] += 1
        documents = len(X) + len(X.places["article"])
        self.idf_ = np.log((1 + documents) / (1 + frequency)).astype(np.float32)
        self.vectors.fit(X)
        self.common_ = np.zeros((0, self.vectors.n_components), dtype=np.float32)
        some = self._directions(X.stems, X.owners, len(X))[:: 1 + len(X) // _ENOUGH]
        self.common_ = np.linalg.svd(some, full_matrices=False)[2][:_COMMON]
        return self

    def transform(self, X: Reading) -> sparse.csr_array:
        """Return an array of shape (comments, `width`)."""
        return sparse.csr_array(self.columns_of(X))

    def columns_of(self, X: Reading) -> NDArray[np.float64]:
        """Return the same array, dense."""
        owners, count = X.owners, len(X)
        idf = self.idf_[X.stems].astype(np.float64)
        total = np.bincount(owners, idf, count)
        columns = []
        anywhere = np.zeros(len(owners), dtype=bool)
        for kind in KINDS:
            found = shared(X, kind)
            anywhere |= found
            mass = np.bincount(owners, idf * found, count)
            rare = np.bincount(owners, np.maximum(idf - _RARE, 0) * found, count)
            columns += [mass / np.maximum(total, 1e-9), np.log1p(mass) / 4, np.log1p(rare) / 3]
        both = np.bincount(owners, idf * anywhere, count)
        columns += [
            (X.around["article"] >= 0).astype(float),
            (X.around["thread"] >= 0).astype(float),
            both / np.maximum(total, 1e-9),
            np.log1p(both) / 4,
            np.log1p(np.maximum(total - both, 0)) / 4,
            np.log1p(np.bincount(owners, np.maximum(idf - _RARE, 0) * ~anywhere, count)) / 3,
        ]
        columns += self._cosines(X)
        # A short comment has little to be found again: what is found weighs by how much there is.
        size = np.log1p(np.bincount(owners, minlength=count)) / 3
        table = np.array(columns)
        return np.ascontiguousarray(np.concatenate([table, size[None], table * size]).T)

    def _cosines(self, X: Reading) -> list[NDArray[np.float64]]:
        """Between each comment and what surrounds it, 0 where nothing does."""
        if not any(X.places.values()):
            return [np.zeros(len(X)) for _ in KINDS]
        around = [place for kind in KINDS for place in X.places[kind]]
        sizes = [len(place.stems) for place in around]
        owners = np.concatenate([X.owners, len(X) + np.arange(len(around)).repeat(sizes)])
        directions = self._directions(np.concatenate([X.stems, _stems(around)]), owners, len(X) + len(around))
        columns, begin = [], len(X)
        for kind in KINDS:
            column = np.zeros(len(X))
            known = where(X.around[kind] >= 0)
            column[known] = np.einsum("ij,ij->i", directions[known], directions[begin + X.around[kind][known]])
            columns.append(column)
            begin += len(X.places[kind])
        return columns

    def _directions(self, stems: NDArray[np.int64], owners: NDArray[np.int64], rows: int) -> Vectors:
        """What the stems of each owner have to do with, of length 1, shape (rows, components)."""
        sums = self.vectors.sums(stems, owners, np.maximum(self.idf_[stems] - _TELLING, 0), rows)
        # Not `@`: how BLAS rounds hangs on the number of rows, and a score must not hang on the batch.
        shares = np.einsum("ij,kj->ik", sums, self.common_)
        sums = sums - np.einsum("ik,kj->ij", shares, self.common_)
        return np.asarray(sums / np.maximum(np.sqrt(np.einsum("ij,ij->i", sums, sums))[:, None], 1e-9))


def _stems(places: Sequence[Place]) -> NDArray[np.int64]:
    return np.concatenate([np.empty(0, dtype=np.int64), *(place.stems for place in places)])
