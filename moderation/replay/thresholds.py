"""Scores of what the owner kept and removed -> from which score on a label may reject without exceeding a target."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from moderation.errors import InputError
from moderation.labels import LABEL_NAMES
from moderation.replay.judging import STEPS
from moderation.replay.outcomes import KEPT, REMOVED, Counts, with_outcome
from moderation.replay.shares import Share, needed, upper_ends

REACHED, NOT_REACHABLE, TOO_FEW = "reached", "not reachable", "too few comments to say"

_TARGET = re.compile(
    r"(?:no more than |at most )?(?:([\d,]{1,12}) in ([\d,]{1,12})|([\d.]{1,12}) ?%)(?: good comments rejected)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Target:
    """The share of good comments, those the owner kept, that may be rejected; `says` is how it was worded."""

    share: float
    says: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which score on a label may reject: the lowest one for which the target is met.

    Met means that the upper end of the 95% interval of `good_rejected` is no more than the target. The thresholds are tried
    from the highest one down until one fails, so that looking at many of them does not make it any likelier to be wrong.
    `good_rejected` is the share rejected there of what the owner kept, `caught` of what the owner removed, each of the
    comments that have a score. `answer` is `REACHED`; `NOT_REACHABLE` where even a threshold of 1 rejects too many;
    `TOO_FEW` where nothing rejected at all would not be enough to tell: then `needed` comments that were kept would be.
    """

    label: str
    answer: str
    threshold: float | None
    good_rejected: Share
    caught: Share
    needed: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Shares of what the owner kept and removed that score at least so much, at `AT`; `kept` and `removed` are counts."""

    label: str
    kept: int
    removed: int
    kept_shares: Sequence[float]
    removed_shares: Sequence[float]


AT: Sequence[float] = [step / 200 for step in range(201)]
"""The thresholds of a curve."""


def parse_target(text: str) -> Target:
    """Return the target of words such as `1 in 200`, `0.5%`, or `no more than 1 in 200 good comments rejected`.

    Raises:
        InputError: it is worded otherwise, or is not more than none and less than all.
    """
    found = _TARGET.fullmatch(" ".join(text.lower().split()))
    share = None
    if found:
        hits, of, percent = (part.replace(",", "") if part else part for part in found.groups())
        try:
            share = float(percent) / 100 if percent else int(hits) / int(of)
        except (ValueError, ZeroDivisionError):
            share = None
    if found is None or share is None or not 0 < share < 1:
        raise InputError(f"target is {text[:80]!r}, expected a share such as '1 in 200' or '0.5%'")
    return Target(share, f"{hits} in {of}" if hits else f"{percent}%")


def thresholds_of(scores: Counts, target: Target) -> list[Threshold]:
    """Return the threshold of every label, in table order, from counts of shape (labels, steps, statuses)."""
    return [_threshold(label, *_reaching(counts), target) for label, counts in zip(LABEL_NAMES, scores, strict=True)]


def curves_of(scores: Counts) -> list[Curve]:
    """Return the curve of every label, in table order, from counts of shape (labels, steps, statuses)."""
    places = [round(at * STEPS) for at in AT]
    curves = []
    for label, counts in zip(LABEL_NAMES, scores, strict=True):
        kept, removed = _reaching(counts)
        shares = [(part[places] / max(part[0], 1)).tolist() for part in (kept, removed)]
        curves.append(Curve(label, int(kept[0]), int(removed[0]), *shares))
    return curves


def _reaching(counts: Counts) -> tuple[Counts, Counts]:
    """How many of the kept and of the removed comments score at least so many steps, each of shape (steps,)."""
    kept, removed = (with_outcome(counts, outcome)[::-1].cumsum()[::-1] for outcome in (KEPT, REMOVED))
    return kept, removed


def _threshold(label: str, kept: Counts, removed: Counts, target: Target) -> Threshold:
    all_kept, all_removed = int(kept[0]), int(removed[0])
    least = needed(target.share)
    met = upper_ends(kept, all_kept) <= target.share
    if not met.any():
        # Too few if not even none rejected would do.
        answer = TOO_FEW if all_kept < least else NOT_REACHABLE
        return Threshold(
            label, answer, None, Share(int(kept[-1]), all_kept), Share(int(removed[-1]), all_removed), least
        )
    # The shares only fall as the threshold rises.
    step = int(np.argmax(met))
    good, caught = Share(int(kept[step]), all_kept), Share(int(removed[step]), all_removed)
    return Threshold(label, REACHED, step / STEPS, good, caught, least)
