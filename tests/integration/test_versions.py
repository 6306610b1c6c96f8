"""The shipped model gives the same scores on every release of scikit-learn that it says it was verified with."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from moderation.model.store import VERIFIED_SCIKIT_LEARN
from tests.conftest import DOCUMENTS, ROOT
from tests.integration.running import run

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("release", VERIFIED_SCIKIT_LEARN)
def test_the_scores_are_the_same(release, wheel, tmp_path, shipped_moderator, seed_thread):
    pins = [
        line
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "scikit-learn" not in line
    ]
    (tmp_path / "pins.txt").write_text("\n".join([*pins, f"scikit-learn=={release}"]), encoding="utf-8")
    python = tmp_path / "venv" / "bin" / "python"
    run(sys.executable, "-m", "venv", str(tmp_path / "venv"))
    run(str(python), "-m", "pip", "install", "--quiet", "-c", str(tmp_path / "pins.txt"), str(wheel))
    printed = run(str(python.parent / "moderation"), "score", str(DOCUMENTS[0]), cwd=tmp_path)
    expected = run(str(Path(sys.executable).parent / "moderation"), "score", str(DOCUMENTS[0]), cwd=tmp_path)
    assert [json.loads(line) for line in printed.splitlines()] == [json.loads(line) for line in expected.splitlines()]
