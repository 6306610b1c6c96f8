"""Documents name what exists. The README's commands themselves run in tests/integration/test_readme.py."""

from __future__ import annotations

import re

import pytest

from moderation.cli.app import app
from tests.cli.conftest import commands_of
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_of_the_readme_exists():
    known = {name.split()[0] for name in commands_of(app)}
    code = re.findall(r"```sh\n(.*?)```", README, re.DOTALL) + re.findall(r"`(moderation [^`\n]+)`", README)
    used = {name for part in code for name in re.findall(r"^moderation ([a-z]+)", part, re.MULTILINE)}
    assert used <= known
    assert {"threads", "train", "evaluate", "score", "serve"} <= used


DOCUMENTS = ["README.md", "seeds/README.md", "seeds/CARD.md", "models/default/card.md", "CHANGELOG.md"]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document):
    path = ROOT / document
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_make_targets_of_the_readme_exist():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"^make ([a-z-]+)$", README, re.MULTILINE)) == {"serve", "test"}
    assert {"serve", "test", "test-integration"} <= set(targets)


def test_files_that_the_makefile_reads_are_committed():
    """A clean checkout has them: CI tests what is committed, not what lies here."""
    named = re.findall(r"--notes (\S+)|sh (\S+\.sh)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    files = [notes or script for notes, script in named]
    assert len(files) >= 2
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_no_file_carries_a_registry_or_a_path_of_a_machine():
    """Lock files and scripts must work on any machine: no address but loopback, no index, no home folder."""
    forbidden = re.compile(r"https?://(?!127\.0\.0\.1)|index-url|(?<![\w.])/(?:home|root|Users)/")
    for name in ("pyproject.toml", "constraints.txt", "Makefile", ".ci/run", "README.md", ".pre-commit-config.yaml"):
        assert not forbidden.search((ROOT / name).read_text(encoding="utf-8")), name
