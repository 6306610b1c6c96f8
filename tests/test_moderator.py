"""The one object that API, command and batch share."""

from __future__ import annotations

import dataclasses
import inspect
import math

import numpy as np
import pandas as pd
import pytest

from moderation import Article, Author, Comment, Moderator, Verdict, load_moderator
from moderation.errors import ModerationError, UnknownNameError
from moderation.labels import LABEL_NAMES
from moderation.moderator import MAX_SPANS
from moderation.policy.reader import load_policy
from moderation.policy.rules import LabelRule
from moderation.threads.comment_records import comments_of_thread
from moderation.threads.situations import situations

ARTICLE = Article("Bins every other week", "The council will empty the bins every other week from May.")
LONE = [
    Comment("You are a disgusting liar and a coward.", id="a"),
    Comment("Buy cheap watches at www.watches.example today!!!", id="b"),
    Comment("The bins are fine as they are.", id="c", article=ARTICLE),
    Comment("👍", id="d"),
    Comment("Why should bins be emptied weekly?", id="e", article=ARTICLE, parent="Because they smell."),
]
HELLO = "I would like to know when the meeting is."
WORDY = "You idiot 👩‍👩‍👧 you cafe\u0301 liar 🤡 antisemite, \U0001d4d8 despise you. שלום idiot!"


@pytest.fixture(scope="session")
def showing(small_moderator) -> Moderator:
    """The small moderator under a policy whose rules fire on every score: it shows the words of every label."""
    rules = tuple(LabelRule(label, f"no {label}", label, 0.0, None) for label in LABEL_NAMES)
    policy = dataclasses.replace(load_policy("open"), rules=rules)
    return Moderator(small_moderator.model, policy)


def test_one_verdict_a_comment_in_the_same_order(small_moderator):
    verdicts = small_moderator.score(LONE)
    assert [verdict.id for verdict in verdicts] == ["a", "b", "c", "d", "e"]
    for verdict in verdicts:
        assert isinstance(verdict, Verdict)
        assert list(verdict.scores) == list(LABEL_NAMES)
        assert (verdict.model, verdict.policy) == ("small", "barnet-eye")
        assert verdict.decision in ("hold", "reject"), "this blog publishes nothing before moderation"
        assert "registered" in [rule.id for rule in verdict.rules]


def test_no_comments_no_verdicts(small_moderator):
    assert small_moderator.score([]) == []
    assert small_moderator.judge([], []) == []
    table = small_moderator.scores([])
    assert table.shape == (0, 6)
    assert list(table.columns) == list(LABEL_NAMES)
    assert set(table.dtypes) == {np.dtype(float)}


def test_any_iterable_will_do(small_moderator):
    assert small_moderator.score(comment for comment in LONE) == small_moderator.score(LONE)
    assert small_moderator.scores(comment for comment in LONE).equals(small_moderator.scores(LONE))


def test_scores_is_a_table_of_what_score_says(small_moderator):
    table = small_moderator.scores(LONE)
    assert isinstance(table, pd.DataFrame)
    assert table.index.name == "id"
    assert list(table.index) == ["a", "b", "c", "d", "e"]
    assert list(table.columns) == list(LABEL_NAMES)
    assert set(table.dtypes) == {np.dtype(float)}
    for verdict in small_moderator.score(LONE):
        for label, score in verdict.scores.items():
            cell = table.loc[verdict.id, label]
            assert cell == score if score is not None else math.isnan(cell)


def test_the_index_counts_where_no_comment_has_an_id(small_moderator):
    assert list(small_moderator.scores([Comment("x"), Comment("y")]).index) == [0, 1]
    mixed = small_moderator.scores([Comment("x", id="a"), Comment("y"), Comment("z", id="a")])
    assert mixed.index[0] == mixed.index[2] == "a"
    assert pd.isna(mixed.index[1])


def test_off_topic_has_no_score_where_there_is_nothing_to_compare_with(small_moderator):
    alone, empty, titled, answered, first, second = small_moderator.score(
        [
            Comment(HELLO),
            Comment(HELLO, article=Article(url="https://blog.example/1")),
            Comment(HELLO, article=Article(title="Bins")),
            Comment(HELLO, parent="Good morning."),
            Comment(HELLO, thread_id="t"),
            Comment(HELLO, thread_id="t"),
        ]
    )
    assert [verdict.scores["off_topic"] for verdict in (alone, empty, first)] == [None, None, None]
    for verdict in (titled, answered, second):
        assert 0 <= verdict.scores["off_topic"] <= 1
    for verdict in (alone, empty, first):
        assert "off_topic" not in {rule.label for rule in verdict.rules} | {span.label for span in verdict.spans}
        assert None not in [score for label, score in verdict.scores.items() if label != "off_topic"]


def test_a_comment_without_shared_context_gets_the_same_verdict_alone_and_in_a_batch(showing):
    for together, comment in zip(showing.score(LONE), LONE, strict=True):
        (alone,) = showing.score([comment])
        assert (alone.id, alone.decision, alone.suggestion) == (together.id, together.decision, together.suggestion)
        assert [rule.id for rule in alone.rules] == [rule.id for rule in together.rules]
        assert [(span.start, span.end, span.label) for span in alone.spans] == [
            (span.start, span.end, span.label) for span in together.spans
        ]
        for label, score in alone.scores.items():
            assert together.scores[label] == (None if score is None else pytest.approx(score, abs=1e-12))


