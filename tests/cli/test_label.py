"""`moderation label` on a pseudo terminal: single keys in, a label file out."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess

import pytest

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
def press(env, tmp_path):
    """Press keys one by one, each after the screen has been drawn, and return the exit code and what was shown last."""

    def call(file, labels, keys):
        ours, theirs = pty.openpty()
        command = [COMMAND, "label", str(file), "-o", str(labels)]
        with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=dict(env)) as process:
            os.close(theirs)
            screens, left = [b""], list(keys)
            while select.select([ours], [], [], PATIENCE)[0]:
                try:
                    screens[-1] += os.read(ours, 65_536)
                except OSError:
                    break  # Linux says so when the other side is closed.
                if DRAWN in plain(screens[-1].decode("utf-8", "ignore")) and left:
                    os.write(ours, left.pop(0).encode())
                    screens.append(b"")
            os.close(ours)
            code = process.wait(PATIENCE)
        assert not left, "every key was asked for"
        return code, [plain(screen.decode("utf-8")) for screen in screens]

    return call


DRAWN = "(all is saved)"
PATIENCE = 60


def labels_of(path):
    return {row: (dict(one.labels), one.certainty, one.readings) for row, one in read_judgements(path).items()}


NONE = dict.fromkeys(LABEL_NAMES, 0)
ALONE = {
    label: 0 for label in LABEL_NAMES if label != "off_topic"
}  # without article and parent, off topic cannot be told


def test_single_keys_label_one_comment_after_the_other(press, export, tmp_path):
    labels = tmp_path / "labels.csv"
    code, screens = press(export, labels, ["p", "\r", "2", "s", "s", "s", "s", "3"])
    assert code == 0
    assert "3 of 3 comments labelled" in screens[-1]
    assert labels_of(labels) == {
        "a": (NONE | {"personal_attack": 1}, 3, 1),
        "b": (ALONE, 2, 1),
        "c": (ALONE | {"spam": 1}, 3, 1),
    }


def test_a_third_press_goes_back_to_no_and_the_second_is_cannot_tell(press, export, tmp_path):
    labels = tmp_path / "labels.csv"
    press(export, labels, ["b", "b", "1", "q"])
    assert labels_of(labels) == {"a": ({label: 0 for label in LABEL_NAMES if label != "abuse"}, 1, 1)}


def test_undo_goes_back_and_keeps_the_draft(press, export, tmp_path):
    labels = tmp_path / "labels.csv"
    press(export, labels, ["p", "\r", "u", "q"])
    assert labels_of(labels) == {}, "what was saved is taken back"
    press(export, labels, ["p", "\r", "u", "a", "\r", "q"])
    assert labels_of(labels) == {"a": (NONE | {"personal_attack": 1, "antisemitism_accusation": 1}, 3, 1)}


def test_the_next_sitting_goes_on_where_the_last_one_ended(press, export, tmp_path):
    labels = tmp_path / "labels.csv"
    assert press(export, labels, ["p", "\r", "k", "\x04"])[0] == 0
    assert list(labels_of(labels)) == ["a"]
    code, screens = press(export, labels, ["\r", "\r"])
    assert code == 0
    assert "3 of 3" in screens[-1]
    assert sorted(labels_of(labels)) == ["a", "b", "c"], "what was skipped comes again"
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
    press(export, labels, ["p\rs\r\x1b[A\r"])
    assert next(one for one, _, _ in labels_of(labels).values()) == NONE | {"personal_attack": 1}
    assert list(labels_of(labels)) == ["a", "b", "c"]


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


def test_it_needs_a_terminal(run, export, tmp_path):
    assert "expected a terminal" in one_line(run("label", export, "-o", tmp_path / "labels.csv"))


def test_labels_become_examples(press, run, export, tmp_path):
    labels = tmp_path / "labels.csv"
    press(export, labels, ["p", "\r", "\r", "\r"])
    done = run("split", export, "--labels", labels)
    assert done.code == 0
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [row["id"] for row in rows] == ["a", "b", "c"]
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
    assert "id 'a' stands 2 times" in one_line(run("label", path, "-o", tmp_path / "labels.csv"))
