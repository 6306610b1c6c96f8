"""`moderation serve` as a process of its own, as an owner starts it."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 120
"""Seconds until a process that says nothing counts as stuck; nothing waits that long when all is well."""

_RUNNING = re.compile(r"running on (http://[^ \"]+)")


@dataclass
class Server:
    """A running server: its address and what it has logged so far."""

    process: subprocess.Popen[str]
    url: str
    log: list[str] = field(default_factory=list)


def environment(**settings: str) -> dict[str, str]:
    """Return the environment of this process without settings of the service, and with `settings`."""
    clean = {name: value for name, value in os.environ.items() if not name.upper().startswith("MODERATION_")}
    return {**clean, **settings}


@contextmanager
def serving(
    command: list[str], *options: str, cwd: Path | None = None, env: dict[str, str] | None = None
) -> Iterator[Server]:
    """Run `COMMAND serve` on a port that the system chooses, and end it after the block."""
    process = subprocess.Popen(
        [*command, "serve", "--port", "0", *options],
        cwd=cwd,
        env=environment() if env is None else env,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    assert process.stderr is not None
    server = Server(process, "")
    ready = threading.Event()

    def read() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            server.log.append(line)
            found = _RUNNING.search(line)
            if found:
                server.url = found[1]
                ready.set()
        ready.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        ready.wait(PATIENCE)
        assert server.url, "".join(server.log)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(PATIENCE)
        process.stderr.close()
