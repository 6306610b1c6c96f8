"""The application on a small model: no key, so only the names of this machine are answered."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings

KEY = "correct-horse-battery-staple"


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch) -> Iterator[None]:
    """No setting of the machine reaches a test, and the log handlers of one app do not outlive its test."""
    for name in [name for name in os.environ if name.upper().startswith("MODERATION_")]:
        monkeypatch.delenv(name)
    before = {name: list(logging.getLogger(name).handlers) for name in ("api", "uvicorn")}
    yield
    for name, handlers in before.items():
        logging.getLogger(name).handlers = handlers


@pytest.fixture
def make_client(small_moderator) -> Callable[..., TestClient]:
    """Return a function that makes a client of an app with given settings."""

    def make(base_url: str = "http://localhost", moderator=small_moderator, **settings) -> TestClient:
        # An exception on the way is an answer of 500 to the client, as it is behind a real server.
        app = create_app(Settings(**settings), moderator=moderator)
        return TestClient(app, base_url=base_url, raise_server_exceptions=False)

    return make


@pytest.fixture
def client(make_client) -> TestClient:
    return make_client()
