"""A model and a blog's own decisions -> a model for that blog."""

from __future__ import annotations

import numpy as np
import pytest

from moderation.errors import TrainingError
from moderation.labels import LABEL_NAMES
from moderation.model.adaptation import adapt
from moderation.model.comparison import compare
from moderation.model.explain import explain
from moderation.model.functional import Case
from moderation.model.reading import read
from moderation.model.scoring import Scorer
from moderation.records import Example, Provenance, Situation

SPAM = LABEL_NAMES.index("spam")
HARMLESS = (
    "The bins were late again on our street.",
    "I agree with the plan for the pool.",
    "Thanks, see you on Monday.",
)
UNWANTED = ("We saw a blorple by the river.", "The blorple sat on our wall again.", "My blorple slept well last night.")


def decided(count):
    """What a blog decided that no model knows: talk of a blorple is spam here."""
    rows = []
    for number in range(count):
        for wanted, texts in enumerate((HARMLESS, UNWANTED)):
            text = f"{texts[number % 3]} Number {number}."
            name = f"{number}-{wanted}"
            rows.append(
                Example(name, f"thread-{number % 7}", Situation(text), Provenance("mine", name, "-"), {"spam": wanted})
            )
    return rows


@pytest.fixture(scope="module")
def adapted(small_pipeline):
    return adapt(small_pipeline, decided(40))


def scores(pipeline, *texts):
    return pipeline.predict_proba([Situation(text) for text in texts])[:, SPAM]


def test_it_learns_what_the_blog_decides(small_pipeline, adapted):
    pipeline, learned = adapted
    before, after = (
        scores(one, "A blorple on the roof.", "The pool opens on Monday.") for one in (small_pipeline, pipeline)
    )
    assert after[0] > 0.5 > after[1]
    assert after[0] > before[0]
    spam = learned[SPAM]
    assert (spam.label, spam.yes, spam.no) == ("spam", 40, 40)
    assert spam.after < spam.before
    assert spam.strength is not None


def test_other_labels_stay_as_they_were(small_pipeline, adapted):
    pipeline, learned = adapted
    places = [Situation(text) for text in (*HARMLESS, *UNWANTED, "You are a liar and a coward.")]
    others = [index for index in range(len(LABEL_NAMES)) if index != SPAM]
    before, after = (one.predict_proba(places)[:, others] for one in (small_pipeline, pipeline))
    np.testing.assert_array_equal(before, after)
    assert all(learned[index].before is None for index in others)


def test_the_model_it_came_from_is_not_touched(small_pipeline):
    before = scores(small_pipeline, *UNWANTED)
    adapt(small_pipeline, decided(20))
    np.testing.assert_array_equal(scores(small_pipeline, *UNWANTED), before)


def test_what_was_learned_can_be_explained(adapted):
    pipeline, _ = adapted
    reading = read([Situation("My blorple sat by the river.")])
    scorer = Scorer(pipeline)
    weights = explain(scorer, reading)[:, SPAM]
    decision = pipeline.decision_function([Situation("My blorple sat by the river.")])[0, SPAM]
    assert weights.sum() + scorer.rest(reading)[0, SPAM] == pytest.approx(decision, abs=1e-5)
    assert np.argmax(weights) == 1


def test_decisions_that_say_nothing_new_change_little(small_pipeline):
    """What agrees with the model already is not learned at the cost of everything else."""
    rows = [
        Example(str(n), f"t{n % 5}", Situation(text), Provenance("mine", str(n), "-"), {"spam": spam})
        for n, (text, spam) in enumerate(
            [("Buy cheap pills at www.pills.example", 1), ("I see it differently.", 0)] * 6
        )
    ]
    pipeline, _ = adapt(small_pipeline, rows)
    ordered = scores(pipeline, "Buy cheap watches at www.watches.example now", "The bins are fine.")
    assert ordered[0] > ordered[1]


@pytest.mark.parametrize("count", [0, 2])
def test_too_few_decisions_are_refused(small_pipeline, count):
    with pytest.raises(TrainingError, match="no label has 5 examples of each kind in two threads or more"):
        adapt(small_pipeline, decided(count))


def test_a_worse_model_is_told_from_a_better_one(small_pipeline, adapted):
    better, _ = adapted
    held_out = decided(12)
    suite = {"ads": [Case("1", Situation("A blorple sat on the roof."), "spam", 1, None, None)]}
    assert compare(small_pipeline, better, held_out, suite).objections == ()
    found = compare(better, small_pipeline, held_out, suite)
    assert found.held_out == 24
    assert any(objection.startswith("spam: ROC AUC") for objection in found.objections)
    assert found.rates["ads"][0] >= found.rates["ads"][1]


def test_a_model_that_fails_the_suite_is_told(small_pipeline, adapted):
    worse, _ = adapt(small_pipeline, [
        Example(f"{n}-{spam}", f"t{n % 5}", Situation(text), Provenance("mine", "r", "-"), {"spam": spam})
        for n in range(30)
        for text, spam in ((f"Buy cheap pills at www.pills.example {n}", 0), (f"I see it differently, {n}.", 1))
    ])  # fmt: skip
    texts = ("I see it differently.", "I see it differently, sorry.", "You see it differently.")
    suite = {"ads": [Case(str(n), Situation(text), "spam", 0, None, None) for n, text in enumerate(texts)]}
    objections = compare(small_pipeline, worse, [], suite).objections
    assert any(objection.startswith("functional suite, ads: ") for objection in objections)
