"""Ways to run the command: in a pipe and on a pseudo terminal, in this process and as a process of its own.

A process of its own takes 2 s to start: it is for tests of what only a process has.

All of them know one model, `default`: a small one, saved under a temporary `MODERATION_MODELS`, so that no test here
hangs on the figures of the shipped model.
"""

from __future__ import annotations

import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer

from moderation.cli.app import main
from moderation.examples import in_test, read_examples
from moderation.labels import LABEL_NAMES
from moderation.model.classifier import thresholds_of
from moderation.model.store import save
from tests.conftest import DOCUMENTS, ROOT, few_columns

PAGE = str(DOCUMENTS[0])
COMMAND = str(Path(sysconfig.get_path("scripts")) / "moderation")


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


def commands_of(group: typer.Typer, prefix: str = "") -> dict[str, Callable[..., None]]:
    """Return the function of every command by its name, those of sub-groups as `GROUP NAME`."""
    own = {f"{prefix}{one.name or one.callback.__name__}": one.callback for one in group.registered_commands}
    for part in group.registered_groups:
        own |= commands_of(part.typer_instance, f"{prefix}{part.typer_instance.info.name} ")
    return own


@pytest.fixture(scope="session")
def models(tmp_path_factory, narrow_pipeline) -> Path:
    folder = tmp_path_factory.mktemp("models")
    about = {"name": "default", "labels": list(LABEL_NAMES), "thresholds": thresholds_of(narrow_pipeline)}
    save(folder / "default", narrow_pipeline, about, "# Model card: default\n")
    return folder


@pytest.fixture(scope="session")
def few_seeds(tmp_path_factory) -> Path:
    """A folder of seeds that trains in seconds: four training threads of three files, and their held-out threads."""
    folder = tmp_path_factory.mktemp("seeds")
    shutil.copy(ROOT / "seeds" / "examples.jsonl", folder)
    (folder / "written").mkdir()
    for name in ("charges_blogs", "identity_threads", "visitors"):
        file = ROOT / "seeds" / "written" / f"{name}.jsonl"
        held_out = {row.thread: in_test(row) for row in read_examples(file)}
        training = [thread for thread in held_out if not held_out[thread]][:4]
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if held_out[thread := json.loads(line)["thread"]] or thread in training]
        (folder / "written" / f"{name}.jsonl").write_text("".join(kept), encoding="utf-8")
    return folder


@pytest.fixture
def narrow() -> Iterator[None]:
    with few_columns():
        yield


@pytest.fixture
def env(monkeypatch, models) -> dict[str, str]:
    for name in [name for name in os.environ if name.startswith("MODERATION_")]:
        monkeypatch.delenv(name)
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MODERATION_MODELS", str(models))
    return {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200"}


def in_process(*args: object, stdin: bytes = b"") -> Ended:
    """Run `moderation ARGS` in this process, with its output in a pipe."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["moderation", *map(str, args)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = exit_code()
    return Ended(code, out.getvalue(), err.getvalue())


def exit_code() -> int:
    """Run the command that `sys.argv` holds and return how it ended."""
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    return 0


@pytest.fixture
def run(env) -> Run:
    """Run `moderation ARGS` in this process, as `in_process` does, in the environment of `env`."""
    return in_process


@pytest.fixture
def pipe(env) -> Run:
    """Run the installed `moderation ARGS` as its own process between pipes."""

    def call(*args: object, stdin: bytes = b"", cwd: Path = ROOT, **settings: str) -> Ended:
        done = subprocess.run(
            [COMMAND, *map(str, args)], input=stdin, capture_output=True, cwd=cwd, env={**env, **settings}, check=False
        )
        return Ended(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return call


@pytest.fixture
def terminal(env, monkeypatch) -> Run:
    """Run `moderation ARGS` in this process, its three streams on a pseudo terminal; `out` is what its screen was sent."""
    monkeypatch.setenv("TERM", env["TERM"])
    monkeypatch.setenv("COLUMNS", env["COLUMNS"])

    def call(*args: object) -> Ended:
        ours, theirs = pty.openpty()
        parts: list[bytes] = []
        reader = threading.Thread(target=lambda: parts.extend(shown_on(ours)))
        reader.start()
        with (
            os.fdopen(os.dup(theirs), encoding="utf-8") as typed,
            os.fdopen(os.dup(theirs), "w", encoding="utf-8") as out,
            os.fdopen(theirs, "w", encoding="utf-8") as err,
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setattr(sys, "argv", ["moderation", *map(str, args)])
            for name, stream in (("stdin", typed), ("stdout", out), ("stderr", err)):
                patch.setattr(sys, name, stream)
            code = exit_code()
        reader.join()
        os.close(ours)
        return Ended(code, as_text(parts), "")

    return call


@pytest.fixture
def terminal_process(env) -> Run:
    """Run the installed `moderation ARGS` as its own process on a pseudo terminal, as `on_terminal` does."""

    def call(*args: object, piped: bool = False) -> Ended:
        return on_terminal([COMMAND, *map(str, args)], env, piped=piped)

    return call


def on_terminal(command: Sequence[str], env: Mapping[str, str], *, piped: bool) -> Ended:
    """Run a command on a pseudo terminal; where `piped`, standard output alone goes into a pipe, as in `... | jq`."""
    ours, theirs = pty.openpty()
    out = subprocess.PIPE if piped else theirs
    with subprocess.Popen(command, stdin=theirs, stdout=out, stderr=theirs, cwd=ROOT, env=dict(env)) as process:
        os.close(theirs)
        written = process.stdout.read() if process.stdout else b""
        shown = as_text(shown_on(ours))
        os.close(ours)
        code = process.wait()
    return Ended(code, written.decode("utf-8"), shown) if piped else Ended(code, shown, "")


def shown_on(ours: int) -> Iterator[bytes]:
    """Yield what is sent to the screen of a pseudo terminal until its other side is closed."""
    try:
        while part := os.read(ours, 65_536):
            yield part
    except OSError:
        return  # Linux says so when the other side is closed.


def as_text(parts: Iterable[bytes]) -> str:
    return b"".join(parts).decode("utf-8").replace("\r\n", "\n")


def plain(screen: str) -> str:
    """Return what was sent to a screen without the colours."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen)


def one_line(ended: Ended, code: int = 2) -> str:
    """Return the one error line of a command that a user's mistake ended, with nothing on standard output."""
    assert ended.code == code, ended
    assert ended.out == ""
    assert ended.err.endswith("\n")
    assert ended.err.startswith("moderation: ")
    assert ended.err.count("\n") == 1, ended.err
    return ended.err
