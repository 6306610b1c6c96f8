"""Bad input: a 4xx that names field and limit and repeats nothing of the comment."""

from __future__ import annotations

import json

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import errors
from tests.api.test_guards import refused

SECRET = "zebra-umbrella"
"""Stands in every bad record and must not stand in the answer."""


def post(client, content: bytes, path: str = "/v1/score", content_type: str | None = "application/json"):
    headers = {} if content_type is None else {"Content-Type": content_type}
    return client.post(path, content=content, headers=headers)


def record(**fields: object) -> bytes:
    return json.dumps({"text": SECRET, **fields}).encode()


@pytest.mark.parametrize(
    "body",
    [
        f'{{"text": "{SECRET}'.encode(),
        f"{{'text': '{SECRET}'}}".encode(),
        f'{{"text": "{SECRET}",}}'.encode(),
        f'{{"text": "{SECRET}"}} trailing'.encode(),
        f'{{"text": "{SECRET}\n"}}'.encode(),
        f'{{"text": "{SECRET}'.encode() + b'\xff"}',
        b'{"text": ' * 100_000,
        b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        f'{{"text": "{SECRET}", "id": '.encode() + b"9" * 5_000 + b"}",
        b" ",
        b"\0",
    ],
    ids=[
        "cut off",
        "single quotes",
        "trailing comma",
        "trailing words",
        "line break in a string",
        "not UTF-8",
        "nested and cut off",
        "nested",
        "endless number",
        "blank",
        "NUL",
    ],
)
@pytest.mark.parametrize("path", ["/v1/score", "/v1/score/batch"])
def test_what_is_no_json(client, path, body):
    response = post(client, body, path)
    error = refused(response, 400)
    assert error["field"] == "body"
    assert SECRET not in response.text


@pytest.mark.parametrize(
    ("body", "field", "limit"),
    [
        (b"", "body", None),
        (b"null", "body", None),
        (b"[]", "body", None),
        (b"NaN", "body", None),
        (f'"{SECRET}"'.encode(), "body", None),
        (b"{}", "text", None),
        (b'{"id": "1"}', "text", None),
        (record(text=None), "text", None),
        (record(text=5), "text", None),
        (record(text=[SECRET]), "text", None),
        (record(text={"text": SECRET}), "text", None),
        (record(text=float("nan")), "text", None),
        (record(text=float("inf")), "text", None),
        (record(text=10**1_000), "text", None),
        (record(text=""), "text", 20_000),
        (record(text=" \t\r\n\u00a0\u2003\u2028\u3000"), "text", 20_000),
        (record(text="a" * 20_001), "text", 20_000),
        (record(text="é" * 10_001), "text", 20_000),
        (record(text="🦓" * 5_001), "text", 20_000),
        (record(text=SECRET + "\0"), "text", 20_000),
        (record(text=SECRET + "\ud800"), "text", 20_000),
        (record(text="\udfff" + SECRET), "text", 20_000),
        # Python reads a surrogate in UTF-8, which is no UTF-8, as it reads the escape.
        (f'{{"text": "{SECRET}'.encode() + b'\xed\xa0\x80"}', "text", 20_000),
        (record(id=1), "id", None),
        (record(id="x" * 201), "id", 200),
        (record(id="é" * 101), "id", 200),
        (record(id=SECRET + "\ud800"), "id", 200),
        (record(id=SECRET + "\0"), "id", 200),
        (record(id=True), "id", None),
        (record(parent=SECRET + "\0"), "parent", 20_000),
        (record(parent="a" * 20_001), "parent", 20_000),
        (record(parent={"id": SECRET}), "parent", None),
        (record(thread_id="x" * 201), "thread_id", 200),
        (record(created_at=1_700_000_000), "created_at", None),
        (record(author=SECRET), "author", None),
        (record(author=[]), "author", None),
        (record(author={"name": "x" * 201}), "author.name", 200),
        (record(author={"name": 5}), "author.name", None),
        (record(author={"registered": "true"}), "author.registered", None),
        (record(author={"registered": 1}), "author.registered", None),
        (record(author={"registered": float("nan")}), "author.registered", None),
        (record(article=SECRET), "article", None),
        (record(article={"title": "x" * 1_001}), "article.title", 1_000),
        (record(article={"text": "x" * 200_001}), "article.text", 200_000),
        (record(article={"text": "\ud800"}), "article.text", 200_000),
        (record(article={"url": "x" * 2_001}), "article.url", 2_000),
        (record(txet=SECRET), "txet", None),
        (record(Text=SECRET), "Text", None),
        (record(**{"": SECRET}), "body", None),
        (record(author={"nmae": SECRET}), "author.nmae", None),
        (record(article={"published_at": SECRET}), "article.published_at", None),
        (record(article={"article": {"article": SECRET}}), "article.article", None),
    ],
)
def test_what_is_no_comment_record(client, body, field, limit):
    response = post(client, body)
    error = refused(response, 422)
    assert (error["field"], error["limit"]) == (field, limit)
    assert field in error["message"]
    if limit and "bytes" in error["message"]:
        assert f"{limit:,}" in error["message"]
    assert SECRET not in response.text


