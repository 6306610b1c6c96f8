"""The command as a whole: its help, its examples, and how it ends."""

from __future__ import annotations

import inspect
import json
import shlex
import shutil

import pytest
import typer
import uvicorn
from fastapi.testclient import TestClient
from uvicorn.importer import import_from_string

from moderation.cli import serve as serve_command
from moderation.cli import terminal
from moderation.cli import threads as threads_command
from moderation.cli.app import app
from moderation.errors import ExportError, ModerationError
from moderation.labels import LABEL_NAMES
from moderation.model.serving import promote
from moderation.model.store import load
from tests.cli.conftest import PAGE, commands_of, one_line
from tests.conftest import ROOT

COMMANDS = commands_of(app)
ON_A_TERMINAL = {"label"}  # it reads keys: tests/cli/test_label.py


def example_of(name: str) -> str:
    (line,) = (line for line in inspect.getdoc(COMMANDS[name]).splitlines() if line.startswith("Example: "))
    return line.removeprefix("Example: ")


def test_the_registry_has_the_commands():
    groups = typer.main.get_command(app).commands
    assert sorted({name.split()[0] for name in COMMANDS}) == sorted(groups)
    assert {"threads", "label", "split", "train", "evaluate", "score", "serve"} <= set(COMMANDS)
    assert {name for name in COMMANDS if " " in name} == {
        "corpora list", "corpora show",
        "examples agreement", "examples check", "examples splits", "examples stats",
        "models compare", "models list", "models promote", "models rollback", "models show",
        "policy replay",
    }  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_has_an_example(run, name):
    done = run(*name.split(), "--help")
    assert (done.code, done.err) == (0, "")
    assert f"Example: {example_of(name)}" in " ".join(done.out.split())


@pytest.fixture
def newcomer(tmp_path, monkeypatch, few_seeds, narrow, models):
    """A folder where the examples may write: the checkout's seeds, an owner's comments, few seeds to train on, and models of
    which one was promoted.
    """
    shutil.copytree(models / "default", tmp_path / "models" / "default")
    monkeypatch.setenv("MODERATION_MODELS", str(tmp_path / "models"))
    promote(load("default"), tmp_path / "models" / "default")
    (tmp_path / "seeds").mkdir()
    for part in ("documents", "labels"):
        shutil.copytree(ROOT / "seeds" / part, tmp_path / "seeds" / part)
    labels = dict.fromkeys(LABEL_NAMES, 0)
    rows = [{"text": f"Thank you for part {number}.", "labels": labels} for number in range(5)]
    mine = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "my-comments.jsonl").write_text(mine, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("HOST", "PORT", "MODEL", "POLICY"):
        monkeypatch.setenv(f"MODERATION_{name}", "")  # `serve` sets them; put back when the test ends
    return tmp_path


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - ON_A_TERMINAL))
def test_every_example_runs(run, newcomer, name, few_seeds, monkeypatch):
    served = []

    def answer_once(target, *, factory, **options):
        with TestClient(import_from_string(target)(), base_url="http://127.0.0.1") as client:
            served.append(client.get("/readyz").status_code)

    monkeypatch.setattr(uvicorn, "run", answer_once)
    monkeypatch.setattr(serve_command, "_check_address", lambda host, port: None)  # the port may be taken here
    if name == "train":
        monkeypatch.setenv("MODERATION_MODELS", "models")
    program, *args = shlex.split(example_of(name))
    assert [program, *args[: len(name.split())]] == ["moderation", *name.split()]
    # Training on all the seeds takes minutes.
    done = run(*args, *(["--seeds", few_seeds] if name == "train" else []))
    assert done.code == 0, done
    assert served == ([200] if name == "serve" else [])
    made = [path for path in newcomer.rglob("*") if path.is_file() and "seeds" not in path.parts]
    assert done.out or served or len(made) > 1, "it printed, served or wrote something"
    for option in ("-o", "--output"):
        if option in args:
            assert (newcomer / args[args.index(option) + 1]).stat().st_size


def test_without_arguments_it_shows_its_help(run):
    done = run()
    for name in COMMANDS:
        assert name.split()[0] in done.out + done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("args", "hint"),
    [(("thredas",), "'threads'"), (("score", PAGE, "--modle", "x"), "--model"), (("score",), "Missing argument")],
)
def test_a_usage_error_has_exit_code_2_and_a_hint(run, args, hint):
    done = run(*args)
    assert (done.code, done.out) == (2, "")
    assert hint in done.err
    assert "Traceback" not in done.err


def all_errors(kind: type[ModerationError]) -> list[type[ModerationError]]:
    return [kind, *(error for child in kind.__subclasses__() for error in all_errors(child))]


@pytest.mark.parametrize("kind", all_errors(ModerationError), ids=lambda kind: kind.__name__)
def test_every_error_on_purpose_ends_in_one_line(run, monkeypatch, kind):
    error = kind.__new__(kind)
    Exception.__init__(error, "page.txt: is odd")

    def fail(path):
        raise error

    monkeypatch.setattr(threads_command, "read_page", fail)
    code = 3 if kind is ExportError else 2
    assert one_line(run("threads", PAGE), code) == "moderation: page.txt: is odd\n"


def test_interrupting_is_no_crash(run, monkeypatch):
    def interrupt(path):
        raise KeyboardInterrupt

    monkeypatch.setattr(threads_command, "read_page", interrupt)
    assert run("threads", PAGE).code == 130


def test_a_bug_is_not_taken_for_a_users_mistake(run, monkeypatch):
    def bug(path):
        raise ZeroDivisionError

    monkeypatch.setattr(threads_command, "read_page", bug)
    with pytest.raises(ZeroDivisionError):
        run("threads", PAGE)


STEERING = [*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]


@pytest.mark.parametrize("code", STEERING)
def test_characters_that_steer_a_terminal_are_replaced(code):
    assert terminal.safe(f"a{chr(code)}b").plain == "a\ufffdb"


def test_other_characters_reach_the_terminal():
    text = "é–“”👍🏽 שלום\tnew\nline [bold]"
    assert terminal.safe(text).plain == text
    assert terminal.safe(None).plain == ""
