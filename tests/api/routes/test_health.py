"""Whether the process lives, and whether it can judge."""

from __future__ import annotations


def test_alive_and_ready(client):
    with client:
        assert client.get("/healthz").json() == {"status": "alive"}
        assert client.get("/readyz").json() == {"status": "ready"}


def test_alive_before_it_is_ready_and_after(client):
    for _ in range(2):
        assert client.get("/healthz").status_code == 200
        response = client.get("/readyz")
        assert response.status_code == 503
        assert set(response.json()["error"]) == {"message", "field", "limit"}
        with client:
            assert client.get("/readyz").status_code == 200
