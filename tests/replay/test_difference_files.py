"""Comments on which two policies differ, in a file."""

from __future__ import annotations

import csv
import json

import pyarrow.parquet as pq
import pytest

from moderation import writers
from moderation.errors import InputError, UnknownNameError
from moderation.labels import LABEL_NAMES
from moderation.replay import writing_differences
from moderation.replay.difference_files import COLUMNS
from moderation.replay.judging import Difference, Side

SCORES = dict.fromkeys(LABEL_NAMES, 0.123456) | {"off_topic": None}
SIDES = Side("hold", "publish", ("a", "b")), Side("reject", "reject", ())
FOUND = [
    Difference("=1+1", "t\u2028", "spam", '=HYPERLINK("x")', *SIDES, SCORES),
    Difference(None, None, None, "two\nlines, é", *SIDES, SCORES),
]
ROW = {
    "id": "=1+1",
    "thread": "t\u2028",
    "status": "spam",
    "a_decision": "hold",
    "a_suggestion": "publish",
    "a_rules": "a;b",
    "b_decision": "reject",
    "b_suggestion": "reject",
    "b_rules": "",
    **dict.fromkeys(LABEL_NAMES, 0.1235),
    "off_topic": None,
    "text": '=HYPERLINK("x")',
}


def written(path, *parts):
    with writing_differences(path) as write:
        for part in parts:
            write(part)
    return path


def test_every_format_says_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(writers, "_WAITING", 1)
    lines = written(tmp_path / "out.jsonl", FOUND[:1], FOUND[1:]).read_bytes().decode("utf-8").split("\n")[:-1]
    rows = [json.loads(line) for line in lines]
    assert rows[0] == ROW
    assert list(rows[0]) == list(COLUMNS)
    table = pq.read_table(written(tmp_path / "out.parquet", FOUND))
    assert table.to_pylist() == rows
    with written(tmp_path / "OUT.CSV", FOUND).open(encoding="utf-8", newline="") as raw:
        cells = list(csv.DictReader(raw))
    assert cells[0]["text"] == '\'=HYPERLINK("x")', "a spreadsheet must not run a comment"
    assert cells[0]["id"] == "'=1+1"
    assert (cells[1]["text"], cells[1]["id"], cells[1]["off_topic"], cells[1]["spam"]) == (
        "two\nlines, é",
        "",
        "",
        "0.1235",
    )


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_none_make_a_file_of_none(tmp_path, ending):
    path = written(tmp_path / f"out.{ending}", [])
    if ending == "parquet":
        assert pq.read_table(path).to_pylist() == []
    else:
        assert path.read_text(encoding="utf-8").strip() == ("" if ending == "jsonl" else ",".join(COLUMNS))


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_a_failure_leaves_an_older_file(tmp_path, ending):
    path = tmp_path / f"out.{ending}"
    path.write_text("older", encoding="utf-8")

    def breaking():
        yield from FOUND
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        written(path, breaking())
    assert [one.read_text(encoding="utf-8") for one in tmp_path.iterdir()] == ["older"]


def test_where_nothing_can_be_written(tmp_path):
    with pytest.raises(
        UnknownNameError, match=r"unknown output format '\.txt', expected one of \.csv, \.jsonl, \.parquet"
    ):
        written(tmp_path / "out.txt", FOUND)
    with pytest.raises(InputError, match="cannot be written: no such file or directory"):
        written(tmp_path / "nowhere" / "out.csv", FOUND)
