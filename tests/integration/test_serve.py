"""`moderation serve` as an owner runs it: it answers, it refuses to be exposed, it ends when told to."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.integration.asking import ask
from tests.integration.conftest import COMMAND
from tests.integration.serving import PATIENCE, environment, serving

pytestmark = pytest.mark.integration

KEY = "correct-horse-battery-staple"


def test_it_is_ready_and_judges(server):
    assert ask(f"{server.url}/readyz") == (200, {"status": "ready"})
    status, verdict = ask(f"{server.url}/v1/score", {"id": "1", "text": "You are an idiot, shut up you stupid moron."})
    assert status == 200
    assert (verdict["id"], verdict["model"], verdict["policy"]) == ("1", "default", "barnet-eye")
    assert verdict["scores"]["personal_attack"] > 0.5


def test_it_listens_on_loopback_only(server):
    address = urlsplit(server.url)
    assert address.hostname == "127.0.0.1"
    with socket.socket() as elsewhere, pytest.raises(OSError, match="refused"):
        elsewhere.connect(("127.0.0.2", address.port))


def test_its_log_is_json_lines_without_comments():
    with serving(COMMAND) as server:
        assert ask(f"{server.url}/v1/score", {"text": "zebra-umbrella"})[0] == 200
        assert ask(f"{server.url}/v1/score", {"text": "zebra-umbrella", "zebra-umbrella": 1})[0] == 422
    assert not any("zebra" in line for line in server.log)
    records = [json.loads(line) for line in server.log]
    assert records[0]["message"].startswith("Started server process")
    assert [record["status"] for record in records if record["message"] == "request"] == [200, 422]


def test_what_no_client_library_sends_makes_no_stack_trace():
    """A real server reads the bytes, so what breaks the rules of HTTP is sent by hand."""
    with serving(COMMAND) as server:
        address = urlsplit(server.url)
        for raw, status in (
            (b"nonsense\r\n\r\n", b"400"),
            (b"POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n", b"4"),
            (b"POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
            (b"GET /v1/policy HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", b"400"),
            (b"GET /%ff%00%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"404"),
            (b"GET /v1/policy HTTP/1.1\r\nHost: localhost\r\nX-API-Key: \xff\xfe\r\nConnection: close\r\n\r\n", b"200"),
        ):
            with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as connection:
                connection.sendall(raw)
                answer = connection.recv(4_096)
            assert answer.split(b" ")[1].startswith(status), raw[:60]
        assert ask(f"{server.url}/healthz")[0] == 200
    assert not any("Traceback" in line or json.loads(line)["level"] == "error" for line in server.log)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)
def test_a_signal_ends_it_cleanly(how):
    with serving(COMMAND) as server:
        assert ask(f"{server.url}/healthz")[0] == 200
        server.process.send_signal(how)
        # uvicorn shuts down and then raises the signal again: -15 is what a shell shows as 143.
        assert server.process.wait(PATIENCE) in ((0, -15) if how == signal.SIGTERM else (0, 130, -2))
    assert not any("Traceback" in line for line in server.log)
    assert "Finished server process" in json.loads(server.log[-1])["message"]


def test_with_a_key_it_may_be_reached_from_elsewhere():
    with serving(COMMAND, "--host", "0.0.0.0", env=environment(MODERATION_API_KEY=KEY)) as server:
        url = server.url.replace("0.0.0.0", "127.0.0.1")
        assert ask(f"{url}/v1/score", {"text": "hello"})[0] == 401
        assert ask(f"{url}/v1/score", {"text": "hello"}, {"X-API-Key": KEY})[0] == 200
        assert ask(f"{url}/v1/score", {"text": "hello"}, {"Authorization": f"Bearer {KEY}"})[0] == 200
    assert not any(KEY in line for line in server.log)


def test_without_a_key_a_foreign_interface_is_refused_however_it_is_started():
    """Straight through uvicorn, where the settings still say loopback."""
    program = (
        "import uvicorn\n"
        "uvicorn.run('api.app:create_app', factory=True, host='0.0.0.0', port=0, log_config=None, access_log=False)\n"
    )
    python = str(Path(COMMAND[0]).with_name("python"))
    with serving([python, "-c", program]) as server:
        port = urlsplit(server.url).port
        assert ask(f"http://127.0.0.1:{port}/v1/policy")[0] == 200
        address = _own_address()
        if address is None:
            pytest.skip("this machine has no address but loopback")
        assert ask(f"http://{address}:{port}/v1/policy", headers={"Host": "localhost"})[0] == 403


@pytest.mark.parametrize(
    ("options", "settings", "said"),
    [
        (["--host", "0.0.0.0"], {}, "set MODERATION_API_KEY"),
        (["--host", "::"], {}, "set MODERATION_API_KEY"),
        ([], {"MODERATION_HOST": "0.0.0.0"}, "set MODERATION_API_KEY"),
        (["--host", "0.0.0.0"], {"MODERATION_API_KEY": ""}, "set MODERATION_API_KEY"),
        (["--host", "0.0.0.0"], {"MODERATION_API_KEY": "short"}, "expected at least 16"),
        (["--model", "nosuch"], {}, "unknown model 'nosuch'"),
        (["--policy", "barnet"], {}, "did you mean 'barnet-eye'?"),
    ],
)
def test_what_it_cannot_start_with_is_one_line_and_exit_code_2(options, settings, said):
    assert said in _refusal(*options, **settings)


def test_a_port_that_is_taken_is_one_line_and_exit_code_2(server):
    port = str(urlsplit(server.url).port)
    assert f"cannot listen on 127.0.0.1, port {port}: address already in use" in _refusal("--port", port)


def _refusal(*options: str, **settings: str) -> str:
    """Return the one line that the command ends with."""
    command = [*COMMAND, "serve", "--port", "0", *options]
    done = subprocess.run(command, env=environment(**settings), capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def _own_address() -> str | None:
    """An address of this machine that is not loopback; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith("127.") else address
