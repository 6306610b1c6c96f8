"""`moderation label` on a pseudo terminal: single keys in, a label file out."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import threading
import time

import pytest

from moderation.cli.app import main
from moderation.examples import read_judgements
from moderation.labels import LABEL_NAMES
from tests.cli.conftest import COMMAND, PAGE, one_line, plain
from tests.conftest import DOCUMENTS, ROOT

COMMENTS = [
    {"id": "a", "text": "You clown.", "article": {"title": "Bins", "text": "They are late."}, "parent": "Good plan."},
    {"id": "b", "text": "The bins came on Tuesday, I saw \x1b[2Jthem."},
    {"id": "c", "text": "Buy now, example.test"},
]


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "comments.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in COMMENTS), encoding="utf-8")
    return path


@pytest.fixture
def press(env, monkeypatch):
    """Press keys on a pseudo terminal, each after the screen has been drawn; return the exit code and the screens.

    The command runs in this process: starting one for each test would take most of the time.
    """
    monkeypatch.setenv("TERM", env["TERM"])
    monkeypatch.setenv("COLUMNS", env["COLUMNS"])

    def call(file, labels, keys):
        ours, theirs = pty.openpty()
        screens, left = [b""], list(keys)
        typist = threading.Thread(target=type_keys, args=(ours, screens, left))
        typist.start()
        with (
            os.fdopen(os.dup(theirs), encoding="utf-8") as typed,
            os.fdopen(os.dup(theirs), "w", encoding="utf-8") as shown,
            pytest.MonkeyPatch.context() as patch,
        ):
            os.close(theirs)
            patch.setattr(sys, "stdin", typed)
            patch.setattr(sys, "stdout", shown)
            patch.setattr(sys, "argv", ["moderation", "label", str(file), "-o", str(labels)])
            with pytest.raises(SystemExit) as ended:
                sys.exit(main())
        typist.join(PATIENCE)
        os.close(ours)
        assert not left, "every key was asked for"
        return ended.value.code or 0, [plain(screen.decode("utf-8")) for screen in screens]

    return call


def type_keys(ours, screens, left):
    """Read what is drawn and answer each screen with the next key; leave the command when it draws nothing for long."""
    while True:
        if not select.select([ours], [], [], PATIENCE)[0]:
            os.write(ours, b"q")
        try:
            screens[-1] += os.read(ours, 65_536)
        except OSError:
            return  # Linux says so when the other side is closed.
        if DRAWN in plain(screens[-1].decode("utf-8", "ignore")) and left:
            keys = left.pop(0).split("|")  # "|" stands for a slow line
            screens.append(b"")
            for part in keys:
                os.write(ours, part.encode())
                time.sleep(0.05 if len(keys) > 1 else 0)


NAMES = [f"comments.jsonl#{name}" for name in "abc"]
DRAWN = "(all is saved)"
PATIENCE = 30


def labels_of(path):
    return {row: (dict(one.labels), one.certainty, one.readings) for row, one in read_judgements(path).items()}


NONE = dict.fromkeys(LABEL_NAMES, 0)
ALONE = {
    label: 0 for label in LABEL_NAMES if label != "off_topic"
}  # without article and parent, off topic cannot be told


def test_single_keys_label_one_comment_after_the_other(press, export, tmp_path):
    labels = tmp_path / "labels.csv"
    code, screens = press(export, labels, ["p", "\r", "2", "s", "s", "s", "s", "3", "q"])
    assert code == 0
    assert "3 of 3 comments labelled" in screens[-1]
    assert labels_of(labels) == {
        "comments.jsonl#a": (NONE | {"personal_attack": 1}, 3, 1),
        "comments.jsonl#b": (ALONE, 2, 1),
        "comments.jsonl#c": (ALONE | {"spam": 1}, 3, 1),
    }


def test_a_third_press_goes_back_to_no_and_the_second_is_cannot_tell(press, export, tmp_path):
    labels = tmp_path / "labels.csv"
    press(export, labels, ["b", "b", "1", "q"])
    assert labels_of(labels) == {"comments.jsonl#a": ({label: 0 for label in LABEL_NAMES if label != "abuse"}, 1, 1)}


def test_undo_goes_back_and_keeps_the_draft(press, export, tmp_path):
    labels = tmp_path / "labels.csv"
    press(export, labels, ["p", "\r", "u", "q"])
    assert labels_of(labels) == {}, "what was saved is taken back"
    press(export, labels, ["p", "\r", "u", "a", "\r", "q"])
    assert labels_of(labels) == {
        "comments.jsonl#a": (NONE | {"personal_attack": 1, "antisemitism_accusation": 1}, 3, 1)
    }


def test_the_last_answer_can_be_undone_too(press, export, tmp_path):
    labels = tmp_path / "labels.csv"
    _, screens = press(export, labels, ["\r", "\r", "\r", "u", "s", "\r", "q"])
    assert "No comment is left, 3 of 3 labelled." in screens[3]
    assert labels_of(labels)[NAMES[2]] == (ALONE | {"spam": 1}, 3, 1)


def test_an_arrow_cut_in_two_by_a_slow_line_is_no_key(press, export, tmp_path):
    labels = tmp_path / "labels.csv"
    _, screens = press(export, labels, ["\x1b|[As", "\r", "q"])
    assert "is no key here" not in screens[1]
    assert labels_of(labels) == {NAMES[0]: (NONE | {"spam": 1}, 3, 1)}


def test_an_odd_id_locks_nobody_out(press, tmp_path):
    labels, odd = tmp_path / "labels.csv", tmp_path / "odd.jsonl"
    odd.write_text('{"id": "=a\\rb", "text": "One."}\n{"id": "c", "text": "Two."}\n', encoding="utf-8")
    press(odd, labels, ["\r", "q"])
    assert press(odd, labels, ["\r", "q"])[0] == 0
    assert list(labels_of(labels)) == ["odd.jsonl#=a\rb", "odd.jsonl#c"]


def test_a_terminal_is_as_it_was_when_the_process_is_ended(env, export, tmp_path):
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    command = [COMMAND, "label", str(export), "-o", str(tmp_path / "labels.csv")]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=dict(env)) as process:
        screen = ""
        while DRAWN not in screen:
            assert select.select([ours], [], [], PATIENCE)[0]
            screen += plain(os.read(ours, 65_536).decode("utf-8", "ignore"))
        while termios.tcgetattr(theirs) == before:
            time.sleep(0.01)  # it draws, then waits for a key
        process.terminate()
        assert process.wait(PATIENCE) == 128 + signal.SIGTERM
    assert termios.tcgetattr(theirs) == before
    os.close(ours)
    os.close(theirs)


def test_the_next_sitting_goes_on_where_the_last_one_ended(press, export, tmp_path):
    labels = tmp_path / "labels.csv"
    assert press(export, labels, ["p", "\r", "k", "\x04"])[0] == 0
    assert list(labels_of(labels)) == NAMES[:1]
    code, screens = press(export, labels, ["\r", "\r", "q"])
    assert code == 0
    assert "3 of 3" in screens[-1]
    assert sorted(labels_of(labels)) == NAMES, "what was skipped comes again"
    before = labels.read_bytes()
    assert press(export, labels, [])[0] == 0, "nothing left to do"
    assert labels.read_bytes() == before


def test_labels_that_exclude_each_other_are_not_accepted(press, export, tmp_path):
    labels = tmp_path / "labels.csv"
    _, screens = press(export, labels, ["d", "p", "\r", "q"])
    assert "on_topic_disagreement and personal_attack exclude each other" in screens[3]
    assert labels_of(labels) == {}


def test_keys_typed_ahead_are_not_lost(press, export, tmp_path):
    labels = tmp_path / "labels.csv"
    press(export, labels, ["p\rs\r\x1b[A\rq"])
    assert next(one for one, _, _ in labels_of(labels).values()) == NONE | {"personal_attack": 1}
    assert list(labels_of(labels)) == NAMES


def test_the_screen_shows_the_place_of_a_comment_and_obeys_none_of_it(press, export, tmp_path):
    _, screens = press(export, tmp_path / "labels.csv", ["x", "?", "k", "q"])
    first, second, third, fourth, _ = screens
    for shown in ("0 of 3 labelled (0%)", "Bins", "They are late.", "Good plan.", "You clown.", "personal_attack"):
        assert shown in first
    assert "'x' is no key here" in second
    assert "does it accuse somebody of antisemitism?" in third
    assert "I saw \ufffd[2Jthem." in fourth, "the comment's own escape sequence is shown, not sent"


def test_a_page_is_labelled_by_page_and_number(press, tmp_path):
    labels = tmp_path / "labels.csv"
    press(PAGE, labels, ["d", "\r", "q"])
    assert list(labels_of(labels)) == [f"{DOCUMENTS[0].name}#1"]


def test_an_export_is_labelled_with_its_articles(press, run, tmp_path):
    labels, export = tmp_path / "labels.csv", ROOT / "tests" / "threads" / "exports" / "fixtures" / "wordpress.xml"
    _, screens = press(export, labels, ["p", "\r", "q"])
    assert "0 of 9 labelled" in screens[0]
    assert "Tea & scones" in screens[0]
    assert "Mine is green." in screens[0]
    assert list(labels_of(labels)) == ["wordpress.xml#11#101"]
    done = run("split", export, "--labels", labels)
    rows = {row["id"]: row["labels"]["personal_attack"] for row in map(json.loads, done.out.splitlines())}
    assert (rows["wordpress.xml#11#101"], rows["wordpress.xml#11#102"]) == (1, None)


def test_a_broken_export_is_named(run, tmp_path):
    path = tmp_path / "broken.jsonl"
    path.write_text('{"text": "One."}\n{"text": 5}\n', encoding="utf-8")
    reason = "broken.jsonl: byte 17, line 2: text is a number, expected a string"
    assert reason in one_line(run("label", path, "-o", tmp_path / "labels.csv"), code=3)
    done = run("label", path, "-o", tmp_path / "labels.csv", "--recover")
    assert reason in done.err
    assert "read 2 = to label 1 + skipped 1" in done.err


def test_it_needs_a_terminal(run, export, tmp_path):
    assert "expected a terminal" in one_line(run("label", export, "-o", tmp_path / "labels.csv"))


def test_labels_become_examples(press, run, export, tmp_path):
    labels = tmp_path / "labels.csv"
    press(export, labels, ["p", "\r", "\r", "\r", "q"])
    done = run("split", export, "--labels", labels)
    assert done.code == 0
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [row["id"] for row in rows] == NAMES
    assert rows[0]["labels"]["personal_attack"] == 1
    assert rows[0]["context"]["parent"] == "Good plan."
    assert rows[2]["labels"]["off_topic"] is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("row,spam\na,maybe\n", "label value 'maybe', expected 1, 0 or nothing"),
        ("row,spam,certainty\na,1,4\n", "certainty is '4', expected 1, 2, 3 or nothing"),
        ("row,spam,readings\na,1,none\n", "readings is 'none', expected a whole number from 1 or nothing"),
    ],
)
def test_a_broken_label_file_is_named_and_kept(run, export, tmp_path, content, reason):
    labels = tmp_path / "labels.csv"
    labels.write_text(content, encoding="utf-8")
    assert re.search(rf"labels\.csv:2: {re.escape(reason)}", one_line(run("label", export, "-o", labels)))
    assert labels.read_text(encoding="utf-8") == content


def test_two_comments_of_one_name_are_refused(run, tmp_path):
    path = tmp_path / "twice.jsonl"
    path.write_text('{"id": "a", "text": "One."}\n{"id": "a", "text": "Two."}\n', encoding="utf-8")
    assert "id 'twice.jsonl#a' stands twice" in one_line(run("label", path, "-o", tmp_path / "labels.csv"))
