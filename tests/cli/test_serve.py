"""`moderation serve`. What the service answers is tested in tests/api."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import urllib.request

import pytest
import uvicorn

from moderation.cli import serve
from tests.cli.conftest import COMMAND, one_line

SETTINGS = ("MODERATION_HOST", "MODERATION_PORT", "MODERATION_MODEL", "MODERATION_POLICY")


@pytest.fixture
def called(run, monkeypatch) -> dict:
    """What `moderation serve` tells uvicorn, which does not start here."""
    for name in SETTINGS:
        monkeypatch.setenv(name, "")  # put back when the test ends
    monkeypatch.setattr(serve, "_check_address", lambda host, port: None)  # nothing listens, whatever else runs here
    told: dict = {}
    monkeypatch.setattr(uvicorn, "run", lambda app, **options: told.update(app=app, **options))
    return told


def test_it_binds_to_loopback_and_passes_its_options_on(run, called):
    assert run("serve", "--policy", "open").code == 0
    assert (called["app"], called["factory"]) == ("api.app:create_app", True)
    assert (called["host"], called["port"]) == ("127.0.0.1", 8000)
    assert [os.environ[name] for name in SETTINGS] == ["127.0.0.1", "8000", "serving", "open"]


def test_the_environment_sets_what_no_option_does(run, called, monkeypatch):
    monkeypatch.setenv("MODERATION_HOST", "::1")
    monkeypatch.setenv("MODERATION_PORT", "8123")
    assert run("serve", "--port", "8124").code == 0
    assert (called["host"], called["port"]) == ("::1", 8124)
    assert [os.environ[name] for name in SETTINGS] == ["::1", "8124", "serving", "barnet-eye"]


@pytest.mark.parametrize(
    ("args", "key", "reason"),
    [
        (("--host", "0.0.0.0"), "", "host '0.0.0.0' can be reached from other machines: set MODERATION_API_KEY"),
        (("--host", "::"), "", "host '::' can be reached from other machines"),
        ((), "short", "MODERATION_API_KEY has 5 characters, expected at least 16"),
        (("--model", "defualt"), "", "unknown model 'defualt'"),
        (("--policy", "opne"), "", "did you mean 'open'?"),
    ],
)
def test_what_may_not_start_ends_in_one_line(run, monkeypatch, args, key, reason):
    for name in SETTINGS:
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("MODERATION_API_KEY", key)
    line = one_line(run("serve", "--port", "0", *args))
    assert reason in line
    assert not key or key not in line.replace("MODERATION_API_KEY", "")


def test_a_port_that_is_taken_ends_in_one_line(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"cannot listen on 127.0.0.1, port {port}: " in one_line(run("serve", "--port", port))


def test_a_port_out_of_range_is_a_usage_error(run, called):
    done = run("serve", "--port", "70000")
    assert (done.code, called) == (2, {})
    assert "--port" in done.err
    assert "65535" in done.err


def test_it_answers_until_it_is_told_to_stop(env):
    command = [COMMAND, "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, text=True) as process:
        log = []
        try:
            for line in process.stderr:
                log.append(json.loads(line))
                if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", log[-1]["message"]):
                    break
            body = json.dumps({"id": "a", "text": "Zanzibar."}).encode()
            request = urllib.request.Request(f"{found.group(1)}/v1/score", body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                record = json.load(answer)
        finally:
            process.send_signal(signal.SIGTERM)
        out, rest = process.communicate(timeout=60)
    log += [json.loads(line) for line in rest.splitlines()]
    assert (record["id"], record["model"], record["policy"]) == ("a", "default", "barnet-eye")
    assert out == ""
    assert [line["route"] for line in log if line["message"] == "request"] == ["/v1/score"]
    assert "Zanzibar" not in json.dumps(log)
    assert process.returncode in (0, -signal.SIGTERM)
