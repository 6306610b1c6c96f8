"""Fitting, scoring and explaining."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys

import numpy as np
import pytest

from moderation.errors import TrainingError
from moderation.labels import LABEL_NAMES
from moderation.model import training
from moderation.model.classifier import thresholds_of
from moderation.model.evaluation import calibration_error, evaluate, targets
from moderation.model.explain import explain
from moderation.model.reading import read
from moderation.model.scoring import Scorer
from moderation.records import Article, Example, Provenance, Situation
from tests.conftest import ROOT


def test_the_same_data_gives_the_same_bytes_of_scores(few_examples, small_pipeline, seed_thread):
    again = training.fit(few_examples)
    places = [Situation(comment.text, None, seed_thread.article) for comment in seed_thread.comments]
    assert again.predict_proba(places).tobytes() == small_pipeline.predict_proba(places).tobytes()


FIT_AND_SCORE = """
import hashlib, sys
from pathlib import Path
from moderation.examples import read_examples
from moderation.model import training
from moderation.model.classifier import thresholds_of
from tests.conftest import few_columns
rows = [row for path in sys.argv[1:] for row in read_examples(Path(path))]
with few_columns():
    scores = training.fit(rows).predict_proba([row.situation for row in rows])
sys.stdout.write(hashlib.sha256(scores.tobytes()).hexdigest())
"""


def test_another_process_gives_the_same_bytes_too():
    """Sets of words are walked in another order in every process."""
    files = [str(ROOT / "seeds" / "written" / name) for name in ("visitors.jsonl", "identity_threads.jsonl")]
    digests = set()
    for hash_seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", FIT_AND_SCORE, *files],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(ran.stdout)
    assert len(digests) == 1


def test_scores_are_probabilities_and_do_not_depend_on_the_batch(small_pipeline, few_examples):
    places = [row.situation for row in few_examples[:40]]
    together = small_pipeline.predict_proba(places)
    assert together.shape == (40, len(LABEL_NAMES))
    assert ((together >= 0) & (together <= 1)).all()
    apart = np.vstack([small_pipeline.predict_proba([place]) for place in places])
    np.testing.assert_allclose(together, apart, rtol=0, atol=1e-12)


def test_it_learned_something(small_pipeline, few_examples):
    rows = evaluate(small_pipeline, few_examples, thresholds_of(small_pipeline))
    for row in rows:
        if row.label != "off_topic":
            assert row.roc_auc > 0.9, row


@pytest.mark.parametrize("label", LABEL_NAMES)
def test_contributions_add_up_to_the_decision(small_pipeline, seed_thread, label):
    places = [Situation(comment.text, "You are wrong.", seed_thread.article) for comment in seed_thread.comments]
    places.append(Situation("!!! 🤡 ???"))
    decisions = small_pipeline.decision_function(places)[:, LABEL_NAMES.index(label)]
    reading, row = read(places), LABEL_NAMES.index(label)
    scorer = Scorer(small_pipeline)
    weights = explain(scorer, reading)
    assert weights.shape == (len(reading.tokens), len(LABEL_NAMES))
    words = np.bincount(reading.tokens.text, weights[:, row], len(places))
    assert words + scorer.rest(reading)[:, row] == pytest.approx(decisions, abs=1e-9)


def test_texts_without_words_are_scored(small_pipeline):
    assert np.isfinite(small_pipeline.predict_proba([Situation("—"), Situation("👍"), Situation("")])).all()


def example(name, text, **labels):
    return Example(name, name, Situation(text), Provenance("test", name, "none"), labels)


def test_an_unknown_label_teaches_nothing(few_examples, small_pipeline):
    """Rows that say nothing about spam leave every weight of spam as it was, up to the words they make common."""
    row = LABEL_NAMES.index("spam")
    silent = [
        dataclasses.replace(one, labels={k: v for k, v in one.labels.items() if k != "spam"}) for one in few_examples
    ]
    with pytest.raises(TrainingError, match="label 'spam' has 0 examples judged 1 and 0 judged 0"):
        training.fit(silent)
    assert np.isnan(targets(silent)[:, row]).all()
    assert targets([example("a", "x", spam=0)])[0, row] == 0


def test_off_topic_is_unknown_without_surroundings():
    column = LABEL_NAMES.index("off_topic")
    rows = [example("a", "x", off_topic=1), dataclasses.replace(example("b", "x", off_topic=1))]
    rows[1] = dataclasses.replace(rows[1], situation=Situation("x", article=Article("Bins")))
    assert np.isnan(targets(rows)[0, column])
    assert targets(rows)[1, column] == 1


def test_swapped_comments_teach_off_topic_only():
    rows = [
        Example(f"{thread}{n}", thread, Situation(f"text {thread}{n}", article=Article(thread)),
                Provenance("test", "r", "none"), {"off_topic": 0, "spam": 0})
        for thread in "ab" for n in range(2)
    ]  # fmt: skip
    made = training.swapped(rows)
    assert len(made) == 4
    for row in made:
        assert row.labels == {"off_topic": 1}
        assert row.situation.article.title != row.thread
    assert training.swapped(rows[:2]) == [], "one thread has nothing to swap with"


def test_a_disagreement_out_of_place_is_less_of_an_on_topic_one(small_pipeline):
    text = "I disagree: the council should empty the bins every week, not leave them to overflow in the street."
    bins = Article(
        "Bins every other week", "The council will empty the bins in every street every other week from May."
    )
    choir = Article(
        "The choir sings again", "After two years the cathedral choir sings its Christmas concert in the nave."
    )
    rows = [Situation(text, article=bins), Situation(text, article=choir), Situation(text)]
    reader, features, labels = (step for _, step in small_pipeline.steps)
    read = features.transform(reader.transform(rows))
    disagreement, off_topic = (LABEL_NAMES.index(name) for name in ("on_topic_disagreement", "off_topic"))
    scores = small_pipeline.predict_proba(rows)
    lost = labels.out_of_place(read, "on_topic_disagreement")
    assert scores[0, off_topic] < scores[1, off_topic]
    assert lost[0] < lost[1]
    assert lost[2] == 0, "nothing around it, nothing to be out of"
    assert scores[0, disagreement] > scores[1, disagreement]
    assert not labels.out_of_place(read, "spam").any()


def test_some_comments_are_also_shown_with_their_article_alone():
    rows = [
        Example(f"a{n}", "a", Situation(f"text {n}", "parent", Article("a"), ("earlier",)),
                Provenance("test", "r", "none"), {"off_topic": n % 2})
        for n in range(12)
    ]  # fmt: skip
    made = training.alone(rows)
    assert [row.id for row in made] == ["a0~alone", "a6~alone"]
    assert all(row.situation == Situation(row.situation.text, article=Article("a")) for row in made)
    assert all(row.labels == {"off_topic": 0} for row in made)


def test_a_large_corpus_does_not_drown_the_others():
    many = [example(str(n), "x", spam=0) for n in range(4 * training.FULL_WEIGHT_ROWS)]
    published = [dataclasses.replace(row, provenance=Provenance("youtube_spam", row.id, "-")) for row in many]
    column = LABEL_NAMES.index("spam")
    assert training.weights(many)[0, column] == 1, "an owner's own labels count in full"
    assert training.weights(published)[0, column] == pytest.approx(0.25)
    ours = [dataclasses.replace(row, provenance=Provenance("youtube_spam", row.id, "-", by_guide=True)) for row in many]
    weights = training.weights([*published, *ours])[:, column]
    assert weights[0] == pytest.approx(0.25), "what this project judged does not weigh on the authors' share"
    assert weights[-1] == 1, "rows judged by the guide count in full, whatever corpus they are of"


def test_nothing_to_train_on():
    with pytest.raises(TrainingError, match="no examples"):
        training.fit([])


def test_calibration_error():
    wanted = np.array([0.0, 0.0, 1.0, 1.0])
    assert calibration_error(wanted, wanted) == 0
    assert calibration_error(wanted, np.array([0.05, 0.05, 0.95, 0.95])) == pytest.approx(0.05)
    assert calibration_error(wanted, 1 - wanted) == 1
