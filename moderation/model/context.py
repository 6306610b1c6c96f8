"""What no n-gram says: length, shouting, addressing somebody, links, and what the comment replies to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin

from moderation.model.reading import Reading, shared
from moderation.text.lexicon import CLASSES
from moderation.text.tokens import ADDRESS, CLASS_BIT, HANDLE, MARK, STRONG_BITS, class_table

_OWN = 15
_SEEN = [bit for bit, name in enumerate(CLASSES) if name not in ("jewish", "english")]
"""Classes of the parent's words that count; which identity it names does not."""
_UPPER = np.array([chr(code).isupper() for code in range(0x10000)])
_ALPHA = np.array([chr(code).isalpha() for code in range(0x10000)])


class Context(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Readings -> signals of the comment, and the classes of words that its parent has.

    Each column lies between 0 and about 1, so that one regularisation serves all.
    """

    width = _OWN + 2 * len(_SEEN)

    def fit(self, X: Reading, y: Any = None) -> Context:
        """Nothing to learn."""
        return self

    def transform(self, X: Reading) -> sparse.csr_array:
        """Return an array of shape (comments, `width`)."""
        return sparse.csr_array(self.columns_of(X))

    def columns_of(self, X: Reading) -> NDArray[np.float64]:
        """Return the same array, dense."""
        return np.column_stack([*_own(X), *_of_parent(X)]).reshape(len(X), self.width)

    def __sklearn_is_fitted__(self) -> bool:
        return True


def _own(reading: Reading) -> list[NDArray[np.float64]]:
    tokens, size = reading.tokens, len(reading)
    count = np.diff(tokens.first)
    words = np.maximum(count, 1)

    def having(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(tokens.text[mask], minlength=size).astype(float)

    def in_class(name: str) -> NDArray[np.bool_]:
        return np.asarray((tokens.classes & CLASS_BIT[name]) != 0)

    marks = np.flatnonzero(tokens.kind == MARK)
    shout = np.zeros(len(tokens), dtype=bool)
    shout[marks] = tokens.codes[tokens.start[marks]] == ord("!")
    ask = (tokens.kind == MARK) & ~shout
    strong = (tokens.classes & STRONG_BITS) != 0
    you, me = having(in_class("you")), having(in_class("i"))
    parent = reading.around["parent"] >= 0
    return [
        np.log1p(count) / 6,
        _capitals(reading),
        np.minimum(having(shout), 3) / 3,
        np.minimum(having(ask), 3) / 3,
        np.minimum(having(tokens.kind == ADDRESS), 2) / 2,
        np.minimum(having(tokens.kind == HANDLE), 2) / 2,
        np.minimum(5 * you / words, 1),
        np.minimum(5 * me / words, 1),
        np.minimum(having(strong), 3) / 3,
        parent.astype(float),
        parent * np.minimum(5 * you / words, 1),
        parent * np.minimum(having(strong), 3) / 3,
        parent * np.minimum(having(strong) * you, 3) / 3,
        parent * _overlap(reading),
        (having(in_class("antisemitic")) > 0).astype(float),
    ]


def _of_parent(reading: Reading) -> list[NDArray[np.float64]]:
    """Which classes of words the parent has, and which of them the comment takes up again."""
    around, places = reading.around["parent"], reading.places["parent"]
    table, again = np.zeros((2, len(reading), len(_SEEN)))
    known = np.flatnonzero(around >= 0)
    if len(known):
        counts = np.stack([place.classes for place in places])
        table[known] = np.minimum(counts[around[known]][:, _SEEN], 2) / 2
        tokens = reading.tokens
        position = np.full(len(reading), -1)
        position[known] = np.arange(len(known))
        mine = np.flatnonzero((position[tokens.text] >= 0) & (tokens.classes != 0))
        token, number = np.nonzero(class_table(tokens.classes[mine])[:, _SEEN])
        own = np.zeros((len(known), len(_SEEN)))
        own[position[tokens.text[mine[token]]], number] = 1
        again[known] = table[known] * own
    return [*table.T, *again.T]


def _overlap(reading: Reading) -> NDArray[np.float64]:
    """Share of the comment's different stems that its parent has."""
    different = np.bincount(reading.owners, minlength=len(reading))
    found = np.bincount(reading.owners, shared(reading, "parent"), len(reading))
    return np.asarray(found / np.maximum(different, 1))


def _capitals(reading: Reading) -> NDArray[np.float64]:
    """Share of capitals among the letters as they were typed."""
    texts = [situation.text for situation in reading.situations]
    joined = "\n".join(texts).encode("utf-32-le", "surrogatepass")
    codes = np.minimum(np.frombuffer(joined, dtype="<u4"), 0xFFFF)
    ends = np.cumsum([len(text) + 1 for text in texts], dtype=np.intp)
    starts = np.concatenate([[0], ends])[: len(texts)]
    upper, alpha = (np.concatenate([[0], np.cumsum(table[codes])]) for table in (_UPPER, _ALPHA))
    ends = np.minimum(ends, len(codes))
    return np.asarray((upper[ends] - upper[starts]) / np.maximum(alpha[ends] - alpha[starts], 1))
