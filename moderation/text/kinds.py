"""Characters -> the kind of token that each belongs to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from moderation.text.hashing import Codes, where
from moderation.text.marks import MASK, URL, USER

Kinds = NDArray[np.uint8]

WORD, NUMBER, MARK, PICTURE, ADDRESS, HANDLE, BLOT = range(1, 8)
"""Kinds of tokens: words, numbers, runs of `!` and `?`, pictures, addresses of web pages, handles, blotted-out words."""
_APOSTROPHE, _POINT = 0x80 | WORD, 0x80 | NUMBER
"""Signs that belong to a token between two letters, or between two digits."""


def _kinds() -> Kinds:
    kinds = np.zeros(0x10000, dtype=np.uint8)
    for code in range(0x10000):
        character = chr(code)
        if character.isalpha():
            kinds[code] = WORD
        elif character.isdigit():
            kinds[code] = NUMBER
    kinds[[ord("!"), ord("?")]] = MARK
    kinds[0x2600:0x27C0] = PICTURE
    for mark, kind in ((URL, ADDRESS), (USER, HANDLE), (MASK, BLOT)):
        kinds[ord(mark)] = kind
    kinds[[ord(sign) for sign in "'.,"]] = _APOSTROPHE, _POINT, _POINT
    return kinds


_KINDS = _kinds()


def kinds_of(codes: Codes) -> Kinds:
    """Return the kind of each character, 0 for what belongs to no token. The first and the last must be line ends."""
    kinds = _KINDS.take(codes, mode="clip")
    if codes.dtype != np.uint8:
        high = where(codes > 0xFFFF)
        kinds[high] = np.where((codes[high] >= 0x1F300) & (codes[high] <= 0x1FAFF), PICTURE, WORD)
    signs = where(kinds & 0x80 != 0)
    between = kinds[signs] & 0x7F
    kinds[signs] = np.where((kinds[signs - 1] == between) & (kinds[signs + 1] == between), between, 0)
    return kinds