def test_a_reply_is_judged_beside_its_parent(small_moderator):
    parent, reply = Comment("You are all antisemites.", id="1"), Comment("Name me one of them.", id="2", parent="1")
    by_id = small_moderator.score([parent, reply])[1]
    by_text = small_moderator.score([dataclasses.replace(reply, parent=parent.text)])[0]
    assert by_id.scores == pytest.approx(by_text.scores)
    assert by_id.scores != small_moderator.score([dataclasses.replace(reply, parent=None)])[0].scores


def test_judge_is_score_with_the_places_known(small_moderator, seed_thread):
    comments = comments_of_thread(seed_thread)
    places = situations(comments)
    whole = small_moderator.score(comments)
    for start in (0, 5, 12):
        part = small_moderator.judge(comments[start : start + 5], places[start : start + 5])
        for one, other in zip(part, whole[start:], strict=False):
            assert one.id == other.id
            assert one.scores == pytest.approx(other.scores, abs=1e-12)


@pytest.mark.parametrize("text", [WORDY, f"\n\n  {WORDY}\r\n", "e\u0301" * 3 + " you liar " + "👍🏽" * 3 + " idiot"])
def test_spans_mark_whole_words_of_the_text_as_it_was_given(showing, text):
    """Offsets count characters: an emoji of several, and an accent of its own, come before the words that weigh."""
    (verdict,) = showing.score([Comment(text, parent="You too, idiot.")])
    assert verdict.spans
    for span in verdict.spans:
        word = text[span.start : span.end]
        assert 0 <= span.start < span.end <= len(text)
        assert word == word.strip()
        assert word
        for edge in (span.start, span.end):
            around = text[max(edge - 1, 0) : edge + 1]
            assert not (around.isascii() and around.isalpha() and len(around) == 2), f"{word!r} is cut in the middle"
    shown = {text[span.start : span.end] for span in verdict.spans if span.label == "personal_attack"}
    assert shown & {"idiot", "liar"}


def test_spans_are_the_heaviest_words_of_each_label_first(showing):
    (verdict,) = showing.score([Comment(" ".join(f"word{chr(97 + n)} idiot" for n in range(20)), parent="No.")])
    labels = [span.label for span in verdict.spans]
    assert labels == sorted(labels, key=LABEL_NAMES.index)
    for label in LABEL_NAMES:
        weights = [span.weight for span in verdict.spans if span.label == label]
        assert len(weights) <= MAX_SPANS
        assert weights == sorted(weights, reverse=True)
        assert all(weight > 0 for weight in weights)


def test_spans_may_be_left_out(showing):
    without = showing.score(LONE, spans=False)
    assert all(verdict.spans == () for verdict in without)
    with_spans = showing.score(LONE)
    assert any(verdict.spans for verdict in with_spans)
    assert [dataclasses.replace(verdict, spans=()) for verdict in with_spans] == without


def test_a_text_without_words_has_no_spans(showing):
    for verdict in showing.score([Comment("—"), Comment("\u200b"), Comment("…", article=ARTICLE)]):
        assert verdict.spans == ()


def test_who_wrote_it_decides_but_does_not_weigh(small_moderator):
    registered, unknown, stranger = small_moderator.score(
        [Comment("Thank you.", author=Author("Jo", flag)) for flag in (True, None, False)]
    )
    assert registered.scores == unknown.scores == stranger.scores
    actions = [
        [rule.action for rule in verdict.rules if rule.id == "registered"]
        for verdict in (registered, unknown, stranger)
    ]
    assert actions == [[], ["hold"], ["reject"]]


def test_scoring_changes_nothing(small_moderator):
    """No state between calls: the service shares one moderator between threads."""
    before = small_moderator.score(LONE)
    small_moderator.score([Comment("Something else entirely.", id="a", thread_id="t", article=ARTICLE)] * 3)
    assert small_moderator.score(LONE) == before


def test_the_shipped_model_and_policy_load_by_default(shipped_moderator):
    assert (shipped_moderator.model.name, shipped_moderator.policy.name) == ("default", "barnet-eye")
    defaults = {name: given.default for name, given in inspect.signature(load_moderator).parameters.items()}
    assert defaults == {"model": "serving", "policy": "barnet-eye"}
    (verdict,) = shipped_moderator.score([Comment("Please go away you disgusting shill.")])
    assert verdict.scores["personal_attack"] == max(
        verdict.scores[label] for label in ("personal_attack", "antisemitism_accusation", "on_topic_disagreement")
    )
    scores = shipped_moderator.scores(LONE).drop(columns="off_topic")
    assert np.isfinite(scores.drop(index="d")).all(axis=None)
    assert scores.loc["d"].isna().all(), "a picture cannot be judged"


@pytest.mark.parametrize("names", [{"model": "nobody"}, {"policy": "nobody"}])
def test_an_unknown_name_is_refused(names):
    with pytest.raises(UnknownNameError, match="'nobody', expected one of") as caught:
        load_moderator(**names)
    assert isinstance(caught.value, ModerationError)
