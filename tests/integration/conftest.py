"""A running service and a built wheel, which the tests of this folder share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.integration.running import run
from tests.integration.serving import Server, serving

COMMAND = [str(Path(sys.executable).parent / "moderation")]
"""The command that is installed beside the Python that runs the tests."""


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The shipped model under the default policy, without a key."""
    with serving(COMMAND) as running:
        yield running


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """The project as it would be published."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built
