"""Where in the texts of a batch somebody may have spelled around a filter: everything else is read as it stands.

Most comments are plain, and to try long patterns at each of their letters costs a hundred times what reading them does. What
the patterns of `normal` and `obfuscation` look for has parts that must stand there; those are looked for in all texts at
once. A place where one stands is worth a closer look, no more.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_LETTER, _LEET, _SIGN, _GAP, _MASK, _CALL, _DIGIT = (1 << bit for bit in range(7))


def _table() -> NDArray[np.uint8]:
    table = np.zeros(128, dtype=np.uint8)
    for characters, bit in (
        ("abcdefghijklmnopqrstuvwxyz", _LETTER),
        ("0123456789@$!|+", _LEET),
        ("*#_.-~^/|%", _SIGN),
        (" *#_.-~^/|%", _GAP),
        ("*#_-", _MASK),
        ("0123456789", _DIGIT),
        # Handles and blotted-out words.
        ("@*#$%&", _CALL),
    ):
        table[[ord(character) for character in characters]] |= bit
    return table


_TABLE = _table()
_FAR = 8
"""Characters put between two texts, more than any of the patterns reaches over."""
# Signs that are not ASCII stand for one of the same kind; all other characters for one of none.
_SIGNS = {"•": "*", "·": "*", "€": "+", "£": "+"}


def suspects(texts: Sequence[str]) -> list[list[int]]:
    """Return the places in each folded text (`fold.py`) between whose nearest white space something may be marked or hidden.

    Words of single letters with spaces between them are hidden in more than that: see `obfuscation.reveal`.
    """
    joined = ("\n" * _FAR).join(["", *texts, ""])
    for sign, like in _SIGNS.items():
        joined = joined.replace(sign, like)
    codes = np.frombuffer(joined.encode("ascii", "replace"), dtype=np.uint8)
    lengths = np.fromiter(map(len, texts), dtype=np.intp, count=len(texts))
    first = _FAR + np.concatenate([[0], np.cumsum(lengths + _FAR)]).astype(np.intp)[:-1]
    places = np.flatnonzero(_tricky(codes))
    borders = np.searchsorted(places, np.append(first, len(codes))).tolist()
    inside = (places - np.repeat(first, np.diff(borders))).tolist()
    return [inside[start:end] for start, end in itertools.pairwise(borders)]


def _tricky(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether something that must stand in a trick begins at each character."""
    kinds = _TABLE[codes]

    def of(kind: int) -> NDArray[np.bool_]:
        return np.asarray((kinds & kind) != 0)

    def after(found: NDArray[np.bool_], places: int) -> NDArray[np.bool_]:
        moved = np.zeros_like(found)
        moved[:-places] = found[places:]
        return moved

    letter, leet, sign, gap = of(_LETTER), of(_LEET), of(_SIGN), of(_GAP)
    bang, dot, slash = (codes == ord(character) for character in "!./")
    odd = of(_LETTER | _LEET)
    outside = ~of(_LETTER | _DIGIT)
    next_letter, next_sign = after(letter, 1), after(sign, 1)
    same = np.zeros_like(letter)
    same[:-1] = codes[1:] == codes[:-1]
    tricky = of(_CALL)
    tricky |= letter & same & after(same, 1)  # stuuupid
    tricky |= letter & after(of(_MASK), 1)  # f*ck
    tricky |= letter & next_sign & (after(letter, 2) | (after(sign, 2) & after(letter, 3)))  # id.iot
    tricky |= (dot & next_letter) | (slash & after(slash, 1))  # 4chan.org, http://
    tricky |= (leet & next_letter) | ((letter | bang) & after(leet & ~bang, 1))  # 1d10t, b!tch
    # i d i o t, i.d.i.o.t: single characters, nothing else beside the first and the last
    first = np.zeros_like(odd)
    first[1:] = odd[1:] & outside[:-1]
    tricky |= first & after(gap, 1) & after(odd, 2) & after(gap, 3) & after(odd, 4) & after(outside, 5)
    twice = next_sign & after(sign, 2) & after(odd, 3) & after(sign, 4) & after(sign, 5) & after(odd, 6)
    return np.asarray(tricky | (first & twice & after(outside, 7)))
