"""`moderation split`."""

from __future__ import annotations

import json
import os

import pytest

from moderation.examples import read_examples
from moderation.labels import LABEL_NAMES
from tests.cli.conftest import PAGE, one_line
from tests.conftest import DOCUMENTS, ROOT

LABELS = ROOT / "seeds" / "labels" / "documents.csv"


def test_a_pipe_gets_one_example_a_line(run):
    done = run("split", PAGE, "--labels", LABELS)
    assert (done.code, done.err) == (0, "")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert len(rows) == 13
    for row in rows:
        assert list(row) == ["id", "thread", "text", "context", "provenance", "labels"]
        assert list(row["context"]) == ["article", "parent", "earlier"]
        assert list(row["provenance"]) == ["corpus", "row", "licence"]
        assert list(row["labels"]) == list(LABEL_NAMES)
        assert row["thread"] == DOCUMENTS[0].name
    by_number = {row["id"].rsplit("#", 1)[1]: row for row in rows}
    assert by_number["8"]["labels"]["antisemitism_accusation"] == 1
    assert by_number["8.2"]["context"]["parent"] == by_number["8"]["text"]
    assert by_number["8.2"]["labels"]["abuse"] is None, "not judged is unknown, not absent"


def test_all_four_documents_give_the_seed_examples(run, tmp_path):
    out = tmp_path / "examples.jsonl"
    done = run("split", *DOCUMENTS, "--labels", LABELS, "-o", out)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert out.read_bytes() == (ROOT / "seeds" / "examples.jsonl").read_bytes()


def test_without_labels_nothing_was_judged(run):
    for line in run("split", PAGE).out.splitlines():
        assert set(json.loads(line)["labels"].values()) == {None}


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        ("row,spma\nx,1\n", "unknown label 'spma', expected one of"),
        ("id,spam\n", "expected 'row' and labels, each once"),
        ("row,spam\nelsewhere.txt#1,1\n", "row 'elsewhere.txt#1' is no comment of the files given"),
        (f"row,spam\n{DOCUMENTS[0].name}#1,maybe\n", "label value 'maybe'"),
        (None, "no such file or directory"),
    ],
)
def test_bad_labels_end_in_one_line_and_leave_an_older_file(run, tmp_path, labels, reason):
    table, out = tmp_path / "labels.csv", tmp_path / "out.jsonl"
    if labels is not None:
        table.write_text(labels, encoding="utf-8")
    out.write_text("older\n", encoding="utf-8")
    line = one_line(run("split", PAGE, "--labels", table, "-o", out))
    assert reason in line
    assert str(table) in line
    assert out.read_text(encoding="utf-8") == "older\n"


def test_a_bad_page_among_good_ones_writes_nothing(run, tmp_path):
    (tmp_path / "empty.txt").touch()
    out = tmp_path / "out.jsonl"
    assert "empty.txt: is empty" in one_line(run("split", PAGE, tmp_path / "empty.txt", "-o", out))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.txt"]


def test_a_folder_that_is_not_there_is_named(run, tmp_path):
    out = tmp_path / "nowhere" / "out.jsonl"
    assert f"{out}: cannot be written: no such file or directory" in one_line(run("split", PAGE, "-o", out))


def test_a_file_name_that_is_no_utf_8_is_kept(run, tmp_path):
    page = tmp_path / os.fsdecode(b"caf\xe9.txt")
    page.write_bytes(DOCUMENTS[0].read_bytes())
    out = tmp_path / "out.jsonl"
    assert run("split", page, "-o", out).code == 0
    assert json.loads(out.read_text(encoding="utf-8").splitlines()[0])["id"] == f"{page.name}#1"


EXPORTS = ROOT / "tests" / "threads" / "exports" / "fixtures"
NONE = dict.fromkeys(LABEL_NAMES)
KEPT = NONE | {"personal_attack": 0, "abuse": 0, "spam": 0, "off_topic": 0}


@pytest.mark.parametrize(
    "name", ["blogger_takeout.atom", "disqus.xml", "remark42.jsonl", "rows.csv", "wordpress_rest.json"]
)
def test_every_export_becomes_examples(run, name):
    done = run("split", EXPORTS / name)
    assert done.code == 0, done
    scored = run("score", EXPORTS / name)
    assert [json.loads(line)["labels"] for line in done.out.splitlines()] == [NONE] * len(scored.out.splitlines())


