"""`POST /v1/score` and `POST /v1/score/batch`: the scored record."""

from __future__ import annotations

import re

import pytest

from api.schemas import BatchOut, VerdictOut
from moderation.labels import LABEL_NAMES

INSULT = "You are a disgusting liar and an idiot. Shut up, you moron."
ARTICLE = {"title": "Bins late again", "text": "The council said on Monday that the bins will be emptied late."}

RECORD = {"id", "decision", "suggestion", "rules", "scores", "spans", "model", "policy"}
RULE = {"id", "says", "label", "score", "threshold", "action", "reason"}
SPAN = {"start", "end", "label", "weight"}


def score(client, **record) -> dict:
    response = client.post("/v1/score", json=record)
    assert response.status_code == 200
    return response.json()


def test_the_scored_record_has_exactly_its_keys(client):
    verdict = score(client, id="42", text=INSULT, article=ARTICLE, author={"name": "Jo", "registered": False})
    assert set(verdict) == RECORD
    assert (verdict["id"], verdict["model"], verdict["policy"]) == ("42", "small", "barnet-eye")
    assert verdict["decision"] in ("publish", "hold", "reject")
    assert verdict["suggestion"] in ("publish", "hold", "reject")
    assert list(verdict["scores"]) == list(LABEL_NAMES)
    assert all(0 <= score <= 1 for score in verdict["scores"].values())
    assert verdict["rules"]
    assert all(set(rule) == RULE for rule in verdict["rules"])
    assert verdict["spans"]
    assert all(set(span) == SPAN for span in verdict["spans"])


def test_answers_are_what_the_openapi_document_says(client):
    """They are not checked on their way out: here they are, strictly."""
    one = client.post("/v1/score", json={"id": "42", "text": INSULT, "article": ARTICLE}).content
    VerdictOut.model_validate_json(one, strict=True, extra="forbid")
    comments = [{"text": INSULT}, {"text": "https://example.org"}, {"text": "I see it differently, dear neighbours."}]
    many = client.post("/v1/score/batch", json={"comments": comments}).content
    assert len(BatchOut.model_validate_json(many, strict=True, extra="forbid").verdicts) == len(comments)


def test_spans_are_words_of_the_text_by_code_points(client):
    words = set(re.findall(r"\w+", INSULT))
    plain = {INSULT[span["start"] : span["end"]] for span in score(client, text=INSULT)["spans"]}
    assert plain
    assert plain <= words
    # Two code units in JavaScript and four bytes in UTF-8, but one code point; a joined family is five.
    for before in ("🦓 ", "👩‍👩‍👧 ", "é ", "e\u0301 "):
        text = before + INSULT
        found = {text[span["start"] : span["end"]] for span in score(client, text=text)["spans"]}
        assert found & plain, before
        assert all(word in words or word in before for word in found), before


def test_only_text_is_required_and_null_is_nothing(client):
    least = score(client, text="Thank you for this report.")
    nothing = dict.fromkeys(["id", "author", "parent", "article", "thread_id", "created_at"])
    assert score(client, text="Thank you for this report.", **nothing) == least
    assert least["id"] is None


@pytest.mark.parametrize(
    "context", [{}, {"article": {}}, {"article": {"url": "https://blog.example/1"}}, {"parent": ""}]
)
def test_off_topic_is_null_with_nothing_to_compare_with(client, context):
    assert score(client, text="I like trains.", **context)["scores"]["off_topic"] is None


@pytest.mark.parametrize(
    "context", [{"article": ARTICLE}, {"article": {"title": "Bins"}}, {"parent": "The bins are late."}]
)
def test_off_topic_is_a_score_with_an_article_or_a_thread(client, context):
    assert 0 <= score(client, text="I like trains.", **context)["scores"]["off_topic"] <= 1


@pytest.mark.parametrize(
    ("author", "fired"),
    [
        (None, ["hold"]),
        ({"name": "Jo"}, ["hold"]),
        ({"registered": None}, ["hold"]),
        ({"registered": True}, []),
        ({"registered": False}, ["reject"]),
    ],
)
def test_who_is_registered(client, author, fired):
    verdict = score(client, text="Thank you for this report.", author=author)
    assert [rule["action"] for rule in verdict["rules"] if rule["id"] == "registered"] == fired


def test_nothing_appears_before_moderation_and_the_suggestion_says_what_the_scores_call_for(client):
    verdict = score(client, text="Thank you for this report.", author={"registered": True})
    assert verdict["decision"] == ("reject" if verdict["suggestion"] == "reject" else "hold")
    assert verdict["rules"][-1]["says"].startswith("Comments are moderated and will not appear immediately.")


@pytest.mark.parametrize("text", ["a" * 20_000, "é" * 10_000, "🦓" * 5_000, "x" + " " * 19_999, "." * 20_000])
def test_twenty_thousand_bytes_are_accepted(client, text):
    assert set(score(client, text=text)) == RECORD


def test_text_that_looks_like_code_is_only_text(client):
    for text in ("<script>alert(1)</script>", "{{7*7}}", "'; DROP TABLE comments; --", "\x1b[2J", "\u202eabc"):
        assert set(score(client, text=text)) == RECORD


def test_a_batch_answers_in_order_as_one_by_one(client):
    records = [
        {"id": "b", "text": INSULT},
        {"id": "a", "text": "Thank you for this report.", "article": ARTICLE},
        {"text": "I disagree: the bins were on time."},
    ]
    verdicts = client.post("/v1/score/batch", json={"comments": records}).json()["verdicts"]
    assert [verdict["id"] for verdict in verdicts] == ["b", "a", None]
    assert verdicts == [score(client, **record) for record in records]


def test_a_parent_may_be_an_id_of_the_batch(client):
    parent = {"id": "7", "text": "The council should buy new lorries for the bins."}
    reply = "No, that is wrong: lorries for the bins are dear."

    def last(*records: dict) -> dict:
        return client.post("/v1/score/batch", json={"comments": records}).json()["verdicts"][-1]["scores"]

    by_id = last(parent, {"text": reply, "parent": "7"})
    assert by_id == last(parent, {"text": reply, "parent": parent["text"]})
    assert by_id["off_topic"] is not None
    assert by_id["off_topic"] != last({"text": reply, "parent": "7"})["off_topic"], "alone, '7' is a text"


def test_comments_of_a_thread_see_the_ones_before_them(client):
    comments = [{"text": text, "thread_id": "bins"} for text in ("The bins are late.", "The bins are full.")]
    first, second = client.post("/v1/score/batch", json={"comments": comments}).json()["verdicts"]
    assert first["scores"]["off_topic"] is None
    assert second["scores"]["off_topic"] is not None


def test_a_thousand_comments_are_one_batch(client):
    answer = client.post("/v1/score/batch", json={"comments": [{"text": "The bins are late."}] * 1_000}).json()
    assert set(answer) == {"verdicts"}
    assert len(answer["verdicts"]) == 1_000
