"""Characters -> 64-bit hashes of their runs, for a whole batch at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8] | NDArray[np.uint32]
Hashes = NDArray[np.uint64]
Places = NDArray[np.intp]


def where(mask: NDArray[np.bool_]) -> Places:
    """Return where a mask of one dimension is true, as `np.flatnonzero` does with more steps around it."""
    return mask.nonzero()[0]


_MULTIPLIER = 0x9E3779B97F4A7C15
# Codes are spread first: neighbouring letters differ in many bits then.
_SPREAD = 0xD6E8FEB86659FD93
_POWERS = np.full(1, _SPREAD, dtype=np.uint64)
_INVERSES = np.ones(1, dtype=np.uint64)


def _powers(size: int) -> tuple[Hashes, Hashes]:
    """The powers of the multiplier, spread, and those of its inverse, modulo 2**64, at least `size` of each."""
    global _POWERS, _INVERSES
    if len(_POWERS) < size:
        count = 1 << (size - 1).bit_length()
        both = []
        for first, base in ((_SPREAD, _MULTIPLIER), (1, pow(_MULTIPLIER, -1, 2**64))):
            powers = np.full(count, base, dtype=np.uint64)
            powers[0] = first
            both.append(np.multiply.accumulate(powers))
        _POWERS, _INVERSES = both
    return _POWERS, _INVERSES


def running_sums(codes: Codes) -> Hashes:
    """Return the sums that `hashes` needs, one longer than `codes`: of code times power of the multiplier, modulo 2**64."""
    powers, _ = _powers(len(codes) + 1)
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    terms = codes.astype(np.uint64)
    terms += np.uint64(1)
    terms *= powers[: len(codes)]
    terms.cumsum(out=sums[1:])
    return sums


def hashes(sums: Hashes, start: Places, end: Places) -> Hashes:
    """Return a 64-bit hash of each run of characters, equal wherever the same characters stand (Karp and Rabin 1987)."""
    _, inverses = _powers(len(sums))
    return mixed((sums[end] - sums[start]) * inverses[start])


def mixed(values: Hashes) -> Hashes:
    """Return the values with every bit depending on every other (the finaliser of MurmurHash3)."""
    values = values ^ (values >> np.uint64(33))
    values *= np.uint64(0xFF51AFD7ED558CCD)
    values ^= values >> np.uint64(33)
    values *= np.uint64(0xC4CEB9FE1A85EC53)
    values ^= values >> np.uint64(33)
    return values


def hash_of(text: str) -> np.uint64:
    """Return the hash of one run of characters."""
    codes = np.array([ord(character) for character in text], dtype=np.uint32)
    return np.uint64(hashes(running_sums(codes), np.array([0]), np.array([len(codes)]))[0])
