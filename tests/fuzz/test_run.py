"""`make fuzz`: the time of each target, what it ends with, and where a finding lies."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.fuzz import run
from tests.fuzz.targets import TARGETS


def harness(monkeypatch, act):
    """Put something else in the place of the fuzzed process, and return the commands it was started with."""
    commands = []

    def started(command, stdout, **_):
        commands.append(command)
        now = Path(command[4])
        now.write_bytes(b"the input at hand")
        prefix = next(part.partition("=")[2] for part in command if part.startswith("-artifact_prefix="))
        stdout.write(b"Done 17 runs in 1 second(s)\n")
        return SimpleNamespace(returncode=act(command[3], prefix))

    monkeypatch.setattr(run.subprocess, "run", started)
    return commands


def test_every_target_has_the_same_share_of_the_time(tmp_path, monkeypatch, capsys):
    commands = harness(monkeypatch, lambda name, prefix: 0)
    assert run.main(["--seconds", "600", "--folder", str(tmp_path)]) == 0
    assert {command[3] for command in commands} == TARGETS.keys()
    share = 600 * run.AT_ONCE // len(TARGETS)
    seconds = dict.fromkeys(TARGETS, 0)
    for command in commands:
        (given,) = (int(part.partition("=")[2]) for part in command if part.startswith("-max_total_time="))
        assert given <= run.ROUND_SECONDS
        seconds[command[3]] += given
    assert set(seconds.values()) == {share}
    said = capsys.readouterr().out
    rounds = -(-share // run.ROUND_SECONDS)
    assert f"isso: {17 * rounds} inputs in {share} s\n" in said
    assert said.endswith(f"{len(TARGETS)} targets, {share} s each, 0 findings\n")
    for name in TARGETS:
        assert [file.read_bytes() for file in sorted((tmp_path / "seeds" / name).iterdir())]


def test_a_finding_ends_the_run_with_1_and_says_its_file(tmp_path, monkeypatch, capsys):
    def act(name, prefix):
        if name == "csv":
            Path(f"{prefix}crash-12").write_bytes(b'"')
        return 77 if name == "csv" else 0

    harness(monkeypatch, act)
    assert run.main(["--seconds", "1", "--folder", str(tmp_path), "csv", "page"]) == 1
    said = capsys.readouterr().out
    assert f"csv: ended with 77; the file is {tmp_path}/findings/csv/crash-12, what was said is in" in said
    assert said.endswith("2 targets, 1 s each, 1 findings\n")


def test_a_process_that_was_killed_leaves_the_file_it_was_at(tmp_path, monkeypatch, capsys):
    harness(monkeypatch, lambda name, prefix: -9)
    assert run.main(["--seconds", "1", "--folder", str(tmp_path), "isso"]) == 1
    file = tmp_path / "findings" / "isso" / "input"
    assert f"isso: ended with -9; the file is {file}," in capsys.readouterr().out
    assert file.read_bytes() == b"the input at hand"


def test_a_target_that_is_not_there_is_named(capsys):
    with pytest.raises(SystemExit):
        run.main(["wordpres"])
    assert "no target wordpres, expected some of wordpress, " in capsys.readouterr().err


def test_words_stand_in_the_dictionary_as_bytes():
    assert run.quoted(b'"a\n') == "\\x22\\x61\\x0a"


def test_the_fuzzer_itself_tries_the_files_to_start_from(tmp_path):
    pytest.importorskip("atheris", reason="make fuzz installs it")
    # As a process: what the fuzzer takes for its own memory may be as much as that of the process which starts it.
    command = [sys.executable, "-m", "tests.fuzz.run", "--seconds", "1", "--folder", str(tmp_path), "csv"]
    ran = subprocess.run(command, cwd=run.ROOT, capture_output=True, text=True, check=False)
    assert re.match(r"csv: [\d,]+ inputs in 1 s\n", ran.stdout)
    assert ran.returncode == 0


def test_the_fuzzer_keeps_a_finding(tmp_path):
    pytest.importorskip("atheris", reason="make fuzz installs it")
    command = [sys.executable, "-m", "tests.fuzz.harness", "csv", str(tmp_path / "missing" / "input"), "-runs=1"]
    ended = subprocess.run([*command, f"-artifact_prefix={tmp_path}/"], cwd=run.ROOT, capture_output=True, check=False)
    assert ended.returncode not in (0, 1)
    assert list(tmp_path.glob("crash-*"))
