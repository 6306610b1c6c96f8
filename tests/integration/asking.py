"""Asking a running server with nothing but the standard library."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from tests.integration.serving import PATIENCE

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""No proxy of the machine stands between a test and loopback."""


def ask(url: str, body: object = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    """Return status and JSON of a GET, or of a POST of `body` as JSON."""
    data = None if body is None else json.dumps(body).encode("utf-8")
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})})
    try:
        with _DIRECT.open(request, timeout=PATIENCE) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
