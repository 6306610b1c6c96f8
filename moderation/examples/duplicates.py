"""Near-duplicates: texts that share most of their three-word sequences.

Two texts are near-duplicates when the Jaccard index of their sets of three-word shingles is at least `SIMILAR` (Broder
1997, "On the resemblance and containment of documents"). Texts of fewer than `MIN_WORDS` words are left alone: two readers
who both write "nice song" have not copied each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from moderation.records import Example

SIMILAR = 0.7
MIN_WORDS = 6
_SHINGLE = 3
_BLOCK = 2000

_WORD = re.compile(r"[^\W_]+")


def near_duplicates(texts: Sequence[str]) -> NDArray[np.intp]:
    """Return the pairs of near-duplicates, shape (pairs, 2), each with the smaller index first, in order."""
    shingles = _shingles(texts)
    sizes = shingles.getnnz(axis=1)
    others = shingles.T.tocsr()
    found = []
    for start in range(0, len(texts), _BLOCK):
        shared = (shingles[start : start + _BLOCK] @ others).tocoo()
        left, right = shared.row + start, shared.col
        similar = shared.data >= SIMILAR * (sizes[left] + sizes[right] - shared.data)
        keep = similar & (left < right)
        found.append(np.column_stack([left[keep], right[keep]]))
    pairs = np.concatenate(found) if found else np.empty((0, 2), dtype=np.intp)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].astype(np.intp)


def copies(examples: Iterable[Example]) -> list[list[Example]]:
    """Return the examples in groups of equal comments: the same words with the same parent under the same article."""
    same = defaultdict(list)
    for example in examples:
        place = example.situation
        same[" ".join(place.text.split()).casefold(), place.parent, place.article].append(example)
    return list(same.values())


def groups(count: int, pairs: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the group of each of `count` things, shape (count,), where the two of a pair are in the same group."""
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    of_each: NDArray[np.intp] = connected_components(links, directed=False)[1].astype(np.intp)
    return of_each


def _shingles(texts: Sequence[str]) -> csr_matrix:
    columns: dict[tuple[str, ...], int] = {}
    rows, cells = [], []
    for row, text in enumerate(texts):
        words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
        if len(words) >= MIN_WORDS:
            own = {tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
            cells += [columns.setdefault(shingle, len(columns)) for shingle in own]
            rows += [row] * len(own)
    shape = (len(texts), max(len(columns), 1))
    return csr_matrix((np.ones(len(rows), dtype=np.int32), (rows, cells)), shape=shape)
