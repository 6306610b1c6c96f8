"""What stands in front of the routes: the key, the address a connection arrives on, the Host header, the body's size."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

from api.guards import MAX_BODY_BYTES, BodyLimit
from tests.api.conftest import KEY

PROTECTED = [("POST", "/v1/score"), ("POST", "/v1/score/batch"), ("GET", "/v1/policy"), ("GET", "/v1/model")]
COMMENT = {"text": "hello"}


def refused(response, status: int) -> dict:
    """Return the error of a refusal, which has the one shape that all have."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    assert set(response.json()) == {"error"}
    error = response.json()["error"]
    assert set(error) == {"message", "field", "limit"}
    return error


class TestKey:
    @pytest.mark.parametrize(("method", "path"), PROTECTED)
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"X-API-Key": ""},
            {"X-API-Key": KEY[:-1]},
            {"X-API-Key": KEY + "x"},
            {"X-API-Key": KEY.upper()},
            {"X-API-Key": "schlüssel-mit-umlaut"},
            {"X-API-Key": b"\xff\xfe\x80 not UTF-8"},
            {"Authorization": "Bearer wrong"},
            {"Authorization": "Bearer ключ-которого-нет".encode()},
            {"Authorization": f"Basic {KEY}"},
            {"Authorization": KEY},
            {"Cookie": f"X-API-Key={KEY}"},
        ],
        ids=str,
    )
    def test_every_route_of_v1_wants_it(self, make_client, method, path, headers):
        raw = {name: value if isinstance(value, bytes) else value.encode("latin-1") for name, value in headers.items()}
        response = make_client(api_key=KEY).request(method, path, json=COMMENT, headers=raw)
        assert "key" in refused(response, 401)["message"]
        assert response.headers["www-authenticate"] == "Bearer"
        assert KEY not in response.text

    def test_it_is_not_taken_from_the_query(self, make_client):
        refused(make_client(api_key=KEY).get("/v1/policy", params={"api_key": KEY, "X-API-Key": KEY}), 401)

    @pytest.mark.parametrize("headers", [{"X-API-Key": KEY}, {"Authorization": f"Bearer {KEY}"}], ids=["key", "bearer"])
    def test_the_right_one_opens(self, make_client, headers):
        client = make_client(api_key=KEY)
        for method, path in PROTECTED:
            body = {"comments": [COMMENT]} if path.endswith("batch") else COMMENT
            assert client.request(method, path, json=body, headers=headers).status_code == 200, path

    def test_a_key_may_have_letters_beyond_ascii(self, make_client):
        key = "schlüssel-für-das-blog"
        client = make_client(api_key=key)
        assert client.get("/v1/policy", headers={b"X-API-Key": key.encode("utf-8")}).status_code == 200

    def test_health_and_the_page_stay_open(self, make_client):
        with make_client(api_key=KEY) as client:
            for path in ("/healthz", "/readyz", "/", "/pages/try.js", "/pages/try.css"):
                assert client.get(path).status_code == 200, path

    def test_a_stranger_without_a_key_learns_nothing_about_the_body(self, make_client):
        """Who has no key gets 401 for a good record and for a bad one alike."""
        client = make_client(api_key=KEY)
        for body in (COMMENT, {}, {"text": ""}, {"text": "x", "more": 1}):
            refused(client.post("/v1/score", json=body), 401)


