"""Counts of what was done -> how it agrees with what the owner did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moderation.replay.outcomes import KEPT, OUTCOMES, REMOVED, STATUSES, Counts, statuses_of, with_outcome
from moderation.replay.shares import Share


@dataclass(frozen=True, slots=True)
class Figures:
    """What a policy or one rule did with all comments, and how that compares with those the owner kept or removed.

    `published` counts, for a rule, those it let pass. `agreement` is the share decided as the owner did, of the ones that
    both have decided: kept and published, or removed and rejected; what is held is left to the owner and is not among them.
    `precision` is the share that the owner removed of what was held or rejected, `recall` the share that was held or
    rejected of what the owner removed; `reject_precision` and `reject_recall` are those of rejecting alone.
    `good_rejected` is the share that was rejected of what the owner kept. Comments of unknown outcome are in no share.
    `by_status` has published, held and rejected of each status, "" for none.
    """

    published: int
    held: int
    rejected: int
    agreement: Share
    precision: Share
    recall: Share
    reject_precision: Share
    reject_recall: Share
    good_rejected: Share
    by_status: Mapping[str, tuple[int, int, int]]

    def by_outcome(self) -> dict[str, tuple[int, int, int]]:
        """Return published, held and rejected of what the owner kept, removed or left open."""
        found = {}
        for outcome in OUTCOMES:
            rows = [self.by_status.get(status or "", (0, 0, 0)) for status in statuses_of(outcome)]
            found[outcome] = (sum(row[0] for row in rows), sum(row[1] for row in rows), sum(row[2] for row in rows))
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the figures, JSON-ready; each share as `{"hits", "of", "share", "low", "high"}`."""
        shares = ("agreement", "precision", "recall", "reject_precision", "reject_recall", "good_rejected")
        return {
            "published": self.published,
            "held": self.held,
            "rejected": self.rejected,
            **{name: getattr(self, name).to_dict() for name in shares},
            "by_status": {
                status or "none": dict(zip(("published", "held", "rejected"), counts, strict=True))
                for status, counts in self.by_status.items()
            },
        }


def figures_of(counts: Counts) -> Figures:
    """Return the figures of counts of shape (actions, statuses)."""
    kept, removed = (with_outcome(counts, outcome).tolist() for outcome in (KEPT, REMOVED))
    published, held, rejected = counts.sum(axis=1).tolist()
    decided = kept[0] + kept[2] + removed[0] + removed[2]
    stopped = removed[1] + removed[2]
    columns = zip(STATUSES, counts.T.tolist(), strict=True)
    return Figures(
        published=published,
        held=held,
        rejected=rejected,
        agreement=Share(kept[0] + removed[2], decided),
        precision=Share(stopped, stopped + kept[1] + kept[2]),
        recall=Share(stopped, sum(removed)),
        reject_precision=Share(removed[2], removed[2] + kept[2]),
        reject_recall=Share(removed[2], sum(removed)),
        good_rejected=Share(kept[2], sum(kept)),
        by_status={status or "": tuple(column) for status, column in columns if sum(column)},
    )
