"""The scored record: the contract of command, batch and API."""

from __future__ import annotations

import dataclasses
import json

from moderation.labels import LABEL_NAMES
from moderation.records import FiredRule, Span, Verdict
from moderation.scored import to_record

SCORES = dict.fromkeys(LABEL_NAMES, 0.123456) | {"off_topic": None}
VERDICT = Verdict(
    id="7",
    decision="reject",
    suggestion="hold",
    rules=(
        FiredRule("spam", "No spam.", "spam", 0.987654, 0.8, "reject", "spam scores 0.99, reject from 0.80"),
        FiredRule("registered", "Only registered users.", None, None, None, "hold", "not known"),
    ),
    scores=SCORES,
    spans=(Span(3, 8, "spam", 1.23456789),),
    model="default",
    policy="barnet-eye",
)


def test_a_verdict_becomes_the_record_of_the_contract():
    spam = {"label": "spam", "score": 0.9877, "threshold": 0.8, "action": "reject"}
    fact = {"label": None, "score": None, "threshold": None, "action": "hold"}
    assert to_record(VERDICT) == {
        "id": "7",
        "decision": "reject",
        "suggestion": "hold",
        "rules": [
            {"id": "spam", "says": "No spam.", **spam, "reason": "spam scores 0.99, reject from 0.80"},
            {"id": "registered", "says": "Only registered users.", **fact, "reason": "not known"},
        ],
        "scores": dict.fromkeys(LABEL_NAMES, 0.1235) | {"off_topic": None},
        "spans": [{"start": 3, "end": 8, "label": "spam", "weight": 1.2346}],
        "model": "default",
        "policy": "barnet-eye",
    }


def test_the_order_of_the_keys_is_the_contract_s():
    record = to_record(VERDICT)
    assert list(record) == ["id", "decision", "suggestion", "rules", "scores", "spans", "model", "policy"]
    assert list(record) == [field.name for field in dataclasses.fields(Verdict)]
    assert list(record["scores"]) == list(LABEL_NAMES)


def test_a_record_is_json_as_it_stands():
    assert json.loads(json.dumps(to_record(VERDICT), allow_nan=False)) == to_record(VERDICT)


def test_an_empty_verdict():
    record = to_record(dataclasses.replace(VERDICT, id=None, rules=(), spans=()))
    assert (record["id"], record["rules"], record["spans"]) == (None, [], [])
