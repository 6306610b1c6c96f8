"""What an owner did, and how policies agree with it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from moderation.replay.figures import figures_of
from moderation.replay.outcomes import KEPT, REMOVED, STATUSES, UNKNOWN, outcome_of, place_of, statuses_of, with_outcome
from moderation.replay.shares import Share
from moderation.threads.exports.comment_rows import STATUSES as STATED

# approved, held, spam, trash, deleted, none
COUNTS = np.array(
    [
        [80, 4, 1, 2, 0, 3],  # published
        [15, 5, 2, 3, 1, 2],  # held
        [5, 1, 7, 2, 2, 0],  # rejected
    ]
)


def test_every_status_counts_as_one_outcome():
    assert set(STATUSES) == {*STATED, None}
    outcomes = [outcome_of(status) for status in STATUSES]
    assert outcomes == [KEPT, UNKNOWN, REMOVED, REMOVED, REMOVED, UNKNOWN]
    assert [STATUSES[place_of(status)] for status in STATUSES] == list(STATUSES)
    assert [status for name in (KEPT, REMOVED, UNKNOWN) for status in statuses_of(name)] == [
        "approved", "spam", "trash", "deleted", "held", None,
    ]  # fmt: skip
    assert sum(with_outcome(COUNTS, name) for name in (KEPT, REMOVED, UNKNOWN)).tolist() == COUNTS.sum(axis=1).tolist()


def test_figures_by_hand():
    found = figures_of(COUNTS)
    assert (found.published, found.held, found.rejected) == (90, 28, 17)
    # Removed: 3 published, 6 held, 11 rejected, 20 together. Kept: 80, 15, 5, 100 together.
    assert found.agreement == Share(80 + 11, 80 + 5 + 3 + 11)
    assert found.precision == Share(17, 17 + 20)
    assert found.recall == Share(17, 20)
    assert found.reject_precision == Share(11, 16)
    assert found.reject_recall == Share(11, 20)
    assert found.good_rejected == Share(5, 100)
    assert found.by_status["spam"] == (1, 2, 7)
    assert found.by_outcome() == {KEPT: (80, 15, 5), REMOVED: (3, 6, 11), UNKNOWN: (7, 7, 1)}
    assert json.loads(json.dumps(found.to_dict()))["by_status"]["none"] == {"published": 3, "held": 2, "rejected": 0}


@pytest.mark.parametrize("kept", [0, 3])
def test_without_removed_comments_there_is_no_recall(kept):
    counts = np.zeros((3, 6), dtype=int)
    counts[0, place_of("approved")] = kept
    found = figures_of(counts)
    assert found.recall.value is None
    assert found.precision.value is None
    assert found.agreement == Share(kept, kept)
