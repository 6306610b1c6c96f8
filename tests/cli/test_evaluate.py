"""`moderation evaluate`."""

from __future__ import annotations

import json

import pytest

from moderation.cli import evaluate
from moderation.examples import in_test, read_examples
from moderation.labels import LABEL_NAMES
from moderation.sources import seed_sets
from tests.cli.conftest import one_line
from tests.conftest import DOCUMENTS

HEADINGS = [
    "label",
    "judged",
    "positive",
    "hold",
    "precision",
    "recall",
    "reject",
    "precision",
    "recall",
    "AP",
    "ROC",
    "AUC",
    "ECE",
]


@pytest.fixture
def few(monkeypatch, few_seeds):
    """A few seeds in the place of the shipped ones."""
    monkeypatch.setattr(evaluate, "seed_sets", lambda: seed_sets(few_seeds))
    return [row for file in (few_seeds / "written").iterdir() for row in read_examples(file)]


def table(lines: list[str]) -> dict[str, list[str]]:
    assert lines[0].split() == HEADINGS
    rows = [line.split() for line in lines[1:]]
    return {label: figures for label, *figures in rows}


def test_it_measures_every_label_on_the_held_out_threads(run, few):
    done = run("evaluate")
    assert (done.code, done.err) == (0, "")
    held_out = [row for row in few if in_test(row)]
    title, *lines = done.out.splitlines()
    assert title == f"written: {len(held_out)} comments of held-out threads"
    rows = table(lines)
    assert list(rows) == list(LABEL_NAMES)
    for label, figures in rows.items():
        judged = [row.labels[label] for row in held_out if label in row.labels]
        assert [int(count) for count in figures[:2]] == [len(judged), sum(judged)]
        assert all(value == "-" or 0 <= float(value) <= 1 for value in figures[2:])


def test_an_owners_examples_are_all_measured_on(run, tmp_path):
    mine = tmp_path / "mine.jsonl"
    labels = dict.fromkeys(LABEL_NAMES) | {"spam": 1}
    lines = [{"text": "Buy cheap pills at www.pills.example now!", "labels": labels}] * 3
    lines += [{"text": "The bins were not emptied.", "labels": {"spam": 0}}]
    mine.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    done = run("evaluate", "--examples", mine)
    assert (done.code, done.err) == (0, "")
    title, *rows = done.out.splitlines()
    assert title == "mine: 4 comments"
    assert {label: figures[:2] for label, figures in table(rows).items()} == {"spam": ["4", "3"]}, (
        "only what was judged"
    )


def test_leave_out_prints_the_scores_of_a_model_without_the_thread(run, few, narrow):
    done = run("evaluate", "--leave-out", DOCUMENTS[0].name)
    assert (done.code, done.err) == (0, "")
    title, heading, *rows = done.out.splitlines()
    assert title == f"{DOCUMENTS[0].name}: scores by a model fitted without it"
    assert heading.split() == ["comment", *LABEL_NAMES]
    assert [row.split()[0] for row in rows] == [
        "1",
        "2",
        "3",
        "4",
        "5",
        "5.1",
        "6",
        "6.1.1",
        "7",
        "8",
        "8.1",
        "8.2",
        "9",
    ]
    assert all(0 <= float(score) <= 1 for row in rows for score in row.split()[1:])


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("--model", "defualt"), "unknown model 'defualt', expected one of default"),
        (("--model", "./nowhere"), "nowhere: is no model, expected a folder with model.json"),
        (("--examples", "nowhere.jsonl"), "nowhere.jsonl: no such file or directory"),
        (("--corpora", "nowhere"), "nowhere: has no corpus"),
        (("--leave-out", "nowhere.txt"), "thread 'nowhere.txt' to leave out has no example"),
    ],
)
def test_a_mistake_ends_in_one_line(run, few, tmp_path, monkeypatch, args, reason):
    monkeypatch.chdir(tmp_path)
    assert reason in one_line(run("evaluate", *args))
