"""Running a command to its end, far from the checkout's own paths."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.integration.serving import environment

INSTALLING = 900
"""Seconds for pip to fetch and install everything; nothing waits that long when all is well."""


def clean_environment() -> dict[str, str]:
    """Return the environment without what could lead back to the checkout."""
    return {name: value for name, value in environment().items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}


def run(*command: str, cwd: Path | None = None) -> str:
    """Return what a command prints; one that fails fails the test with its last words."""
    done = subprocess.run(
        command, cwd=cwd, env=clean_environment(), capture_output=True, text=True, encoding="utf-8", timeout=INSTALLING
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-2_000:]}\n{done.stderr[-2_000:]}"
    return done.stdout
