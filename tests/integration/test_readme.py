"""The README as a newcomer follows it: a fresh clone, every command in order, the answers compared with what it prints."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.integration.serving import PATIENCE, environment

pytestmark = pytest.mark.integration

BLOCKS = re.findall(
    r"^```(\w*)\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
)


def blocks_with_output() -> list[tuple[str, str, str]]:
    """Each block of commands or code, with the block of plain output under it."""
    found = []
    for index, (language, text) in enumerate(BLOCKS):
        if language in ("sh", "python"):
            following = BLOCKS[index + 1] if index + 1 < len(BLOCKS) else ("sh", "")
            found.append((language, text, following[1] if following[0] == "" else ""))
    return found


def shape(text: str) -> str:
    """Text with its figures, times and white space masked: scores may differ in the last digits between machines."""
    return re.sub(r"\s+", "", re.sub(r"\d+(?:[.,:]\d+)*", "N", text))


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("newcomer") / "moderation"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def port(clone: Path) -> Iterator[str]:
    """`make serve`, the first command, on a free port; it sets everything up before it answers."""
    assert blocks_with_output()[0][1] == "make serve\n"
    process = subprocess.Popen(
        ["make", "serve", "PORT=0"],
        cwd=clone,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    log = []
    try:
        for line in process.stderr:
            log.append(line)
            found = re.search(r"running on http://127\.0\.0\.1:(\d+)", line)
            if found:
                expected = blocks_with_output()[0][2].strip().split("\n")[-1]
                assert shape(line) == shape(expected)
                yield found[1]
                return
        pytest.fail("make serve ended: " + "".join(log[-20:]))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)
        process.stderr.close()


def test_the_second_command_is_make_test(clone):
    assert blocks_with_output()[1][1] == "make test\n"
    planned = subprocess.run(
        ["make", "--dry-run", "test"], cwd=clone, capture_output=True, text=True, check=True
    ).stdout
    assert "pytest" in planned
    assert "mypy --strict" in planned


@pytest.mark.parametrize("number", range(2, len(blocks_with_output())))
def test_each_further_block_answers_as_printed(clone, port, number):
    language, text, expected = blocks_with_output()[number]
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    command = ["bash", "-e", "-c", text] if language == "sh" else [str(clone / ".venv" / "bin" / "python"), "-c", text]
    path = f"{clone / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(command, cwd=clone, env=environment(PATH=path), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert expected, "every command in the README shows what it answers"
    printed = shape(ran.stdout + ran.stderr)
    # "..." in the README stands for what it leaves out.
    for piece in expected.split("..."):
        assert shape(piece) in printed