def test_past_decisions_become_labels(run, tmp_path):
    out = tmp_path / "mine.jsonl"
    done = run("split", EXPORTS / "wordpress.xml", "--labels-from", "status", "-o", out)
    assert (done.code, done.out) == (0, "")
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    found = {row["id"].rsplit("#", 1)[-1]: row["labels"] for row in rows}
    assert found["104"] == NONE | {"spam": 1}, "spam"
    assert found["101"] == KEPT, "approved; what a filter said is no label"
    assert found.keys().isdisjoint({"103", "105", "106", "107"}), "held, in the trash, without text, pingback"
    threads = {row["id"].rsplit("#", 1)[-1]: row["thread"] for row in rows}
    assert threads["101"] == threads["102"] == "11", "an article is a thread, which is never torn apart"
    assert done.err.splitlines()[-2:] == [
        "read 13 = usable 9 + skipped 4",
        f"{EXPORTS / 'wordpress.xml'}: examples 6 (approved 5, spam 1), left out 3 (no status 1, held 1, trash 1)",
    ]
    assert [dict(row.labels) for row in read_examples(out)] == [
        {label: value for label, value in row["labels"].items() if value is not None} for row in rows
    ], "train reads it"


def test_examples_of_past_decisions_can_be_learned_from(run, tmp_path, monkeypatch, models):
    monkeypatch.setenv("MODERATION_MODELS", str(tmp_path / "models"))
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "base").symlink_to(models / "default")
    rows = [
        {"id": f"{thread}-{number}", "thread_id": f"t{thread}", "text": text, "status": status}
        for thread in range(30)
        for number, (text, status) in enumerate(
            [
                (f"Cheap kettles number {thread}, buy now at www.shop.example!", "spam"),
                (f"I think that the bins in street {thread} should be emptied on Monday.", "approved"),
                ("Whatever you say about that.", "trash"),
            ]
        )
    ]
    archive, mine = tmp_path / "archive.jsonl", tmp_path / "mine.jsonl"
    archive.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run("split", archive, "--labels-from", "status", "-o", mine).code == 0
    done = run("train", "--from-model", "base", "--examples", mine, "--name", "mine", "--force")
    assert done.code == 0, done
    learned = next(line for line in done.out.splitlines() if line.startswith("spam "))
    yes, no = (int(word) for word in learned.split() if word.isdecimal())
    assert 0 < yes == no < 30


def test_an_export_that_states_nothing_is_warned_of(run, tmp_path):
    old = EXPORTS / "blogger_classic.xml"
    done = run("split", old, "--labels-from", "status")
    assert (done.code, done.out) == (2, "")
    warning = f"{old}: does not state what became of its comments, as saved pages and Blogger's old exports do not"
    assert [line for line in done.err.splitlines() if warning in line] == [
        f"moderation: {warning}, so that nothing can be learned from it"
    ]
    done = run("split", old, EXPORTS / "disqus.xml", "--labels-from", "status")
    assert (done.code, len(done.out.splitlines())) == (0, 4)
    assert f"\n{warning}" in done.err


def test_an_export_without_spam_is_warned_of(run, tmp_path):
    archive = tmp_path / "archive.jsonl"
    archive.write_text('{"text": "Hello.", "status": "approved"}\n', encoding="utf-8")
    done = run("split", archive, "--labels-from", "status")
    assert done.code == 0
    assert done.err == (
        f"{archive}: examples 1 (approved 1, spam 0)\n"
        "no comment is marked as spam, as in WordPress's own export: these examples do not teach it\n"
    )


def test_an_export_of_undecided_comments_ends_in_an_error(run, tmp_path):
    archive, out = tmp_path / "archive.jsonl", tmp_path / "out.jsonl"
    archive.write_text('{"text": "Hello.", "status": "held"}\n', encoding="utf-8")
    done = run("split", archive, "--labels-from", "status", "-o", out)
    assert done.code == 2
    assert "has no comment that is approved or spam" in done.err
    assert not out.exists()


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("--labels-from", "status", "--labels", LABELS), "--labels and --labels-from exclude each other"),
        (("--labels-from", "hints"), "unknown source of labels 'hints', expected one of status"),
    ],
)
def test_a_wrong_source_of_labels_ends_in_one_line(run, args, reason):
    assert reason in one_line(run("split", PAGE, *args))


@pytest.mark.parametrize("args", [(), ("--labels-from", "status")])
def test_a_broken_export_is_split_up_to_the_fault(run, tmp_path, args):
    archive, out = tmp_path / "archive.jsonl", tmp_path / "out.jsonl"
    good = '{"text": "Hello.", "status": "spam"}\n'
    out.write_text("older", encoding="utf-8")
    archive.write_text('{"text": 5}\n' + good, encoding="utf-8")
    done = run("split", archive, *args, "-o", out)
    assert (done.code, out.read_text(encoding="utf-8")) == (3, "older"), "nothing stands before the fault"
    archive.write_text(good + '{"text": 5}\n' + good, encoding="utf-8")
    done = run("split", archive, *args, "-o", out)
    assert done.code == 3
    assert done.err.splitlines()[-1].endswith("byte 37, line 2: text is a number, expected a string")
    assert out.read_text(encoding="utf-8").count("\n") == 1
    done = run("split", archive, *args, "-o", out, "--recover")
    assert (done.code, out.read_text(encoding="utf-8").count("\n")) == (0, 2)
