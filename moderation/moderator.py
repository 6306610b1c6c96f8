"""Moderator = model + topicality + policy: the one object that API, command and batch share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from moderation.labels import LABEL_NAMES
from moderation.model.explain import explain
from moderation.model.passages import Features
from moderation.model.reading import Reading
from moderation.model.store import StoredModel, load
from moderation.model.topicality import has_surroundings
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
        self.policy = policy

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
        readings, features = self._read(places)
        verdicts = []
        for index, (comment, scores) in enumerate(zip(comments, self._scores(readings, features), strict=True)):
            ruling = judge(self.policy, comment, scores)
            verdicts.append(
                Verdict(
                    id=comment.id,
                    decision=ruling.decision,
                    suggestion=ruling.suggestion,
                    rules=ruling.rules,
                    scores=scores,
                    spans=self._spans(readings[index], features, index, scores, ruling) if spans else (),
                    model=self.model.name,
                    policy=self.policy.name,
                )
            )
        return verdicts

    def scores(self, comments: Iterable[Comment]) -> pd.DataFrame:
        """Return a DataFrame of scores, one row a comment and one column a label; NaN where there is no score.

        The index has the comments' ids, or their positions where none has an id.
        """
        import pandas as pd  # slow to import, and the service never needs it

        batch = list(comments)
        rows = self._scores(*self._read(situations(batch))) if batch else []
        named = any(comment.id is not None for comment in batch)
        index = [comment.id for comment in batch] if named else range(len(batch))
        return pd.DataFrame(rows, index=pd.Index(index, name="id"), columns=list(LABEL_NAMES), dtype=float)

    def _read(self, places: Sequence[Situation]) -> tuple[list[Reading], Features]:
        steps = self.model.pipeline.named_steps
        readings: list[Reading] = steps["reader"].transform(places)
        return readings, steps["features"].transform(readings)

    def _scores(self, readings: Sequence[Reading], features: Features) -> list[dict[str, float | None]]:
        rows: list[dict[str, float | None]] = []
        probabilities = self.model.pipeline.named_steps["labels"].predict_proba(features)
        for reading, row in zip(readings, probabilities.tolist(), strict=True):
            scores: dict[str, float | None] = dict(zip(LABEL_NAMES, row, strict=True))
            if not has_surroundings(reading):
                scores["off_topic"] = None
            rows.append(scores)
        return rows

    def _spans(
        self, reading: Reading, features: Features, index: int, scores: Mapping[str, float | None], ruling: Ruling
    ) -> tuple[Span, ...]:
        """The words that raised a score most, heaviest first, for each label that fired a rule or is likely."""
        fired = {rule.label for rule in ruling.rules}
        shown = [label for label, score in scores.items() if score and (label in fired or score >= SHOWN_FROM)]
        own = features.take(np.array([index])) if shown else features
        found = []
        for label in shown:
            weights = explain(self.model.pipeline, reading, own, label).weights
            heaviest = np.argsort(-weights, kind="stable")[:MAX_SPANS].tolist()
            found += [
                Span(reading.words[place].start, reading.words[place].end, label, float(weights[place]))
                for place in heaviest
                if weights[place] > 0
            ]
        return tuple(found)


def load_moderator(model: str = "default", policy: str = "barnet-eye") -> Moderator:
    """Return a moderator for a model, by name or folder, and a policy, by name or TOML file.

    Raises:
        UnknownNameError: there is no model or policy of that name.
        ModelError: the model is altered, cut off, or made for other versions.
        PolicyError: the policy does not compile.
    """
    return Moderator(load(model), load_policy(policy))