def test_a_surrogate_in_a_fields_name(client):
    response = post(client, b'{"text": "x", "zebra-umbrella\\ud800": 1}')
    assert refused(response, 422)["field"] == "body"
    assert SECRET not in response.text


def test_a_long_or_strange_fields_name_is_cut_and_escaped(client):
    error = refused(post(client, record(**{"é\n<b>" + "x" * 10_000: 1})), 422)
    assert len(error["field"]) <= 40
    assert error["field"].isascii()
    assert len(error["message"]) < 200


@pytest.mark.parametrize(
    ("batch", "field", "limit", "words"),
    [
        ({}, "comments", None, "is missing"),
        ({"comments": None}, "comments", None, "expected an array"),
        ({"comments": {"text": SECRET}}, "comments", None, "expected an array"),
        ({"comments": []}, "comments", 1, "has 0 items, expected at least 1"),
        ({"comments": [{"text": SECRET}] * 1_001}, "comments", 1_000, "has 1,001 items, expected at most 1,000"),
        ({"comments": [{"text": "x"}, SECRET]}, "comments[1]", None, "expected an object"),
        ({"comments": [{"text": "x"}, {"text": " "}]}, "comments[1].text", 20_000, "is empty"),
        ({"comments": [{"text": "x", "nope": SECRET}]}, "comments[0].nope", None, "unknown field"),
        ({"comments": [{"text": "x", "author": {"x": 1}}]}, "comments[0].author.x", None, "unknown field"),
        ({"comments": [{"text": "x"}], "more": SECRET}, "more", None, "unknown field"),
    ],
)
def test_what_is_no_batch(client, batch, field, limit, words):
    response = client.post("/v1/score/batch", json=batch)
    error = refused(response, 422)
    assert (error["field"], error["limit"]) == (field, limit)
    assert words in error["message"]
    assert SECRET not in response.text


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_what_is_not_sent_as_json(client, content_type):
    """Only JSON: a form on another site can send the other types through a browser without asking first."""
    response = post(client, record(), content_type=content_type)
    assert refused(response, 415)["field"] == "content-type"
    assert SECRET not in response.text


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
def test_a_wrong_method(client, method):
    response = client.request(method, "/v1/score")
    refused(response, 405)
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/", "/v2/score", f"/{SECRET}", "/pages/../api/app.py", "/%00", "/pages/x.js"]
)
def test_an_unknown_path(client, path):
    response = client.get(path)
    refused(response, 404)
    assert SECRET not in response.text


def test_what_breaks_inside_is_answered_without_its_words():
    app = FastAPI()
    errors.install(app)

    @app.get("/")
    def broken() -> None:
        raise ValueError(SECRET)

    response = TestClient(app, raise_server_exceptions=False).get("/")
    refused(response, 500)
    assert SECRET not in response.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["id", "text", "author", "parent", "article", "thread_id", "created_at", "name", "title", "x"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(FIELDS, JSON | st.dictionaries(FIELDS, JSON, max_size=3), max_size=4) | JSON)
def test_no_json_makes_a_5xx(client, value):
    for path, body in (("/v1/score", value), ("/v1/score/batch", {"comments": [{"text": "x"}, value]})):
        response = post(client, json.dumps(body).encode(), path)
        assert response.status_code in (200, 422)
        if response.status_code == 422:
            refused(response, 422)
