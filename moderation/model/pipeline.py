"""The unfitted pipeline: situations in, one probability a label out."""

from __future__ import annotations

from sklearn.pipeline import Pipeline

from moderation.labels import LABEL_NAMES
from moderation.model.classifier import LabelwiseLogistic
from moderation.model.context import Context
from moderation.model.doubt import Vocabulary
from moderation.model.features import NGrams, TextFeatures
from moderation.model.reading import Reader
from moderation.model.topicality import Topicality
from moderation.model.vectors import WordVectors

PASSAGE_LABELS = ("personal_attack", "antisemitism_accusation", "abuse")
"""Labels that one sentence of a long comment can decide."""


def make_pipeline(random_state: int = 0) -> Pipeline:
    """Return an unfitted pipeline: `Situation` -> tokens -> n-grams, context, topicality -> a score a label.

    `off_topic` looks at topicality alone, so that no word is off topic by itself; a disagreement that is off topic is no
    `on_topic_disagreement`. Only `antisemitism_accusation` sees the frames and scenes, in which Jews are told from other
    people. It and `spam` hang on single words more than the others and are regularised less (videos and threads of the
    training set left out).
    """
    frames, scenes = NGrams("frames", 2**16), NGrams("scenes", 2**17)
    features = TextFeatures(
        (frames, scenes, NGrams("words", 2**17), NGrams("chars", 2**17), NGrams("classes", 2**14)),
        Context(),
        Topicality(WordVectors(random_state=random_state)),
        Vocabulary(),
    )
    labels = LabelwiseLogistic(
        labels=LABEL_NAMES,
        passage_labels=PASSAGE_LABELS,
        label_C=(("antisemitism_accusation", 3.0), ("spam", 3.0)),
        head_labels=("antisemitism_accusation",),
        head_width=frames.n_features + scenes.n_features,
        tail_labels=("off_topic",),
        tail_width=Topicality.width,
        placed_labels=("on_topic_disagreement",),
        place_label="off_topic",
        random_state=random_state,
    )
    return Pipeline([("reader", Reader()), ("features", features), ("labels", labels)])
