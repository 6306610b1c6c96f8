"""Counts, and the results of a replay, by hand."""

from __future__ import annotations

import json

import pytest

from moderation.labels import LABEL_NAMES
from moderation.policy.rules import HOLD, PUBLISH, REJECT
from moderation.replay import Judging, Tally, parse_target, results_of, to_records
from moderation.replay.shares import Share
from moderation.replay.tally import SAMPLE
from tests.replay.conftest import ARCHIVE, placed


def replayed(policies, *chunks):
    judging = Judging("oracle", list(policies.values()))
    tally = Tally(judging.policies)
    for chunk in chunks:
        tally.add(judging(chunk))
    return tally, results_of(tally, policies, "oracle", parse_target("1 in 200"))


@pytest.fixture
def found(oracle, policies):
    return replayed(policies, ARCHIVE[:3], ARCHIVE[3:])[1]


def test_the_archive(found):
    assert (found.comments, found.known) == (8, 6)
    assert found.statuses == {"approved": 3, "held": 1, "spam": 1, "trash": 1, "deleted": 1, "": 1}
    assert found.outcomes == {"kept": 3, "removed": 3, "unknown": 2}


def test_the_policies(found):
    first, second = found.policies
    assert (first.decisions.published, first.decisions.held, first.decisions.rejected) == (2, 4, 2)
    # Kept: one published, one held, one rejected. Removed: one published, one held, one rejected.
    assert first.decisions.agreement == Share(2, 4)
    assert first.decisions.precision == Share(2, 4)
    assert first.decisions.recall == Share(2, 3)
    assert first.decisions.reject_precision == Share(1, 2)
    assert first.suggestions.recall == Share(1, 3), "what is for sale is held by a rule about words, not by a score"
    assert (second.decisions.published, second.decisions.held, second.decisions.rejected) == (0, 4, 4)
    assert (second.suggestions.published, second.suggestions.held, second.suggestions.rejected) == (3, 1, 4)
    assert second.suggestions.agreement == Share(2, 6)
    assert second.decisions.good_rejected == Share(2, 3)
    assert (first.after_moderation, second.after_moderation) == (False, True)
    assert (first.rejects_from, second.rejects_from) == ({"personal_attack": 0.9}, {"personal_attack": 0.5})


def test_the_rules(found):
    rules = {rule.id: rule.figures for rule in found.policies[0].rules}
    assert list(rules) == ["attacks", "shop", "unjudged"]
    attacks = rules["attacks"]
    assert (attacks.published, attacks.held, attacks.rejected) == (4, 2, 2)
    assert attacks.precision == Share(1, 3)
    assert attacks.recall == Share(1, 3)
    assert (rules["shop"].held, rules["shop"].precision) == (1, Share(1, 1))
    assert (rules["unjudged"].held, rules["unjudged"].precision) == (1, Share(0, 0)), "what is held is unknown"


def test_where_they_differ(found):
    ways = {(way.first, way.second): (way.comments, dict(way.outcomes)) for way in found.differing}
    assert ways == {
        ((PUBLISH, PUBLISH), (HOLD, PUBLISH)): (2, {"kept": 1, "removed": 1, "unknown": 0}),
        ((HOLD, HOLD), (REJECT, REJECT)): (2, {"kept": 1, "removed": 0, "unknown": 1}),
    }
    assert sorted(one.id for way in found.differing for one in way.sample) == ["1", "3", "7", "8"]


def test_too_few_comments_to_say(found):
    assert {one.answer for one in found.thresholds} == {"too few comments to say"}
    spam = found.thresholds[LABEL_NAMES.index("spam")]
    assert (spam.good_rejected.of, spam.caught.of) == (3, 3)


def test_chunks_may_be_cut_anywhere(oracle, policies, found):
    assert replayed(policies, *([one] for one in ARCHIVE))[1] == found


def test_counts_take_the_same_room_for_any_number_of_comments(oracle, policies):
    """No array and no list grows with the archive."""

    def room(tally):
        arrays = (tally.decisions, tally.suggestions, tally.scores, *tally.fired, *tally.ways.values())
        return sum(array.nbytes for array in arrays), sum(map(len, tally.samples.values()))

    few, many = (replayed(policies, *([ARCHIVE] * times))[0] for times in (SAMPLE, 30 * SAMPLE))
    assert int(many.comments.sum()) == 30 * int(few.comments.sum())
    assert room(many) == room(few)
    assert room(few)[1] == 2 * SAMPLE


def test_a_sample_is_drawn_from_all_of_them_and_always_the_same(oracle, policies):
    many = placed(*((f"Number {number}.", "approved") for number in range(1_000)))
    samples = [
        [int(one.id) for one in replayed(policies, many[:400], many[400:])[1].differing[0].sample] for _ in range(2)
    ]
    assert samples[0] == samples[1]
    assert len(set(samples[0])) == SAMPLE
    assert max(samples[0]) > 500, "not the first ones"


def test_records_are_json_and_add_up(found):
    records = json.loads(json.dumps(list(to_records(found)), allow_nan=False))
    kinds = [record["kind"] for record in records]
    assert kinds == [
        "archive",
        *["policy", "rule", "rule", "rule"] * 2,
        *["differing", "comment", "comment"] * 2,
        *["threshold"] * len(LABEL_NAMES),
    ]
    for record in records:
        if record["kind"] in ("policy", "rule"):
            counts = record.get("decisions", record)
            assert counts["published"] + counts["held"] + counts["rejected"] == 8
            assert sum(sum(row.values()) for row in counts["by_status"].values()) == 8
