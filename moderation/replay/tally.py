"""Judged chunks -> counts. They take the same room for ten comments and for ten million."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from moderation.labels import LABEL_NAMES
from moderation.policy.rules import Policy
from moderation.replay.judging import ACTIONS, STEPS, Difference, Judged, rules_of
from moderation.replay.outcomes import STATUSES, Counts, place_of

SAMPLE = 10
"""Comments that are kept to be shown of each way in which two policies differ."""

Way = tuple[str, str, str, str]
"""How two policies differ: decision and suggestion of the first one, then of the second one."""


class Tally:
    """Counts of what policies would have done, each by what the owner did (the last axis: `STATUSES`).

    `decisions` and `suggestions` have shape (policies, actions, statuses); `fired`, one array a policy, (rules, actions,
    statuses), where the first action stands for a rule that did not fire. `scores` has shape (labels, steps, statuses).
    `ways` counts the comments on which the first two policies differ; `samples` are drawn from them so that each has the
    same chance, the same ones in every run.
    """

    def __init__(self, policies: Sequence[Policy]) -> None:
        actions, statuses = len(ACTIONS), len(STATUSES)
        self.decisions: Counts = np.zeros((len(policies), actions, statuses), dtype=np.int64)
        self.suggestions = self.decisions.copy()
        self.fired: list[Counts] = [
            np.zeros((len(rules_of(policy)), actions, statuses), dtype=np.int64) for policy in policies
        ]
        self.scores: Counts = np.zeros((len(LABEL_NAMES), STEPS + 1, statuses), dtype=np.int64)
        self.ways: dict[Way, Counts] = defaultdict(lambda: np.zeros(statuses, dtype=np.int64))
        self.samples: dict[Way, list[Difference]] = defaultdict(list)
        self._random = np.random.default_rng(0)

    @property
    def comments(self) -> Counts:
        """How many comments were counted, shape (statuses,)."""
        counted: Counts = self.decisions[0].sum(axis=0)
        return counted

    def add(self, judged: Judged) -> None:
        """Count a chunk."""
        for table, places in ((self.decisions, judged.decisions), (self.suggestions, judged.suggestions)):
            for policy, row in enumerate(places):
                np.add.at(table[policy], (row, judged.statuses), 1)
        for counts, fired in zip(self.fired, judged.fired, strict=True):
            for rule, row in enumerate(fired):
                np.add.at(counts[rule], (row, judged.statuses), 1)
        for label in range(len(LABEL_NAMES)):
            known = judged.scores[:, label] >= 0
            np.add.at(self.scores[label], (judged.scores[known, label], judged.statuses[known]), 1)
        for one in judged.differences:
            self._add(one)

    def _add(self, one: Difference) -> None:
        """Count a difference, and keep it with the chance that a sample of the ones so far must give it (reservoir)."""
        way = (one.first.decision, one.first.suggestion, one.second.decision, one.second.suggestion)
        self.ways[way][place_of(one.status)] += 1
        sample, seen = self.samples[way], int(self.ways[way].sum())
        if len(sample) < SAMPLE:
            sample.append(one)
        elif (place := int(self._random.integers(seen))) < SAMPLE:
            sample[place] = one
