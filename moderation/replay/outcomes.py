"""What an owner did with a comment, as far as the status in an export tells.

`approved` counts as kept; `spam`, `trash` and `deleted` count as removed. `held` counts as unknown, as nobody has decided
yet, and so does no status, where the export does not say. A `deleted` comment may have been taken back by its
author: exports do not tell who deleted it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]

STATUSES: tuple[str | None, ...] = ("approved", "held", "spam", "trash", "deleted", None)
"""Every status, in the order in which counts are kept: the last axis of an array of them."""
KEPT, REMOVED, UNKNOWN = "kept", "removed", "unknown"
OUTCOMES = (KEPT, REMOVED, UNKNOWN)

_OUTCOME = {"approved": KEPT, "spam": REMOVED, "trash": REMOVED, "deleted": REMOVED, "held": UNKNOWN, None: UNKNOWN}
_PLACES = {name: [place for place, one in enumerate(STATUSES) if _OUTCOME[one] == name] for name in OUTCOMES}
_PLACE_OF = {status: place for place, status in enumerate(STATUSES)}


def place_of(status: str | None) -> int:
    """Return the place of a status in `STATUSES`."""
    return _PLACE_OF[status]


def outcome_of(status: str | None) -> str:
    """Return `kept`, `removed` or `unknown`."""
    return _OUTCOME[status]


def statuses_of(outcome: str) -> tuple[str | None, ...]:
    """Return the statuses that count as an outcome."""
    return tuple(STATUSES[place] for place in _PLACES[outcome])


def with_outcome(counts: Counts, outcome: str) -> Counts:
    """Return the counts of comments with an outcome: shape (..., statuses) becomes (...,)."""
    found: Counts = counts[..., _PLACES[outcome]].sum(axis=-1)
    return found
