"""The seed thread under the shipped model, and under the model that saw nothing of it (kept in model.json)."""

from __future__ import annotations

import hashlib
import json

import pytest

from moderation.examples import read_examples
from moderation.model.card import MAIN_THREE
from moderation.model.store import load
from moderation.policy.reader import load_policy
from moderation.policy.rules import judge
from moderation.records import Comment
from moderation.threads.comment_records import comments_of_thread
from tests.conftest import ROOT

EXAMPLES = list(read_examples(ROOT / "seeds" / "examples.jsonl"))
HELD_OUT = json.loads((ROOT / "models" / "default" / "model.json").read_text(encoding="utf-8"))["left_out"]["scores"]


def number(example):
    return example.id.rsplit("#", 1)[1]


def leader(scores):
    return max(MAIN_THREE, key=lambda label: scores[label])


def accusation_verdict(scores):
    policy = load_policy("barnet-eye").at(load("default").thresholds)
    fired = judge(policy, Comment("x"), scores).rules
    return any(rule.label == "antisemitism_accusation" for rule in fired)


@pytest.mark.parametrize("example", EXAMPLES, ids=number)
def test_the_shipped_model_is_right_about_every_comment(shipped_moderator, seed_thread, example):
    verdicts = {verdict.id: verdict for verdict in shipped_moderator.score(comments_of_thread(seed_thread))}
    scores = verdicts[number(example)].scores
    (labelled,) = [label for label in MAIN_THREE if example.labels.get(label)]
    assert leader(scores) == labelled
    assert accusation_verdict(scores) == (labelled == "antisemitism_accusation")


def test_left_out_of_training_it_is_read_right():
    by_number = {row.rsplit("#", 1)[1]: scores for row, scores in HELD_OUT.items()}
    assert len(by_number) == 13
    assert leader(by_number["8"]) == "antisemitism_accusation"
    assert leader(by_number["8.2"]) == "personal_attack"
    others = [scores for name, scores in by_number.items() if name not in ("8", "8.2")]
    assert sum(leader(scores) == "on_topic_disagreement" for scores in others) >= 10
    for name in ("8.1", "8.2", "9"):
        assert not accusation_verdict(by_number[name]), name


def test_the_card_says_the_same():
    card = (ROOT / "models" / "default" / "card.md").read_text(encoding="utf-8")
    for row, scores in HELD_OUT.items():
        shown = " | ".join(f"{scores[label]:.2f}" for label in MAIN_THREE)
        line = next(line for line in card.splitlines() if line.startswith(f"| {row.rsplit('#', 1)[1]} |"))
        assert line.endswith(f"| {shown} |")


def test_the_shipped_model_learned_from_what_is_committed():
    """Its digests are those of the seeds as they are: a change of a label without a new model is noticed."""
    from moderation.sources import seed_sets

    corpora = load("default").about["corpora"]
    labels = {part["name"]: part["labels"] for part in corpora if "labels" in part}
    files = [path for path in (ROOT / "seeds" / "labels").glob("*.csv") if path.stem != "documents"]
    assert labels == {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}, "retrain: make train"
    stated = {part["name"]: part["digest"] for part in corpora}
    for part in seed_sets(ROOT / "seeds"):
        assert stated[part.name] == part.digest, f"{part.name}: retrain with make train"
