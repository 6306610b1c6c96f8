"""Readings -> numbers. Every n-gram knows the words it spans, so a linear weight can be shown where it stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import murmurhash3_32

from moderation.model.grams import GRAMS
from moderation.model.reading import Reading
from moderation.model.text import ANTISEMIT

_TYPICAL_LENGTH = 30.0
"""Length of the TF-IDF row of a comment of average size: there, a row comes out with length 1."""
_YOU = frozenset(("you", "your", "you're", "yours", "yourself", "u", "ur", "youre"))
_ME = frozenset(("i", "i'm", "my", "me", "i've", "we", "our"))


class NGrams(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Inverse document frequency of the different hashed n-grams of one kind of `GRAMS`; how often one occurs is ignored.

    `n_features` is the number of columns; two n-grams may share one (the hashing trick, Weinberger et al. 2009). Rows
    are divided by the square root of their length, not by the length: one insult in a long comment stays visible.
    """

    def __init__(self, grams: str = "words", n_features: int = 2**17) -> None:
        self.grams = grams
        self.n_features = n_features

    def fit(self, X: Sequence[Reading], y: Any = None) -> NGrams:
        """Learn the inverse document frequency of each column, smoothed as scikit-learn's TfidfTransformer does."""
        columns = np.concatenate([np.empty(0, np.int32), *(self._columns(reading) for reading in X)])
        frequency = np.bincount(columns, minlength=self.n_features)
        self.idf_ = (np.log((1 + len(X)) / (1 + frequency)) + 1).astype(np.float32)
        return self

    def transform(self, X: Sequence[Reading]) -> sparse.csr_array:
        """Return an array of shape (readings, n_features)."""
        rows = [self._columns(reading) for reading in X]
        values = [self.idf_[columns].astype(np.float64) for columns in rows]
        for row in values:
            row /= math.sqrt(max(math.sqrt(float(row @ row)), 1e-9) * _TYPICAL_LENGTH)
        # 32 bits: liblinear takes no other.
        ends = np.cumsum([0, *map(len, rows)], dtype=np.int32)
        shape = (len(rows), self.n_features)
        return sparse.csr_array((_joined(values), _joined(rows), ends), shape=shape)

    def positions(self, reading: Reading) -> NDArray[np.intp]:
        """Return the column, first word and last word of every n-gram of one reading, shape (3, n-grams)."""
        size = self.n_features
        found = [(_hash(gram) % size, first, last) for gram, first, last in GRAMS[self.grams](reading.words)]
        return np.array(found, dtype=np.intp).reshape(-1, 3).T

    def _columns(self, reading: Reading) -> NDArray[np.int32]:
        """The columns of the different n-grams of a reading, ascending."""
        size = self.n_features
        return np.unique(
            np.fromiter((_hash(gram) % size for gram, _, _ in GRAMS[self.grams](reading.words)), dtype=np.int32)
        )


@lru_cache(maxsize=2**18)
def _hash(gram: str) -> int:
    return int(murmurhash3_32(gram, seed=0, positive=True))


def _joined(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.empty(0, np.int32)


class Signals(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """What no n-gram says: length, shouting, addressing somebody, links, and what the comment replies to.

    Each column lies between 0 and about 1, so that one regularisation serves all.
    """

    width = 11

    def fit(self, X: Sequence[Reading], y: Any = None) -> Signals:
        """Nothing to learn."""
        return self

    def transform(self, X: Sequence[Reading]) -> sparse.csr_array:
        """Return an array of shape (readings, `width`)."""
        rows = [_signals(reading) for reading in X]
        return sparse.csr_array(np.array(rows, dtype=np.float64).reshape(-1, self.width))

    def __sklearn_is_fitted__(self) -> bool:
        return True


def _signals(reading: Reading) -> list[float]:
    forms = [word.form for word in reading.words]
    count = max(len(forms), 1)
    letters = [character for character in reading.text if character.isalpha()]
    upper = sum(character.isupper() for character in letters) / max(len(letters), 1)
    parent = reading.parent
    return [
        math.log1p(len(forms)) / 6,
        upper,
        min(sum(form.startswith("!") for form in forms), 3) / 3,
        min(sum(form.startswith("?") for form in forms), 3) / 3,
        min(forms.count("<url>"), 2) / 2,
        min(5 * sum(form in _YOU for form in forms) / count, 1.0),
        min(5 * sum(form in _ME for form in forms) / count, 1.0),
        float(parent is not None),
        float(parent is not None and any(form.startswith(ANTISEMIT) for form in parent)),
        len(parent.intersection(forms)) / count if parent else 0.0,
        float(any(form.startswith(ANTISEMIT) for form in forms)),
    ]


class Blocks(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Several blocks of features side by side, without the bookkeeping that makes FeatureUnion slow on one comment.

    `blocks` holds transformers; those that are `NGrams` stand first.
    """

    def __init__(self, blocks: Sequence[Any] = ()) -> None:
        self.blocks = blocks

    def fit(self, X: Sequence[Reading], y: Any = None) -> Blocks:
        """Fit each block."""
        for block in self.blocks:
            block.fit(X)
        return self

    def transform(self, X: Sequence[Reading]) -> sparse.csr_array:
        """Return an array of shape (readings, columns of all blocks)."""
        return sparse.csr_array(sparse.hstack([block.transform(X) for block in self.blocks], format="csr"))

    def __sklearn_is_fitted__(self) -> bool:
        return all(hasattr(block, "idf_") for block in self.blocks if isinstance(block, NGrams))
