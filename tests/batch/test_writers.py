"""Scored records into one file."""

from __future__ import annotations

import csv
import json

import pandas as pd
import pyarrow.parquet
import pytest

from moderation.batch import write_records
from moderation.errors import InputError, UnknownNameError
from moderation.labels import LABEL_NAMES
from moderation.writers import check_format


def record(name: str | None = "1", **changes):
    """A scored record, made by hand: what is written does not hang on a model."""
    rule = {"id": "spam", "says": "No; spam,\n“please”", "label": "spam", "score": 0.9, "threshold": 0.8}
    made = {
        "id": name,
        "decision": "reject",
        "suggestion": "reject",
        "rules": [
            {**rule, "action": "reject", "reason": "spam scores 0.90"},
            {**dict.fromkeys(rule), "id": "registered", "says": "x", "action": "hold", "reason": "y"},
        ],
        "scores": dict.fromkeys(LABEL_NAMES, 0.25) | {"off_topic": None},
        "spans": [{"start": 0, "end": 3, "label": "spam", "weight": 1.5}],
        "model": "m",
        "policy": "p",
    }
    return made | changes


RECORDS = [record(), record(None, rules=[], spans=[]), record("é👍\u2028\n,\"'"), record("=HYPERLINK(1)")]


def test_json_lines(tmp_path):
    out = tmp_path / "out.jsonl"
    assert write_records(out, iter(RECORDS)) == 4
    assert [json.loads(line) for line in out.read_bytes().decode("utf-8").split("\n")[:-1]] == RECORDS


def test_csv(tmp_path):
    out = tmp_path / "out.csv"
    assert write_records(out, RECORDS) == 4
    with out.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == ["id", "decision", "suggestion", "rules", *LABEL_NAMES, "spans", "model", "policy"]
    assert [row["id"] for row in rows] == ["1", "", "é👍\u2028\n,\"'", "'=HYPERLINK(1)"]
    assert [row["rules"] for row in rows[:2]] == ["spam;registered", ""]
    assert [row["spans"] for row in rows[:2]] == ["0-3:spam", ""]
    assert {row["spam"] for row in rows} == {"0.25"}
    assert {row["off_topic"] for row in rows} == {""}, "no score is no zero"
    table = pd.read_csv(out)
    assert table.shape == (4, 13)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_id_becomes_a_formula(tmp_path, start):
    out = tmp_path / "out.csv"
    write_records(out, [record(f"{start}1+1")])
    with out.open(encoding="utf-8", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert row["id"] == f"'{start}1+1"


def test_parquet(tmp_path, monkeypatch):
    monkeypatch.setattr("moderation.writers._WAITING", 10)
    many = RECORDS * 7  # more than one row group
    out = tmp_path / "out.parquet"
    assert write_records(out, many) == 28
    assert pyarrow.parquet.read_table(out).to_pylist() == many
    assert pyarrow.parquet.ParquetFile(out).num_row_groups > 1
    table = pd.read_parquet(out)
    assert table.shape == (28, 8)
    assert table["scores"][0]["spam"] == 0.25


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_no_records_make_a_file_of_none(tmp_path, ending):
    out = tmp_path / f"out.{ending}"
    assert write_records(out, []) == 0
    read = {"jsonl": lambda: out.read_text(encoding="utf-8").splitlines(), "csv": lambda: pd.read_csv(out),
            "parquet": lambda: pd.read_parquet(out)}[ending]  # fmt: skip
    assert len(read()) == 0


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("older", ["older", None])
def test_a_failure_in_the_middle_leaves_things_as_they_were(tmp_path, ending, older):
    out = tmp_path / f"out.{ending}"
    if older:
        out.write_text(older, encoding="utf-8")

    def breaking():
        yield RECORDS[0]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_records(out, breaking())
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ([older] if older else [])


def test_the_ending_says_the_format(tmp_path):
    assert check_format(tmp_path / "OUT.CSV") == ".csv"
    for name in ("out.txt", "out", ".csv", "out.jsonl.gz"):
        with pytest.raises(UnknownNameError, match=r"unknown output format .*, expected one of .csv, .jsonl, .parquet"):
            write_records(tmp_path / name, RECORDS)
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written(tmp_path):
    with pytest.raises(InputError, match=r"out.csv: cannot be written: no such file or directory"):
        write_records(tmp_path / "nowhere" / "out.csv", RECORDS)
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(InputError, match=r"out.csv: cannot be written: is a directory"):
        write_records(tmp_path / "out.csv", RECORDS)
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
