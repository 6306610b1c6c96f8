"""How far a comment is from its article and its thread.

The measure is lexical: how much of the comment's information (sum of inverse document frequencies of its different
words) is found again in the article and in the thread, and how much is not. Words are compared by their first letters,
a crude stem that serves inflected English well enough.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import murmurhash3_32

from moderation.model.reading import Reading

_STEM = 6
_BUCKETS = 2**16


class Topicality(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Readings -> how much of each comment is found again in what surrounds it."""

    width = 8

    def fit(self, X: Sequence[Reading], y: Any = None) -> Topicality:
        """Learn how common each word is, over comments and the different articles."""
        documents = [_stems(word.form for word in reading.words) for reading in X]
        documents += [_stems(article) for article in {reading.article for reading in X if reading.article}]
        frequency = np.zeros(_BUCKETS)
        for stems in documents:
            for stem in stems:
                frequency[_bucket(stem)] += 1
        self.idf_ = np.log((1 + len(documents)) / (1 + frequency)).astype(np.float32)
        return self

    def transform(self, X: Sequence[Reading]) -> sparse.csr_array:
        """Return an array of shape (readings, `width`)."""
        rows = [self._row(reading) for reading in X]
        return sparse.csr_array(np.array(rows, dtype=np.float64).reshape(-1, self.width))

    def _row(self, reading: Reading) -> list[float]:
        own = _stems(word.form for word in reading.words)
        article = _place_stems(reading.article) if reading.article is not None else frozenset[str]()
        thread = _place_stems(reading.thread) if reading.thread is not None else frozenset[str]()
        total = self._mass(own)
        in_article, in_thread = self._mass(own & article), self._mass(own & thread)
        in_both = self._mass(own & (article | thread))
        return [
            float(reading.article is not None),
            float(reading.thread is not None),
            in_article / total if total else 0.0,
            in_thread / total if total else 0.0,
            math.log1p(in_article) / 4,
            math.log1p(in_thread) / 4,
            math.log1p(in_both) / 4,
            math.log1p(total - in_both) / 4,
        ]

    def _mass(self, stems: Iterable[str]) -> float:
        # fsum: the order of a set changes from one process to the next, the sum must not.
        return math.fsum(self.idf_[_bucket(stem)] for stem in stems)


def has_surroundings(reading: Reading) -> bool:
    """Whether there is an article or a thread to compare the comment with."""
    return reading.article is not None or reading.thread is not None


def _stems(forms: Iterable[str]) -> frozenset[str]:
    return frozenset(form[:_STEM] for form in forms if len(form) > 2 and not form.startswith("<"))


@lru_cache(maxsize=64)
def _place_stems(forms: frozenset[str]) -> frozenset[str]:
    """Stems of an article or a thread, which recur from comment to comment."""
    return _stems(forms)


def _bucket(stem: str) -> int:
    return int(murmurhash3_32(stem, seed=0, positive=True)) % _BUCKETS
