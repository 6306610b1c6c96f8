"""A comment as a whole and passage by passage.

A comment may argue for two pages and insult in one sentence. So its words are read twice: all of them together, and
sentence by sentence, where the strongest one counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin

from moderation.model.reading import Reading

MIN_WORDS = 4
"""A sentence of fewer words is read together with the next one."""

_BREAK = re.compile(r"[.!?\n\u2026]")


@dataclass(frozen=True, slots=True)
class Features:
    """Features of comments and of their passages.

    `whole` has shape (comments, columns of the text and of the surroundings), `passages` (passages, columns of the
    text); `owners[i]` is the comment that passage `i` belongs to. Every comment has at least one passage.
    """

    whole: sparse.csr_array
    passages: sparse.csr_array
    owners: NDArray[np.intp]

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
        return Features(self.whole[rows], self.passages[mine], position[self.owners[mine]])

    def strongest(self, decisions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the highest decision value among each comment's passages, shape (comments,)."""
        highest = np.full(self.whole.shape[0], -np.inf)
        np.maximum.at(highest, self.owners, decisions)
        return highest


class PassageFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Readings -> `Features`: `text` is applied to comments and passages, `surroundings` to comments only."""

    def __init__(self, text: Any, surroundings: Any) -> None:
        self.text = text
        self.surroundings = surroundings

    def fit(self, X: Sequence[Reading], y: Any = None) -> PassageFeatures:
        """Fit both parts on the comments as wholes."""
        self.text.fit(X)
        self.surroundings.fit(X)
        return self

    def transform(self, X: Sequence[Reading]) -> Features:
        """Return the features of the comments and of their passages."""
        parts = [passages(reading) for reading in X]
        text = self.text.transform(X)
        whole = sparse.csr_array(sparse.hstack([text, self.surroundings.transform(X)], format="csr"))
        # A comment of one passage is that passage; only those of several are read again.
        several = [index for index, part in enumerate(parts) if len(part) > 1]
        if not several:
            return Features(whole, text, np.arange(len(parts)))
        owners = np.repeat(several, [len(parts[index]) for index in several])
        single = np.setdiff1d(np.arange(len(parts)), owners)
        again = self.text.transform([passage for index in several for passage in parts[index]])
        return Features(
            whole,
            sparse.csr_array(sparse.vstack([text[single], again], format="csr")),
            np.concatenate([single, owners]),
        )

    def __sklearn_is_fitted__(self) -> bool:
        return bool(hasattr(self.surroundings, "idf_"))


def passages(reading: Reading) -> list[Reading]:
    """Return the sentences of a comment as readings of their own, with the same surroundings; at least one."""
    return [
        reading._replace(text=reading.text[start:end], words=reading.words[first:last])
        for first, last, start, end in borders(reading)
    ]


def borders(reading: Reading) -> list[tuple[int, int, int, int]]:
    """Return first word, end word, first character and end character of each passage."""
    words, text = reading.words, reading.text
    found = []
    first = start = 0
    for index in range(1, len(words)):
        gap = text[words[index - 1].end : words[index].start]
        ended = _BREAK.search(gap) or words[index - 1].form[0] in "!?"
        if ended and index - first >= MIN_WORDS:
            found.append((first, index, start, words[index].start))
            first, start = index, words[index].start
    if found and len(words) - first < MIN_WORDS:
        first, _, start, _ = found.pop()
    return [*found, (first, len(words), start, len(text))]
