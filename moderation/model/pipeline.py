"""The unfitted pipeline: situations in, one probability a label out."""

from __future__ import annotations

from sklearn.pipeline import Pipeline

from moderation.labels import LABEL_NAMES
from moderation.model.classifier import LabelwiseLogistic
from moderation.model.features import Blocks, NGrams, Signals
from moderation.model.passages import PassageFeatures
from moderation.model.reading import Reader
from moderation.model.topicality import Topicality

PASSAGE_LABELS = ("personal_attack", "antisemitism_accusation", "abuse")
"""Labels that one sentence of a long comment can decide."""


def make_pipeline(C: float = 8.0, random_state: int = 0) -> Pipeline:
    """Return an unfitted pipeline: `Situation` -> words -> n-grams, signals, topicality -> a score a label.

    `C` is the inverse strength of the regularisation. `off_topic` looks at topicality alone, so that no word is off
    topic by itself.
    """
    text = Blocks(
        [
            NGrams("words", 2**17),
            NGrams("chars", 2**17),
            NGrams("frames", 2**16),
            NGrams("classes", 2**14),
            Signals(),
        ]
    )
    labels = LabelwiseLogistic(
        labels=LABEL_NAMES,
        passage_labels=PASSAGE_LABELS,
        tail_labels=("off_topic",),
        tail_width=Topicality.width,
        C=C,
        random_state=random_state,
    )
    return Pipeline([("reader", Reader()), ("features", PassageFeatures(text, Topicality())), ("labels", labels)])
