"""Moderator = model + topicality + policy: the one object that API, command and batch share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from moderation.labels import LABEL_NAMES
from moderation.model.explain import explain
from moderation.model.reading import Reading
from moderation.model.store import StoredModel, load
from moderation.model.topicality import has_surroundings
from moderation.policy.reader import load_policy
from moderation.policy.rules import Policy, judge
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
        readings, rows = self._read(places)
        return [
            self._verdict(comment, reading, scores, spans)
            for comment, reading, scores in zip(comments, readings, rows, strict=True)
        ]

    def scores(self, comments: Iterable[Comment]) -> pd.DataFrame:
        """Return a DataFrame of scores, one row a comment and one column a label; NaN where there is no score.

        The index has the comments' ids, or their positions where none has an id.
        """
        import pandas as pd  # slow to import, and the service never needs it

        batch = list(comments)
        rows = self._read(situations(batch))[1] if batch else []
        named = any(comment.id is not None for comment in batch)
        index = [comment.id for comment in batch] if named else range(len(batch))
        return pd.DataFrame(rows, index=pd.Index(index, name="id"), columns=list(LABEL_NAMES), dtype=float)

    def _read(self, places: Sequence[Situation]) -> tuple[list[Reading], list[dict[str, float | None]]]:
        pipeline = self.model.pipeline
        readings: list[Reading] = pipeline.named_steps["reader"].transform(places)
        features = pipeline.named_steps["features"].transform(readings)
        probabilities = pipeline.named_steps["labels"].predict_proba(features)
        rows: list[dict[str, float | None]] = []
        for reading, row in zip(readings, probabilities.tolist(), strict=True):
            scores: dict[str, float | None] = dict(zip(LABEL_NAMES, row, strict=True))
            if not has_surroundings(reading):
                scores["off_topic"] = None
            rows.append(scores)
        return readings, rows

    def _verdict(self, comment: Comment, reading: Reading, scores: dict[str, float | None], spans: bool) -> Verdict:
        ruling = judge(self.policy, comment, scores)
        fired = {rule.label for rule in ruling.rules}
        shown = [name for name, score in scores.items() if score is not None and (name in fired or score >= SHOWN_FROM)]
        return Verdict(
            id=comment.id,
            decision=ruling.decision,
            suggestion=ruling.suggestion,
            rules=ruling.rules,
            scores=scores,
            spans=tuple(span for name in shown for span in self._spans(reading, name)) if spans else (),
            model=self.model.name,
            policy=self.policy.name,
        )

    def _spans(self, reading: Reading, label: str) -> list[Span]:
        """The words that raised the score of the label most, heaviest first."""
        weights = explain(self.model.pipeline, reading, label).weights
        heaviest = sorted(range(len(weights)), key=lambda index: (-weights[index], index))[:MAX_SPANS]
        return [
            Span(reading.words[index].start, reading.words[index].end, label, float(weights[index]))
            for index in heaviest
            if weights[index] > 0
        ]


def load_moderator(model: str = "default", policy: str = "barnet-eye") -> Moderator:
    """Return a moderator for a model, by name or folder, and a policy, by name or TOML file.

    Raises:
        UnknownNameError: there is no model or policy of that name.
        ModelError: the model is altered, cut off, or made for other versions.
        PolicyError: the policy does not compile.
    """
    return Moderator(load(model), load_policy(policy))
