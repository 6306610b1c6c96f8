"""Where in the texts of a batch somebody may have spelled around a filter: everything else is read as it stands.

Most comments are plain, and to try long patterns at each of their letters costs a hundred times what reading them does. What
the patterns of `marks` and `obfuscation` look for has parts that must stand there; those are looked for in all texts at
once. A place where one stands is worth a closer look, no more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from moderation.text.hashing import where
from moderation.text.marks import DOMAINS
from moderation.text.obfuscation import beginnings

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


def _domains() -> NDArray[np.bool_]:
    table = np.zeros((128, 128), dtype=bool)
    for domain in DOMAINS:
        table[ord(domain[0]), ord(domain[1])] = True
    return table


def _beginnings() -> NDArray[np.bool_]:
    table = np.zeros((128, 128, 128), dtype=bool)
    for characters in beginnings():
        table[np.ix_(*([ord(_SIGNS.get(character, character)) for character in each] for each in characters))] = True
    return table


_REACH = 8
"""Characters on either side that a trick reaches over."""
# Signs that are not ASCII stand for one of the same kind; all other characters for one of none, the question mark.
_SIGNS = {"•": "*", "·": "*", "€": "+", "£": "+"}
_TABLE = _table()
_IN_NAMES = np.zeros(128, dtype=bool)
_IN_NAMES[[ord(character) for character in "abcdefghijklmnopqrstuvwxyz0123456789_?"]] = True
_DOMAINS, _BEGINNINGS = _domains(), _beginnings()
"""How what follows a full stop begins where the two may be an address; how words begin that somebody may want to hide."""

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
    tricky, odd = _tricky(codes, kinds)
    promising = _promising(white.searchsorted(odd), white, codes, kinds)
    stands = np.concatenate([tricky, _stretched(codes, kinds)])
    inside = np.concatenate([white.searchsorted(stands), promising])
    space = white.searchsorted(_spaced(codes, kinds))
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


def _tricky(codes: NDArray[np.uint8], kinds: NDArray[np.uint8]) -> tuple[Places, Places]:
    """The signs and digits that stand as they do in a trick, and those that do where the word is a promising one."""
    odd = where((kinds & _ODD) != 0)
    # A full stop before white space is the end of a sentence.
    odd = np.asarray(odd[(codes[odd] != ord(".")) | ((kinds[odd + 1] & _WHITE) == 0)])
    if not len(odd):
        return odd, odd
    padding = np.zeros(_REACH, dtype=np.uint8)
    padded, spelt = (np.concatenate([padding, part, padding]) for part in (kinds, codes))

    def at(step: int, kind: int) -> NDArray[np.bool_]:
        return np.asarray((padded[odd + (_REACH + step)] & kind) != 0)

    def code(step: int) -> NDArray[np.uint8]:
        return np.asarray(spelt[odd + (_REACH + step)])

    sign, leet, bang = at(0, _SIGN), at(0, _LEET), at(0, _BANG)
    letter_before, letter_after, sign_after = at(-1, _LETTER), at(1, _LETTER), at(1, _SIGN)
    # @jo, @#$%, ***
    tricky = (code(0) == ord("@")) & ~at(-1, _LETTER | _DIGIT) & _IN_NAMES[code(1)]
    before, after = at(-1, _CALL | _BANG), at(1, _CALL | _BANG)
    tricky |= at(0, _CALL) & ((before & (after | at(-2, _CALL | _BANG))) | (after & at(2, _CALL | _BANG)))
    # 4chan.org, www.x, http://
    dot = code(0) == ord(".")
    tricky |= dot & (_DOMAINS[code(1), code(2)] | ((code(-1) == ord("w")) & (code(-2) == ord("w"))))
    tricky |= (code(0) == ord("/")) & sign_after
    # i.d.i.o.t: single characters, nothing else beside the first and the last
    alone = sign & at(-1, _SINGLE) & ~at(-2, _LETTER | _DIGIT)
    tricky |= alone & at(1, _SINGLE) & at(2, _SIGN) & at(3, _SINGLE)
    tricky |= alone & sign_after & at(2, _SINGLE) & at(3, _SIGN) & at(4, _SIGN) & at(5, _SINGLE)
    maybe = letter_before & at(0, _MASK)  # f*ck
    maybe |= letter_before & sign & (letter_after | (sign_after & at(2, _LETTER)))  # id.iot
    maybe |= (leet & letter_after) | ((letter_before | at(-1, _BANG)) & leet & ~bang)  # 1d10t, b!tch
    return np.asarray(odd[tricky]), np.asarray(odd[maybe & ~tricky])


def _promising(words: Places, white: Places, codes: NDArray[np.uint8], kinds: NDArray[np.uint8]) -> Places:
    """Those of some words in which something begins as a word does that somebody may want to hide, each once, in order.

    Words are numbered by the white space behind them.
    """
    if not len(words):
        return words
    words = np.unique(words)
    first, size = white[words - 1] + 1, white[words] - white[words - 1] - 1
    ends = size.cumsum()
    place = np.arange(ends[-1]) + (first - (ends - size)).repeat(size)
    place = place[((kinds[place] & _SINGLE) != 0) & ((kinds[place - 1] & (_LETTER | _DIGIT)) == 0)]
    found = place[_BEGINNINGS[codes[place], codes[place + 1], codes[np.minimum(place + 2, len(codes) - 1)]]]
    return np.unique(white.searchsorted(found))
