"""The application as a whole: what it loads, what it documents, what it logs."""

from __future__ import annotations

import json
import os

import anyio
import pytest
from anyio import to_thread
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from moderation import SettingsError, UnknownNameError
from moderation.labels import LABEL_NAMES
from tests.api.conftest import KEY

ROUTES = {
    ("/v1/score", "post"),
    ("/v1/score/batch", "post"),
    ("/v1/policy", "get"),
    ("/v1/model", "get"),
    ("/healthz", "get"),
    ("/readyz", "get"),
}


def test_it_does_not_start_where_others_reach_it_without_a_key(small_moderator):
    with pytest.raises(SettingsError, match="MODERATION_API_KEY"):
        create_app(Settings(host="0.0.0.0"), moderator=small_moderator)


@pytest.mark.parametrize("wrong", ["model", "policy"])
def test_an_unknown_name_is_refused_before_anything_is_served(wrong):
    with pytest.raises(UnknownNameError, match=f"unknown {wrong} 'nosuch'"):
        create_app(Settings(**{wrong: "nosuch"}))


def test_without_a_moderator_it_serves_the_shipped_model_under_the_policy_of_the_settings():
    client = TestClient(create_app(Settings(policy="open")), base_url="http://localhost")
    verdict = client.post("/v1/score", json={"text": "Thank you for this report."}).json()
    assert (verdict["model"], verdict["policy"]) == ("default", "open")


def test_openapi_names_every_route_and_its_errors(client):
    document = client.get("/openapi.json").json()
    found = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert found == ROUTES
    for path, method in ROUTES:
        answers = document["paths"][path][method]["responses"]
        assert "200" in answers
        if path.startswith("/v1/"):
            assert "401" in answers, path
        if method == "post":
            assert {"400", "401", "413", "415", "422"} <= set(answers), path
        for status, described in answers.items():
            if status != "200":
                assert described["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ErrorOut"}


def test_every_example_of_openapi_is_accepted(client):
    document = client.get("/openapi.json").json()
    for path in ("/v1/score", "/v1/score/batch"):
        reference = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        examples = document["components"]["schemas"][reference.rsplit("/", 1)[1]]["examples"]
        assert examples, path
        for example in examples:
            assert client.post(path, json=example).status_code == 200, path


def test_the_example_answer_has_the_keys_of_a_real_one(client):
    (example,) = client.get("/openapi.json").json()["components"]["schemas"]["VerdictOut"]["examples"]
    verdict = client.post("/v1/score", json={"text": "Hello, and thank you."}).json()
    assert set(example) == set(verdict)
    assert set(example["scores"]) == set(LABEL_NAMES)
    assert set(example["rules"][0]) == set(verdict["rules"][0])


def test_openapi_states_the_limits(client):
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    assert schemas["CommentIn"]["required"] == ["text"]
    assert schemas["CommentIn"]["properties"]["text"]["maxLength"] == 20_000
    assert schemas["CommentIn"]["additionalProperties"] is False
    batch = schemas["BatchIn"]["properties"]["comments"]
    assert (batch["minItems"], batch["maxItems"]) == (1, 1_000)


def test_logs_are_json_lines_without_what_was_sent(make_client, capsys):
    client = make_client(api_key=KEY)
    secret = "zebra-umbrella"
    headers = {"X-API-Key": KEY, "User-Agent": secret, "Cookie": secret, "Referer": f"http://x/{secret}"}
    client.post(f"/v1/score?q={secret}", json={"text": f"{secret} you idiot", "id": secret}, headers=headers)
    client.post("/v1/score", json={"text": "x", secret: secret}, headers=headers)
    client.post("/v1/score", content=f'{{"text": "{secret}', headers={**headers, "Content-Type": "application/json"})
    client.get(f"/{secret}", headers=headers)
    client.get("/v1/policy", headers={"Authorization": f"Bearer {secret}"})
    logged = capsys.readouterr().err
    assert secret not in logged
    assert KEY not in logged
    lines = [json.loads(line) for line in logged.splitlines()]
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("POST", "/v1/score", 200),
        ("POST", "/v1/score", 422),
        ("POST", "/v1/score", 400),
        ("GET", "unknown", 404),
        ("GET", "/v1/policy", 401),
    ]
    for line in lines:
        assert set(line) == {"time", "level", "logger", "message", "method", "route", "status", "ms"}


def test_no_more_requests_are_judged_at_once_than_there_are_cores(client):
    async def threads() -> float:
        async with client.app.router.lifespan_context(client.app):
            return to_thread.current_default_thread_limiter().total_tokens

    assert anyio.run(threads) == max(2, os.cpu_count() or 1)