class TestAddress:
    @pytest.mark.parametrize("address", ["192.168.1.5:8000", "10.1.2.3", "[2001:db8::1]:8000"])
    @pytest.mark.parametrize("path", ["/v1/policy", "/healthz", "/", "/openapi.json", "/nothing"])
    def test_without_a_key_other_addresses_are_refused(self, make_client, address, path):
        # Started by hand as `uvicorn api.app:create_app --factory --host 0.0.0.0`, which the settings do not see.
        client = make_client(base_url=f"http://{address}")
        assert "MODERATION_API_KEY" in refused(client.get(path, headers={"Host": "localhost"}), 403)["message"]

    @pytest.mark.parametrize("address", ["127.0.0.1:8000", "127.0.0.9", "[::1]:8000", "localhost"])
    def test_loopback_is_answered(self, make_client, address):
        client = make_client(base_url=f"http://{address}")
        assert client.get("/v1/policy", headers={"Host": "localhost"}).status_code == 200

    def test_with_a_key_every_address_is_answered(self, make_client):
        client = make_client(base_url="http://192.168.1.5", host="0.0.0.0", api_key=KEY)
        assert client.get("/v1/policy", headers={"X-API-Key": KEY}).status_code == 200
        refused(client.get("/v1/policy"), 401)


class TestHost:
    """A page elsewhere can point its own name at 127.0.0.1 and use the owner's browser (DNS rebinding)."""

    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            "evil.example:8000",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "localhost@evil.example",
            "evil.example#localhost",
            "localhost:80:80",
            "[::1",
            "[::2]",
            "0.0.0.0",
            "",
        ],
    )
    def test_a_foreign_name_is_refused(self, client, host):
        for path in ("/", "/v1/policy", "/healthz"):
            assert refused(client.get(path, headers={"Host": host}), 400)["field"] == "host"

    @pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:8"])
    def test_the_names_of_this_machine_are_answered(self, client, host):
        assert client.get("/v1/policy", headers={"Host": host}).status_code == 200

    def test_the_owner_may_allow_more_names(self, make_client):
        client = make_client(allowed_hosts=["Blog.example"])
        assert client.get("/v1/policy", headers={"Host": "blog.example:8000"}).status_code == 200
        refused(client.get("/v1/policy", headers={"Host": "www.blog.example"}), 400)

    def test_with_a_key_any_name_is_answered(self, make_client):
        headers = {"Host": "blog.example", "X-API-Key": KEY}
        assert make_client(api_key=KEY).get("/v1/policy", headers=headers).status_code == 200


class TestBodyLimit:
    def test_the_app_has_it(self, client):
        """Declared and not sent: it is refused by the header alone."""
        headers = {"Content-Length": str(MAX_BODY_BYTES + 1), "Content-Type": "application/json"}
        error = refused(client.post("/v1/score", content=b"{}", headers=headers), 413)
        assert (error["field"], error["limit"]) == ("body", MAX_BODY_BYTES)

    @pytest.mark.parametrize("declared", ["9" * 19, "9" * 5_000], ids=len)
    def test_an_endless_length_is_refused(self, client, declared):
        refused(client.post("/v1/score", content=b"{}", headers={"Content-Length": declared}), 413)

    def test_a_body_without_length_is_counted_as_it_comes(self):
        sent = 0

        def chunks():
            nonlocal sent
            for _ in range(10):
                sent += 1
                yield b"x" * 10

        response = TestClient(BodyLimit(_echo, limit=25)).post("/", content=chunks())
        assert refused(response, 413)["limit"] == 25

    @pytest.mark.parametrize("length", ["-1", "1e9", "", "٣"])
    def test_a_length_that_is_no_number_does_not_lift_the_limit(self, length):
        client = TestClient(BodyLimit(_echo, limit=25))
        headers = {b"Content-Length": length.encode("utf-8")}
        refused(client.post("/", content=b"x" * 26, headers=headers), 413)

    def test_a_body_at_the_limit_arrives_whole(self):
        client = TestClient(BodyLimit(_echo, limit=25))
        assert client.post("/", content=b"x" * 25).json() == 25
        assert client.post("/", content=(b"x" * 5 for _ in range(5))).json() == 25
        assert client.post("/").json() == 0

    def test_the_largest_batch_fits(self):
        assert MAX_BODY_BYTES > 1_000 * 20_000


async def _echo(scope, receive, send) -> None:
    """An application that answers how many bytes reached it in one message."""
    message = await receive()
    assert message["more_body"] is False
    body = json.dumps(len(message["body"])).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})
