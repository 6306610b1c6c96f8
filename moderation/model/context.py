"""What no n-gram says: length, shouting, addressing somebody, links, and what the comment replies to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin

from moderation.model.reading import Reading, shared
from moderation.text.hashing import where
from moderation.text.lexicon import CLASSES
from moderation.text.words import class_table

_OWN = 15
_SEEN = [bit for bit, name in enumerate(CLASSES) if name not in ("jewish", "english")]
"""Classes of the parent's words that count; which identity it names does not."""
_CASES = np.array([chr(code).isalpha() + (chr(code).isupper() << 32) for code in range(0x10000)], dtype=np.int64)
"""Whether each character is a letter, and in the upper half whether it is a capital: both are counted in one go."""


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
        columns = np.zeros((len(X), self.width))
        columns[:, :_OWN] = self.own_columns_of(X)
        _of_parent(X, columns[:, _OWN : _OWN + len(_SEEN)], columns[:, _OWN + len(_SEEN) :])
        return columns

    def own_columns_of(self, X: Reading) -> NDArray[np.float64]:
        """Return the first of these columns: all others are 0 where no comment replies to one."""
        return np.stack(_own(X), axis=1)

    def __sklearn_is_fitted__(self) -> bool:
        return True


def _own(reading: Reading) -> list[NDArray[np.float64]]:
    count = reading.tokens.first[1:] - reading.tokens.first[:-1]
    words = np.maximum(count, 1)
    you, me, strong = (reading.count(fact) for fact in ("you", "i", "strong"))
    parent = reading.around["parent"] >= 0
    return [
        np.log1p(count) / 6,
        _capitals(reading),
        np.minimum(reading.count("shout"), 3) / 3,
        np.minimum(reading.count("ask"), 3) / 3,
        np.minimum(reading.count("address"), 2) / 2,
        np.minimum(reading.count("handle"), 2) / 2,
        np.minimum(5 * you / words, 1),
        np.minimum(5 * me / words, 1),
        np.minimum(strong, 3) / 3,
        parent.astype(float),
        parent * np.minimum(5 * you / words, 1),
        parent * np.minimum(strong, 3) / 3,
        parent * np.minimum(strong * you, 3) / 3,
        parent * _overlap(reading, parent),
        (reading.count("antisemitic") > 0).astype(float),
    ]


def _of_parent(reading: Reading, table: NDArray[np.float64], again: NDArray[np.float64]) -> None:
    """Note which classes of words the parent has, and which of them the comment takes up again."""
    around, places = reading.around["parent"], reading.places["parent"]
    known = where(around >= 0)
    if len(known):
        counts = np.stack([place.classes for place in places])
        table[known] = np.minimum(counts[around[known]][:, _SEEN], 2) / 2
        tokens = reading.tokens
        position = np.full(len(reading), -1)
        position[known] = np.arange(len(known))
        mine = where((position[tokens.text] >= 0) & (tokens.classes != 0))
        token, number = np.nonzero(class_table(tokens.classes[mine])[:, _SEEN])
        own = np.zeros((len(known), len(_SEEN)))
        own[position[tokens.text[mine[token]]], number] = 1
        again[known] = table[known] * own


def _overlap(reading: Reading, parent: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of the comment's different stems that its parent has."""
    if not parent.any():
        return np.zeros(len(reading))
    different = np.bincount(reading.owners, minlength=len(reading))
    found = np.bincount(reading.owners, shared(reading, "parent"), len(reading))
    return np.asarray(found / np.maximum(different, 1))


def _capitals(reading: Reading) -> NDArray[np.float64]:
    """Share of capitals among the letters as they were typed."""
    texts = [situation.text for situation in reading.situations]
    other = [index for index, text in enumerate(texts) if not text.isascii()]
    found = _shares(["" if not text.isascii() else text for text in texts], "ascii", np.uint8)
    if other:
        found[other] = _shares([texts[index] for index in other], "utf-32-le", np.uint32)
    return found


def _shares(texts: Sequence[str], encoding: str, width: type) -> NDArray[np.float64]:
    codes: NDArray[Any] = np.frombuffer("\n".join([*texts, ""]).encode(encoding, "surrogatepass"), dtype=width)
    ends = (np.fromiter(map(len, texts), dtype=np.intp, count=len(texts)) + 1).cumsum()
    both = np.add.reduceat(_CASES.take(codes, mode="clip"), np.concatenate([[0], ends])[: len(texts)])
    return np.asarray((both >> 32) / np.maximum(both & 0xFFFFFFFF, 1))
