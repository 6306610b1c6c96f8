"""Moderator = model + topicality + policy: the one object that API, command and batch share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from moderation.labels import LABEL_NAMES
from moderation.model.doubt import doubts
from moderation.model.explain import explain
from moderation.model.reading import Reading, read
from moderation.model.scoring import Scorer, Sums
from moderation.model.serving import load_named
from moderation.model.store import SERVING, StoredModel
from moderation.policy.reader import load_policy
from moderation.policy.rules import Policy, Ruling, Scores, judge
from moderation.records import Comment, Situation, Span, Verdict
from moderation.threads.situations import situations

if TYPE_CHECKING:
    import pandas as pd

MAX_SPANS = 5
"""Words shown a label: as many as a person takes in at a glance."""
SHOWN_FROM = 0.5
"""A label whose rule did not fire still shows its words from this score on: more likely than not."""
_PART = 1_000
"""Comments read at a time: more take more memory and are no quicker."""


class Moderator:
    """Judges comments with one model under one policy. Holds no state between calls; safe to share between threads."""

    def __init__(self, model: StoredModel, policy: Policy) -> None:
        self.model = model
        self.policy = policy.at(model.thresholds)
        self._scorer = Scorer(model.pipeline)

    def score(self, comments: Iterable[Comment], *, spans: bool = True) -> list[Verdict]:
        """Return one verdict a comment, in the same order; `spans=False` leaves out the words that weighed.

        The comments are one batch: a `parent` may be the id of another one, and those of one `thread_id` see the ones
        before them.
        """
        batch = list(comments)
        return self.judge(batch, situations(batch), spans=spans)

    def judge(self, comments: Sequence[Comment], places: Sequence[Situation], *, spans: bool = True) -> list[Verdict]:
        """Return one verdict a comment whose situation is known already: a part of a larger batch."""
        if not comments:
            return []
        reading = read(places)
        sums = self._scorer.sums(reading)
        scores, doubt = self._scores(reading, sums)
        rulings = [judge(self.policy, *row) for row in zip(comments, scores, doubt, strict=True)]
        shown = self._spans(reading, sums, scores, rulings) if spans else [()] * len(comments)
        return [
            Verdict(
                id=comment.id,
                decision=ruling.decision,
                suggestion=ruling.suggestion,
                rules=ruling.rules,
                scores=own,
                spans=words,
                model=self.model.name,
                policy=self.policy.name,
            )
            for comment, ruling, own, words in zip(comments, rulings, scores, shown, strict=True)
        ]

    def scores(self, comments: Iterable[Comment]) -> pd.DataFrame:
        """Return a DataFrame of scores, one row a comment and one column a label; NaN where there is no score (`off_topic`
        without surroundings, every label of a comment that cannot be judged).

        The index has the comments' ids, or their positions where none has an id.
        """
        import pandas as pd

        batch = list(comments)
        places = situations(batch)
        parts = (places[start : start + _PART] for start in range(0, len(places), _PART))
        rows = np.concatenate([np.empty((0, len(LABEL_NAMES))), *(self._table(read(part))[0] for part in parts)])
        named = any(comment.id is not None for comment in batch)
        index = [comment.id for comment in batch] if named else range(len(batch))
        return pd.DataFrame(rows, index=pd.Index(index, name="id"), columns=_columns(), dtype=float)

    def _table(self, reading: Reading, sums: Sums | None = None) -> tuple[NDArray[np.float64], list[str | None]]:
        """The scores of each comment, NaN where there is none, and why it cannot be judged: then it has none."""
        scores = self._scorer.probabilities(reading, sums)
        doubt = doubts(reading, self.model.pipeline.named_steps["features"].vocabulary)
        scores[[index for index, reason in enumerate(doubt) if reason is not None]] = np.nan
        return scores, doubt

    def _scores(self, reading: Reading, sums: Sums) -> tuple[list[dict[str, float | None]], list[str | None]]:
        """The same, with None where there is no score."""
        scores, doubt = self._table(reading, sums)
        rows = [dict(zip(LABEL_NAMES, row, strict=True)) for row in scores.tolist()]
        for index in np.flatnonzero(np.isnan(scores).any(axis=1)).tolist():
            rows[index] = {name: None if math.isnan(score) else score for name, score in rows[index].items()}
        return list(rows), doubt

    def _spans(
        self, reading: Reading, sums: Sums, scores: Sequence[Scores], rulings: Sequence[Ruling]
    ) -> list[tuple[Span, ...]]:
        """The words that raised a score most, heaviest first, for each label that fired a rule or is likely."""
        shown: dict[int, list[str]] = {}
        for index, (own, ruling) in enumerate(zip(scores, rulings, strict=True)):
            fired = {rule.label for rule in ruling.rules}
            labels = [label for label, score in own.items() if score and (label in fired or score >= SHOWN_FROM)]
            if labels:
                shown[index] = labels
        found: list[tuple[Span, ...]] = [()] * len(reading)
        if shown:
            part, of_part = reading, sums
            if len(shown) < len(reading):
                part = read([reading.situations[index] for index in shown])
                of_part = self._scorer.sums(part)
            weights = explain(self._scorer, part, of_part)
            for number, (index, labels) in enumerate(shown.items()):
                found[index] = tuple(span for label in labels for span in _heaviest(part, number, label, weights))
        return found


@cache
def _columns() -> pd.Index[str]:
    import pandas as pd  # slow to import, and the service never needs it

    return pd.Index(LABEL_NAMES)


def _heaviest(reading: Reading, comment: int, label: str, weights: NDArray[np.float64]) -> Iterator[Span]:
    first, last = reading.tokens.first[comment : comment + 2].tolist()
    own = weights[first:last, LABEL_NAMES.index(label)]
    for token in np.argsort(-own, kind="stable")[:MAX_SPANS].tolist():
        if own[token] > 0:
            yield Span(*reading.tokens.span(first + token), label, float(own[token]))


def load_moderator(model: str = SERVING, policy: str = "barnet-eye") -> Moderator:
    """Return a moderator for a model, by name or folder, and a policy, by name or TOML file.

    `serving` is the model that was promoted, the shipped one where none was.

    Raises:
        UnknownNameError: there is no model or policy of that name.
        ModelError: the model is altered, cut off, or made for other versions.
        PolicyError: the policy does not compile.
    """
    return Moderator(load_named(model), load_policy(policy))
