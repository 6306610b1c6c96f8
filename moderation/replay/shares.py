"""A share of so many comments, and how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_Z = 1.959964
"""The normal quantile of an interval that has the true share 95 times in 100."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of` comments."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, from 0 to 1; None of no comments."""
        return self.hits / self.of if self.of else None

    @property
    def low(self) -> float:
        """The lower end of the 95% interval of Wilson (1927)."""
        return _end(self.hits, self.of, -1)

    @property
    def high(self) -> float:
        """The upper end of that interval."""
        return _end(self.hits, self.of, 1)

    def to_dict(self) -> dict[str, Any]:
        """Return `{"hits", "of", "share", "low", "high"}`, JSON-ready, with four decimals."""
        share = None if self.value is None else round(self.value, 4)
        return {
            "hits": self.hits,
            "of": self.of,
            "share": share,
            "low": round(self.low, 4),
            "high": round(self.high, 4),
        }


def upper_ends(hits: NDArray[np.int64], of: int) -> NDArray[np.float64]:
    """Return the upper ends of the intervals of many counts of hits of the same comments, in the shape of `hits`."""
    if not of:
        return np.ones(hits.shape)
    share, spread = hits / of, _Z * _Z / of
    root = np.sqrt(share * (1 - share) * spread + spread * spread / 4)
    ends: NDArray[np.float64] = (share + spread / 2 + root) / (1 + spread)
    return np.minimum(ends, 1.0)


def needed(share: float) -> int:
    """Return of how many comments none must be a hit so that the upper end of the interval is no more than `share`."""
    return int(np.ceil(_Z * _Z * (1 - share) / share))


def _end(hits: int, of: int, side: int) -> float:
    # The lower end of some hits is what the upper end of all the others leaves.
    if not of:
        return 0.0 if side < 0 else 1.0
    upper = float(upper_ends(np.array(hits if side > 0 else of - hits), of))
    return upper if side > 0 else 1 - upper
