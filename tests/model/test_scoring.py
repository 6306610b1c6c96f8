from __future__ import annotations

import numpy as np
import pytest

from moderation.model.reading import read
from moderation.model.scoring import Scorer
from moderation.records import Article, Situation

TEXTS = (
    "You are a liar and a disgrace, crawl back under your stone! Nobody asked you.",
    "Nobody called you an antisemite. The Jews of this town, my neighbours, said no such thing.",
    "I see it differently: let the members vote on the bins.",
    "BUY cheap pills at https://pills.example/x now!!!",
    'He said "what an idiot" and left.',
    "",
    "!!!",
    "a",
)
BINS = Article("Bins every other week", "The council will empty the bins every other week from May.")
PLACES = [
    *(Situation(text) for text in TEXTS),
    *(Situation(text, parent=TEXTS[0], article=BINS, earlier=TEXTS[1:3], parent_author="Jo") for text in TEXTS),
]


@pytest.fixture(scope="module")
def scorer(small_pipeline) -> Scorer:
    return Scorer(small_pipeline)


def test_scores_are_those_of_the_pipeline(scorer, small_pipeline):
    assert np.abs(scorer.probabilities(read(PLACES)) - small_pipeline.predict_proba(PLACES)).max() < 1e-9


def test_decisions_are_those_of_the_pipeline(scorer, small_pipeline):
    reader, features, labels = (step for _, step in small_pipeline.steps)
    expected = labels.decision_function(features.transform(reader.transform(PLACES)))
    assert scorer.decisions(read(PLACES)) == pytest.approx(expected, abs=1e-9)


def test_a_comment_scores_alike_alone_and_in_a_batch(scorer):
    together = scorer.probabilities(read(PLACES))
    alone = np.vstack([scorer.probabilities(read([place])) for place in PLACES])
    assert (together == alone).all(), "to the last bit"


def test_the_shipped_model_scores_alike_both_ways(shipped_moderator):
    pipeline = shipped_moderator.model.pipeline
    assert np.abs(Scorer(pipeline).probabilities(read(PLACES)) - pipeline.predict_proba(PLACES)).max() < 1e-9
