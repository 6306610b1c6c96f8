"""The wheel, installed into an environment of its own and used from an empty folder: the checkout is out of reach."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import DOCUMENTS, ROOT
from tests.integration.asking import ask
from tests.integration.running import clean_environment, run
from tests.integration.serving import serving

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The folder of the commands of a fresh environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", str(folder))
    constraints = ROOT / "constraints.txt"
    pinned = ["-c", str(constraints)] if constraints.exists() else []
    run(str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *pinned, str(wheel))
    return folder / "bin"


@pytest.fixture
def elsewhere(tmp_path) -> Path:
    """An empty folder far from the checkout."""
    assert ROOT not in tmp_path.resolve().parents
    return tmp_path


def test_nothing_comes_from_the_checkout(installed, elsewhere):
    program = (
        "import json, os, sys, api, moderation, moderation.paths as paths\n"
        "own = [api.__file__, moderation.__file__, paths.model_folders()[1], paths.seeds(), paths.policies()]\n"
        "print(json.dumps([[os.path.realpath(place) for place in places] for places in (sys.path, own)]))\n"
    )
    searched, own = json.loads(run(str(installed / "python"), "-c", program, cwd=elsewhere))
    assert not [place for place in searched if Path(place).is_relative_to(ROOT)]
    assert [place for place in own if Path(place).is_relative_to(installed.parent.resolve())] == own


def test_it_scores_a_page_with_the_shipped_model(installed, elsewhere):
    shutil.copy(DOCUMENTS[0], elsewhere / "page.txt")
    output = run(str(installed / "moderation"), "score", "page.txt", cwd=elsewhere)
    verdicts = [json.loads(line) for line in output.splitlines()]
    assert len(verdicts) == 13
    assert {(verdict["model"], verdict["policy"]) for verdict in verdicts} == {("default", "barnet-eye")}
    assert all(verdict["scores"]["off_topic"] is not None for verdict in verdicts)
    assert [path.name for path in elsewhere.iterdir()] == ["page.txt"]


def test_it_serves_the_shipped_model_and_the_page(installed, elsewhere):
    with serving([str(installed / "moderation")], "--policy", "open", cwd=elsewhere, env=clean_environment()) as server:
        assert ask(f"{server.url}/readyz") == (200, {"status": "ready"})
        status, verdict = ask(f"{server.url}/v1/score", {"text": "Thank you for this report."})
        assert status == 200
        assert (verdict["model"], verdict["policy"]) == ("default", "open")
        status, about = ask(f"{server.url}/v1/model")
        assert (status, about["name"]) == (200, "default")
        for path in ("/", "/pages/try.js", "/pages/try.css"):
            assert run("curl", "-sSf", "--noproxy", "*", f"{server.url}{path}", cwd=elsewhere), path


def test_it_carries_the_shipped_model_and_no_other(wheel):
    names = run(sys.executable, "-m", "zipfile", "-l", str(wheel)).split()
    models = {name.split("/")[3] for name in names if name.startswith("moderation/shipped/models/")}
    assert models == {"default"}
    packed = {name.split("/")[0] for name in names if "/" in name}
    assert packed == {"api", "moderation", next(name for name in packed if name.endswith(".dist-info"))}
