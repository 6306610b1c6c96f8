"""`moderation examples`."""

from __future__ import annotations

import json

import pytest

from moderation.cli import examples as examples_command
from moderation.examples.splits import read_splits
from moderation.sources import LABELS, seed_sets
from tests.cli.conftest import one_line
from tests.conftest import ROOT
from tests.corpora.conftest import CORPORA_FOLDER, published

SEEDS = ROOT / "seeds"


@pytest.fixture
def beside_few(monkeypatch, few_seeds):
    """Own examples stand beside few of the shipped ones: all of them take a second to compare."""
    monkeypatch.setattr(examples_command, "seed_sets", lambda: seed_sets(few_seeds))


def test_the_committed_set_has_no_fault(run):
    done = run("examples", "check")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith(" examples, 0 faults\n")


@published
def test_with_the_corpora_it_has_none_either(run):
    done = run("examples", "check", "--corpora", CORPORA_FOLDER)
    assert (done.code, done.out.splitlines()[-1].split(", ")[1]) == (0, "0 faults")


def test_faults_of_own_examples_are_said_one_a_line_with_exit_code_1(run, beside_few, tmp_path):
    path = tmp_path / "mine.jsonl"
    rows = [
        {"id": "a", "text": "Buy it!", "labels": {"spam": 1}},
        {"id": "b", "text": "buy  it!", "labels": {"spam": 0}},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run("examples", "check", "--examples", path)
    assert done.code == 1
    assert done.out.splitlines()[0] == "b: spam is 0, but 1 in its copy a"
    assert done.out.endswith(", 1 faults\n")


def test_names_from_a_file_do_not_steer_the_terminal(run, beside_few, tmp_path):
    path = tmp_path / "mine.jsonl"
    rows = [
        {"id": f"{name}\x1b]0;owned\x07\n", "text": "Buy it!", "labels": {"spam": n}} for n, name in enumerate("ab")
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    out = run("examples", "check", "--examples", path).out
    assert len(out.splitlines()) == 2
    assert "\x1b" not in out
    assert "\x07" not in out


def test_one_bad_file_hides_no_other_fault_and_a_missing_one_is_a_mistake(run, beside_few, tmp_path):
    bad, odd = tmp_path / "bad.jsonl", tmp_path / "odd.jsonl"
    bad.write_text('{"text": "x", "labels": {"spma": 1}}\n', encoding="utf-8")
    odd.write_text('{"text": "x", "labels": {"on_topic_disagreement": 1, "spam": 1}}\n', encoding="utf-8")
    done = run("examples", "check", "--examples", bad, "--examples", odd)
    assert (done.code, len(done.out.splitlines())) == (1, 3)
    assert "no such file" in one_line(run("examples", "check", "--examples", tmp_path / "none.jsonl"))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('{"text": " ", "labels": {"spam": 1}}', "text is empty"),
        ('{"text": "x", "labels": {"spma": 1}}', "unknown label 'spma'"),
        ('{"text": "x", "labels": {"spam": 2}}', "expected 0, 1 or null"),
        ('{"text": "x"', "is not JSON"),
    ],
)
def test_a_row_that_cannot_be_read_is_a_fault(run, beside_few, tmp_path, line, fault):
    path = tmp_path / "mine.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    done = run("examples", "check", "--examples", path)
    assert done.code == 1
    assert f"{path}:1: " in done.out
    assert fault in done.out


def test_stats_count_the_shipped_set(run):
    out = run("examples", "stats").out
    assert "documents: 13 rows in 1 threads" in out
    assert "written: " in out
    for path in sorted((SEEDS / LABELS).glob("*.csv")):
        assert f"labels/{path.name}: " in out


@published
def test_stats_count_our_labels_and_the_authors_own(run):
    out = run("examples", "stats", "--corpora", CORPORA_FOLDER).out
    for name, rows in (
        ("isca_2023", "910"),
        ("fox_news", "1,528"),
        ("ukp_ad_hominem", "2,226"),
        ("toxic_spans", "1,060"),
    ):
        assert f"{name}, our labels: {rows} rows" in out
    assert "context_toxicity, our labels: 636 rows" in out
    assert "davidson, its authors' labels: 5,593 rows" in out


def test_agreement_of_two_files_and_of_two_folders(run, tmp_path):
    for reader, spam in (("first", "1,0,1,0"), ("second", "1,0,0,0")):
        (tmp_path / reader).mkdir()
        rows = "".join(f"{row},{value}\n" for row, value in enumerate(spam.split(",")))
        (tmp_path / reader / "c.csv").write_text("row,spam\n" + rows, encoding="utf-8")
    for names in (("first", "second"), ("first/c.csv", "second/c.csv")):
        lines = run("examples", "agreement", *[tmp_path / name for name in names]).out.splitlines()
        (spam,) = [line.split() for line in lines if " spam " in line]
        assert spam == ["c", "spam", "4", "2", "1", "0.750", "0.500"]
    (tmp_path / "none").mkdir()
    assert "have no label file of the same name" in one_line(
        run("examples", "agreement", tmp_path / "first", tmp_path / "none")
    )


def test_splits_keep_what_the_file_has(run, tmp_path):
    path, mine = tmp_path / "splits.csv", tmp_path / "mine.jsonl"
    row = {"text": "One.", "thread": "my-thread", "labels": {"spam": 0}}
    mine.write_text(json.dumps(row) + "\n", encoding="utf-8")
    path.write_text("name,split\nmy-thread,test\n", encoding="utf-8")
    done = run("examples", "splits", path, "--examples", mine)
    assert done.code == 0
    fixed = read_splits(path)
    assert fixed["my-thread"] == "test"
    assert f"{path}: {len(fixed):,} names, {len(fixed) - 1:,} of them new" in done.out
