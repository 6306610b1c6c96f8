"""The API keeps to its own OpenAPI document, whatever is sent: schemathesis makes the requests from the document."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.integration.conftest import COMMAND
from tests.integration.serving import environment, serving

pytestmark = pytest.mark.integration

KEY = "correct-horse-battery-staple"
EXAMPLES = 60
"""Requests made up for each operation in each phase, beside those that its schema calls for."""

FUZZING = 600
"""Seconds until the run counts as stuck; it takes some twenty."""


def test_no_request_breaks_the_contract(tmp_path):
    # With a key, so that the answers to a missing and to a wrong one are tried too.
    with serving(COMMAND, env=environment(MODERATION_API_KEY=KEY)) as server:
        done = subprocess.run(
            [
                str(Path(COMMAND[0]).parent / "schemathesis"),
                *("run", f"{server.url}/openapi.json", "--checks", "all", "--no-color"),
                *("--max-examples", str(EXAMPLES), "--generation-deterministic"),
                *("--header", f"Authorization: Bearer {KEY}"),
            ],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=FUZZING,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    records = [json.loads(line) for line in server.log]
    answered = {(record["route"], record["status"]) for record in records if record["message"] == "request"}
    assert not [record for record in records if record["level"] == "error"]
    assert not [status for _, status in answered if status >= 500]
    # Good and bad requests both reached every route: a run that tried nothing would pass as well.
    for route in ("/v1/score", "/v1/score/batch"):
        assert {status for path, status in answered if path == route} >= {200, 401, 405, 422}
    for route in ("/v1/policy", "/v1/model"):
        assert {status for path, status in answered if path == route} >= {200, 401, 405}
