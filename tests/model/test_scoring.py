from __future__ import annotations

import numpy as np
import pytest

from moderation.labels import LABEL_NAMES
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


OFF_TOPIC = LABEL_NAMES.index("off_topic")


def test_scores_are_those_of_the_pipeline(scorer, small_pipeline):
    found, expected = scorer.probabilities(read(PLACES)), small_pipeline.predict_proba(PLACES)
    # Nothing can be off topic where there is nothing to compare it with.
    expected[[one.article is None for one in PLACES], OFF_TOPIC] = np.nan
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


def test_bare_comments_score_alike_among_bare_ones_and_among_placed_ones(scorer):
    together, bare = scorer.probabilities(read(PLACES)), scorer.probabilities(read(PLACES[: len(TEXTS)]))
    np.testing.assert_array_equal(bare, together[: len(TEXTS)])


def test_decisions_are_those_of_the_pipeline(scorer, small_pipeline):
    reader, features, labels = (step for _, step in small_pipeline.steps)
    expected = labels.decision_function(features.transform(reader.transform(PLACES)))
    assert scorer.decisions(read(PLACES)) == pytest.approx(expected, abs=1e-9)


def test_a_comment_scores_alike_alone_and_in_a_batch(scorer):
    together = scorer.probabilities(read(PLACES))
    alone = np.vstack([scorer.probabilities(read([place])) for place in PLACES])
    np.testing.assert_array_equal(together, alone, "to the last bit")


def test_the_shipped_model_scores_alike_both_ways(shipped_moderator):
    pipeline = shipped_moderator.model.pipeline
    difference = Scorer(pipeline).probabilities(read(PLACES)) - pipeline.predict_proba(PLACES)
    assert np.nanmax(np.abs(difference)) < 1e-9
