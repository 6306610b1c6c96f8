"""Comments judged by several policies, scored once."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from moderation.batch import score_all
from moderation.errors import ModelError
from moderation.labels import LABEL_NAMES
from moderation.moderator import load_moderator
from moderation.policy.reader import load_policy
from moderation.policy.rules import HOLD, PUBLISH, REJECT
from moderation.records import Archived, Author, Comment
from moderation.replay.judging import ACTIONS, STEPS, Judging, Side, rules_of
from moderation.replay.outcomes import STATUSES
from moderation.threads.exports.places import Placed
from moderation.threads.situations import situations
from tests.replay.conftest import ARCHIVE, placed

TEXTS = (
    "You are a liar and a disgrace, crawl back under your stone.",
    "Buy cheap pills at www.pills.example now, best prices!",
    "I see it differently: let the members vote.",
    "Ja, das sehe ich auch so.",
    "ok",
)


def named(places) -> list[str]:
    return [ACTIONS[place] for place in places]


def test_by_hand(oracle, policies):
    judged = Judging("oracle", list(policies.values()))(ARCHIVE)
    assert [STATUSES[place] for place in judged.statuses] == [one.archived.status for one in ARCHIVE]
    first, second = map(named, judged.decisions)
    assert first == [PUBLISH, REJECT, HOLD, REJECT, HOLD, HOLD, HOLD, PUBLISH]
    assert second == [HOLD, REJECT, REJECT, REJECT, HOLD, HOLD, REJECT, HOLD]
    first, second = map(named, judged.suggestions)
    assert first == [PUBLISH, REJECT, HOLD, REJECT, PUBLISH, HOLD, HOLD, PUBLISH]
    assert second == [PUBLISH, REJECT, REJECT, REJECT, PUBLISH, HOLD, REJECT, PUBLISH]
    assert [rule.id for rule in rules_of(policies["first"])] == ["attacks", "shop", "unjudged"]
    assert [rule.id for rule in rules_of(policies["second"])] == ["attacks", "unjudged", "moderated"]
    assert judged.fired[0].tolist() == [[0, 2, 1, 2, 0, 0, 1, 0], [0, 0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0]]
    assert judged.fired[1].tolist() == [[0, 2, 2, 2, 0, 0, 2, 0], [0, 0, 0, 0, 0, 1, 0, 0], [1] * 8]


def test_differences_are_in_what_is_decided_or_suggested(oracle, policies):
    differences = Judging("oracle", list(policies.values()))(ARCHIVE).differences
    assert [one.id for one in differences] == ["1", "3", "7", "8"]
    one = differences[1]
    assert (one.status, one.thread, one.text) == ("approved", "t", "personal_attack=0.6 Oh, you would say so.")
    assert one.first == Side(HOLD, HOLD, ("attacks",))
    assert one.second == Side(REJECT, REJECT, ("attacks", "moderated"))
    assert one.scores == dict.fromkeys(LABEL_NAMES, 0.0) | {"personal_attack": 0.6}
    assert Judging("oracle", [policies["first"]])(ARCHIVE).differences == ()


@pytest.mark.parametrize("threshold", [0.0, 0.1, 0.29, 0.57, 0.9312, 0.9999, 1.0])
def test_scores_are_counted_as_a_threshold_would_treat_them(oracle, policies, threshold):
    """0.29 * 10,000 is 2,899.999...: the step must be the one that the threshold 0.29 is reached by."""
    below = np.nextafter(threshold, 0)
    steps = Judging("oracle", [policies["first"]])(
        placed((f"spam={threshold}", None), (f"spam={below:.20f}", None), ("doubt", None))
    ).scores
    spam = LABEL_NAMES.index("spam")
    assert steps[0, spam] == round(threshold * STEPS)
    assert steps[1, spam] == max(round(threshold * STEPS) - 1, 0)
    assert set(steps[2].tolist()) == {-1}


def test_it_decides_as_the_moderator_does():
    comments = [Comment(text, author=Author(registered=registered)) for text in TEXTS for registered in (True, False)]
    chunk = [Placed(Archived(one), place) for one, place in zip(comments, situations(comments), strict=True)]
    names = ("barnet-eye", "open")
    judged = Judging("default", [load_policy(name) for name in names])(chunk)
    for place, name in enumerate(names):
        verdicts = load_moderator("default", name).score(comments, spans=False)
        assert named(judged.decisions[place]) == [verdict.decision for verdict in verdicts]
        assert named(judged.suggestions[place]) == [verdict.suggestion for verdict in verdicts]
        fired = [[rule.id for rule, row in zip(rules_of(load_policy(name)), judged.fired[place], strict=True) if row[at]]
                 for at in range(len(chunk))]  # fmt: skip
        assert [sorted(ids) for ids in fired] == [sorted(rule.id for rule in verdict.rules) for verdict in verdicts]
    assert {PUBLISH, HOLD, REJECT} <= set(named(judged.decisions.ravel()))


def test_it_travels_with_its_policies_and_without_the_model(policies):
    judging = Judging("default", list(policies.values()))
    raw = pickle.dumps(judging)
    assert len(raw) < 20_000, "not the model"
    here, there = (one(ARCHIVE) for one in (judging, pickle.loads(raw)))
    for name in ("statuses", "scores", "decisions", "suggestions"):
        assert np.array_equal(getattr(here, name), getattr(there, name))
    assert here.differences == there.differences


def test_workers_share_it(policies):
    judging = Judging("default", list(policies.values()))
    alone, shared = (list(score_all(iter(ARCHIVE), judging, workers)) for workers in (1, 2))
    assert [chunk.differences for chunk in alone] == [chunk.differences for chunk in shared]


def test_it_is_refused_where_the_model_is_another(policies):
    with pytest.raises(ModelError, match="is another one in this process"):
        Judging("default", list(policies.values()), digest="another")(ARCHIVE)
