"""`moderation split`."""

from __future__ import annotations

import json
import os

import pytest

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
