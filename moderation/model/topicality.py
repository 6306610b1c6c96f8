"""How far a comment is from its article and its thread.

The measure is lexical: how much of the comment's information (sum of inverse document frequencies of its different
stems) is found again in the title, the article, the parent and the thread, and how much is not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin

from moderation.model.reading import BUCKETS, KINDS, Reading, shared

_RARE = 5.0
"""Inverse document frequency from which on a word says what a text is about: in fewer than one text of 150."""


class Topicality(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Readings -> how much of each comment is found again in what surrounds it."""

    width = 2 * (3 * len(KINDS) + 6) + 1

    def fit(self, X: Reading, y: Any = None) -> Topicality:
        """Learn how common each stem is, over comments and the different articles."""
        frequency = np.bincount(X.stems, minlength=BUCKETS).astype(float)
        for place in X.places["article"]:
            frequency[place.stems] += 1
        documents = len(X) + len(X.places["article"])
        self.idf_ = np.log((1 + documents) / (1 + frequency)).astype(np.float32)
        return self

    def transform(self, X: Reading) -> sparse.csr_array:
        """Return an array of shape (comments, `width`)."""
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
        # A short comment has little to be found again: what is found weighs by how much there is.
        size = np.log1p(np.bincount(owners, minlength=count)) / 3
        columns += [size, *(column * size for column in columns)]
        return sparse.csr_array(np.column_stack(columns).reshape(count, self.width))
