"""Scores + comment -> verdict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.labels import LABEL_NAMES
from moderation.policy.reader import load_policy
from moderation.policy.rules import MODEL, LabelRule, Policy, judge, most_severe
from moderation.records import Author, Comment

REGISTERED = Comment("x", author=Author(registered=True))
NOTHING: dict[str, float | None] = dict.fromkeys(LABEL_NAMES, 0.01)
THRESHOLDS = {label: {"hold": 0.5, "reject": 0.8} for label in LABEL_NAMES}


def policy(name):
    return load_policy(name).at(THRESHOLDS)


def test_the_blog_moderates_before_anything_appears():
    ruling = judge(policy("barnet-eye"), REGISTERED, NOTHING)
    assert (ruling.decision, ruling.suggestion) == ("hold", "publish")
    (rule,) = ruling.rules
    assert rule.says.startswith("Comments are moderated and will not appear immediately.")


@pytest.mark.parametrize("label", ["personal_attack", "abuse", "spam", "off_topic"])
def test_what_the_blog_deletes_is_rejected_with_its_quote(label):
    ruling = judge(policy("barnet-eye"), REGISTERED, {**NOTHING, label: 0.97})
    assert (ruling.decision, ruling.suggestion) == ("reject", "reject")
    rule = next(rule for rule in ruling.rules if rule.label == label)
    assert rule.says.startswith("Comments of a personal, abusive, spam or unrelated to the topic")
    assert (rule.score, rule.action) == (0.97, "reject")
    assert rule.threshold is not None
    assert rule.threshold <= 0.97


def test_an_accusation_is_held_and_breaks_no_rule():
    for name in ("barnet-eye", "open"):
        ruling = judge(policy(name), REGISTERED, {**NOTHING, "antisemitism_accusation": 1.0})
        assert (ruling.decision, ruling.suggestion) == ("hold", "hold"), name


@pytest.mark.parametrize(
    ("author", "decision", "reason"),
    [
        (Author(registered=True), "hold", None),
        (Author(registered=False), "reject", "author not registered"),
        (Author(name="Jo"), "hold", "it is not known whether the author is registered"),
        (None, "hold", "it is not known whether the author is registered"),
    ],
)
def test_only_registered_users(author, decision, reason):
    ruling = judge(policy("barnet-eye"), Comment("x", author=author), NOTHING)
    assert ruling.decision == decision
    fired = [rule for rule in ruling.rules if rule.id == "registered"]
    assert [rule.reason for rule in fired] == ([reason] if reason else [])
    assert all(rule.says == "Only comments from Registered users allowed" for rule in fired)


def test_the_open_policy_publishes_what_no_rule_stops():
    ruling = judge(policy("open"), Comment("x"), NOTHING)
    assert (ruling.decision, ruling.suggestion, ruling.rules) == ("publish", "publish", ())
    assert judge(policy("open"), Comment("x"), {**NOTHING, "spam": 0.99}).decision == "reject"


def test_a_label_without_a_score_fires_nothing():
    unknown: dict[str, float | None] = dict.fromkeys(LABEL_NAMES)
    assert judge(policy("open"), Comment("x"), unknown).decision == "publish"


@given(st.dictionaries(st.sampled_from(LABEL_NAMES), st.one_of(st.none(), st.floats(0, 1))))
def test_the_decision_is_the_most_severe_action(scores):
    for name in ("barnet-eye", "open"):
        ruling = judge(policy(name), REGISTERED, scores)
        assert ruling.decision == most_severe([rule.action for rule in ruling.rules])
        for rule in ruling.rules:
            assert rule.score is None or rule.score >= rule.threshold


def test_a_threshold_of_the_model_is_put_in_its_place():
    rule = LabelRule("spam", "No spam.", "spam", MODEL, 0.9).at({"hold": 0.3, "reject": None})
    assert (rule.hold, rule.reject) == (0.3, 0.9)
    never = LabelRule("spam", "No spam.", "spam", 0.2, MODEL).at({"hold": 0.3, "reject": None})
    assert (never.hold, never.reject) == (0.2, None)
    fired = judge(Policy("p", "s", False, (never,)), Comment("x"), {**NOTHING, "spam": 1.0})
    assert fired.decision == "hold", "a label that the model cannot reject for only holds"


def test_what_cannot_be_judged_is_held_with_the_reason():
    unknown: dict[str, float | None] = dict.fromkeys(LABEL_NAMES)
    ruling = judge(policy("open"), Comment("x"), unknown, "nothing but links")
    assert (ruling.decision, ruling.suggestion) == ("hold", "hold")
    (rule,) = ruling.rules
    assert (rule.id, rule.label, rule.score) == ("unjudged", None, None)
    assert rule.reason == "cannot be judged: nothing but links"
    assert rule.says == policy("open").unjudged
