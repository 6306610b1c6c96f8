"""Where in the texts of a batch somebody may have spelled around a filter: everything else is read as it stands.

Most comments are plain, and to try long patterns at each of their letters costs a hundred times what reading them does. What
the patterns of `normal` and `obfuscation` look for has parts that must stand there; those are looked for in all texts at
once. A place where one stands is worth a closer look, no more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from moderation.text.hashing import where

_LETTER, _DIGIT, _LEET, _SIGN, _MASK, _CALL, _BANG, _WHITE = (1 << bit for bit in range(8))
_ODD = _LEET | _SIGN | _CALL
_SINGLE = _LETTER | _LEET


def _table() -> NDArray[np.uint8]:
    table = np.zeros(128, dtype=np.uint8)
    for characters, bit in (
        ("abcdefghijklmnopqrstuvwxyz", _LETTER),
        ("0123456789", _DIGIT),
        ("0123456789@$!|+", _LEET),
        ("*#_.-~^/|%", _SIGN),
        ("*#_-", _MASK),
        # Handles and blotted-out words.
        ("@*#$%&", _CALL),
        ("!", _BANG),
        (" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f", _WHITE),
    ):
        table[[ord(character) for character in characters]] |= bit
    return table


_TABLE = _table()
_REACH = 8
"""Characters on either side that a trick reaches over."""
# Signs that are not ASCII stand for one of the same kind; all other characters for one of none.
_SIGNS = {"•": "*", "·": "*", "€": "+", "£": "+"}

Places = NDArray[np.intp]


def suspects(joined: str) -> tuple[Places, Places]:
    """Return where something may be marked or hidden in folded texts (`fold.py`): where it begins and ends, in order.

    The texts have a line end before and behind each. What is found begins and ends at white space; it has spaces in it only
    where single characters stand apart, which may hide a word that is longer than they are.
    """
    if not joined.isascii():
        for sign, like in _SIGNS.items():
            joined = joined.replace(sign, like)
    codes = np.frombuffer(joined.encode("ascii", "replace"), dtype=np.uint8)
    kinds = _TABLE.take(codes, mode="clip")
    white = where((kinds & _WHITE) != 0)
    inside = np.searchsorted(white, np.concatenate([_tricky(codes, kinds), _stretched(codes, kinds)]))
    space = np.searchsorted(white, _spaced(codes, kinds))
    # A word, or single characters with what stands before them.
    first, last = np.concatenate([inside, space]) - 1, np.concatenate([inside, space + 2])
    order = np.argsort(first)
    first, last = first[order], np.maximum.accumulate(last[order])
    begins = np.ones(len(first), dtype=bool)
    begins[1:] = first[1:] >= last[:-1]
    return white[first[begins]] + 1, white[last[np.append(begins[1:], True)[: len(last)]]]


def _stretched(codes: NDArray[np.uint8], kinds: NDArray[np.uint8]) -> Places:
    """Where the same letter stands three times, as in `stuuupid`."""
    same = codes[1:] == codes[:-1]
    thrice = where(same[1:] & same[:-1])
    return np.asarray(thrice[(kinds[thrice] & _LETTER) != 0])


def _spaced(codes: NDArray[np.uint8], kinds: NDArray[np.uint8]) -> Places:
    """Where two single characters follow a space, as in ` i d`."""
    space = codes == ord(" ")
    found = where(space[:-2] & space[2:])
    for step in (1, 3):
        found = found[_ALONE[codes[found + step]]]
    return np.asarray(found[(kinds[found + 4] & (_LETTER | _DIGIT)) == 0])


_ALONE = np.zeros(128, dtype=bool)
_ALONE[[ord(character) for character in "abcdefghijklmnopqrstuvwxyz0123456789@$!"]] = True
"""What stands for a letter where letters stand apart."""


def _tricky(codes: NDArray[np.uint8], kinds: NDArray[np.uint8]) -> Places:
    """The signs and digits that stand as they do in a trick."""
    odd = where((kinds & _ODD) != 0)
    # A full stop before white space is the end of a sentence.
    odd = np.asarray(odd[(codes[odd] != ord(".")) | ((kinds[odd + 1] & _WHITE) == 0)])
    if not len(odd):
        return odd
    padded = np.concatenate([np.zeros(_REACH, dtype=np.uint8), kinds, np.zeros(_REACH, dtype=np.uint8)])

    def at(step: int, kind: int) -> NDArray[np.bool_]:
        return np.asarray((padded[odd + (_REACH + step)] & kind) != 0)

    # Of the signs themselves: `.` and `/` begin an address.
    sign, leet, bang = at(0, _SIGN), at(0, _LEET), at(0, _BANG)
    dot, slash = codes[odd] == ord("."), codes[odd] == ord("/")
    letter_before, letter_after, sign_after = at(-1, _LETTER), at(1, _LETTER), at(1, _SIGN)
    tricky = at(0, _CALL)
    tricky |= letter_before & at(0, _MASK)  # f*ck
    tricky |= letter_before & sign & (letter_after | (sign_after & at(2, _LETTER)))  # id.iot
    tricky |= (dot & letter_after) | (slash & sign_after)  # 4chan.org, http://
    tricky |= (leet & letter_after) | ((letter_before | at(-1, _BANG)) & leet & ~bang)  # 1d10t, b!tch
    # i.d.i.o.t: single characters, nothing else beside the first and the last
    alone = sign & at(-1, _SINGLE) & ~at(-2, _LETTER | _DIGIT)
    tricky |= alone & at(1, _SINGLE) & at(2, _SIGN) & at(3, _SINGLE)
    tricky |= alone & sign_after & at(2, _SINGLE) & at(3, _SIGN) & at(4, _SIGN) & at(5, _SINGLE)
    return np.asarray(odd[tricky])
