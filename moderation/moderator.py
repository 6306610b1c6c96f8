"""Moderator = model + topicality + policy: the one object that API, command and batch share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from moderation.labels import LABEL_NAMES
from moderation.model.doubt import doubts
from moderation.model.explain import explain
from moderation.model.reading import Reading, read
from moderation.model.scoring import Scorer
from moderation.model.serving import load_named
from moderation.model.store import SERVING, StoredModel
from moderation.policy.reader import load_policy
from moderation.policy.rules import Policy, Ruling, judge
from moderation.records import Comment, Situation, Span, Verdict
from moderation.threads.situations import situations

if TYPE_CHECKING:
    import pandas as pd

MAX_SPANS = 5
"""Words shown a label: as many as a person takes in at a glance."""
SHOWN_FROM = 0.5
"""A label whose rule did not fire still shows its words from this score on: more likely than not."""


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
        verdicts = []
        scored = zip(comments, places, *self._scores(read(places)), strict=True)
        for comment, place, scores, doubt in scored:
            ruling = judge(self.policy, comment, scores, doubt)
            verdicts.append(
                Verdict(
                    id=comment.id,
                    decision=ruling.decision,
                    suggestion=ruling.suggestion,
                    rules=ruling.rules,
                    scores=scores,
                    spans=self._spans(place, scores, ruling) if spans else (),
                    model=self.model.name,
                    policy=self.policy.name,
                )
            )
        return verdicts

    def scores(self, comments: Iterable[Comment]) -> pd.DataFrame:
        """Return a DataFrame of scores, one row a comment and one column a label; NaN where there is no score (`off_topic`
        without surroundings, every label of a comment that cannot be judged).

        The index has the comments' ids, or their positions where none has an id.
        """
        import pandas as pd  # slow to import, and the service never needs it

        batch = list(comments)
        rows = self._table(read(situations(batch)))[0] if batch else np.empty((0, len(LABEL_NAMES)))
        named = any(comment.id is not None for comment in batch)
        index = [comment.id for comment in batch] if named else range(len(batch))
        return pd.DataFrame(rows, index=pd.Index(index, name="id"), columns=list(LABEL_NAMES), dtype=float)

    def _table(self, reading: Reading) -> tuple[NDArray[np.float64], list[str | None]]:
        """The scores of each comment, NaN where there is none, and why it cannot be judged: then it has none."""
        scores = self._scorer.probabilities(reading)
        doubt = doubts(reading, self.model.pipeline.named_steps["features"].vocabulary)
        scores[~reading.has_surroundings, LABEL_NAMES.index("off_topic")] = np.nan
        scores[[index for index, reason in enumerate(doubt) if reason is not None]] = np.nan
        return scores, doubt

    def _scores(self, reading: Reading) -> tuple[list[dict[str, float | None]], list[str | None]]:
        """The same, with None where there is no score."""
        scores, doubt = self._table(reading)
        rows = [dict(zip(LABEL_NAMES, row, strict=True)) for row in scores.tolist()]
        for index in np.flatnonzero(np.isnan(scores).any(axis=1)).tolist():
            rows[index] = {name: None if math.isnan(score) else score for name, score in rows[index].items()}
        return list(rows), doubt

    def _spans(self, place: Situation, scores: Mapping[str, float | None], ruling: Ruling) -> tuple[Span, ...]:
        """The words that raised a score most, heaviest first, for each label that fired a rule or is likely."""
        fired = {rule.label for rule in ruling.rules}
        shown = [label for label, score in scores.items() if score and (label in fired or score >= SHOWN_FROM)]
        if not shown:
            return ()
        reading = read([place])
        features = self.model.pipeline.named_steps["features"].transform(reading)
        found = []
        for label in shown:
            weights = explain(self.model.pipeline, reading, features, label).weights
            heaviest = np.argsort(-weights, kind="stable")[:MAX_SPANS].tolist()
            found += [
                Span(*reading.tokens.span(token), label, float(weights[token]))
                for token in heaviest
                if weights[token] > 0
            ]
        return tuple(found)


def load_moderator(model: str = SERVING, policy: str = "barnet-eye") -> Moderator:
    """Return a moderator for a model, by name or folder, and a policy, by name or TOML file.

    `serving` is the model that was promoted, the shipped one where none was.

    Raises:
        UnknownNameError: there is no model or policy of that name.
        ModelError: the model is altered, cut off, or made for other versions.
        PolicyError: the policy does not compile.
    """
    return Moderator(load_named(model), load_policy(policy))
