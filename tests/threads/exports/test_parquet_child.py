"""What is in a Parquet file and what the child process says of it: the same values, or one row fewer and the reason."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isnan

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from moderation.threads.exports import parquet_child
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.parquet_rows import read_parquet_rows

TIME = datetime(2020, 1, 2, 3, 4, 5, 678_900, tzinfo=UTC)
FLOATS = st.floats()
TYPES = {
    "string": (pa.string(), st.text()),
    "large string": (pa.large_string(), st.text()),
    "view": (pa.string_view(), st.text()),
    "categories": (pa.dictionary(pa.int32(), pa.string()), st.text(max_size=3)),
    "int64": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "uint64": (pa.uint64(), st.integers(0, 2**64 - 1)),
    "double": (pa.float64(), FLOATS),
    "bool": (pa.bool_(), st.booleans()),
    "null": (pa.null(), st.none()),
    "list": (pa.list_(pa.string()), st.lists(st.none() | st.text(), max_size=3)),
    "list of lists": (pa.list_(pa.list_(pa.float64())), st.lists(st.lists(FLOATS, max_size=2), max_size=2)),
    "list of structs": (
        pa.list_(pa.struct({"a": pa.int8()})),
        st.lists(st.fixed_dictionaries({"a": st.just(7)}), max_size=2),
    ),
}


def written(table: pa.Table, **options: object) -> bytes:
    raw = io.BytesIO()
    parquet.write_table(table, raw, **options)
    return raw.getvalue()


def said(raw: bytes) -> list[tuple[str, object]]:
    lines = b"".join(parquet_child.lines(io.BytesIO(raw))).splitlines()
    return [tuple(json.loads(line)) for line in lines]


def in_rows(messages: list[tuple[str, object]]) -> list[dict[str, object]]:
    return [row for kind, value in messages if kind == "rows" for row in value]


def same(found: object, expected: object) -> bool:
    """Whether two values are equal, and of one type; NaN is equal to NaN."""
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(expected, dict):
        return (
            isinstance(found, dict)
            and found.keys() == expected.keys()
            and all(same(found[key], expected[key]) for key in expected)
        )
    if isinstance(expected, float) and isnan(expected):
        return isinstance(found, float) and isnan(found)
    return type(found) is type(expected) and found == expected


@settings(max_examples=80)
@given(st.data())
def test_values_come_through_as_they_are(data):
    names = data.draw(st.lists(st.sampled_from(sorted(TYPES)), min_size=1, max_size=4, unique=True))
    size = data.draw(st.integers(0, 25))
    columns = {
        name: pa.array(data.draw(st.lists(st.none() | TYPES[name][1], min_size=size, max_size=size)), TYPES[name][0])
        for name in names
    }
    table = pa.table(columns)
    expected = parquet.read_table(io.BytesIO(written(table))).to_pylist()
    messages = said(written(table, row_group_size=10))
    assert messages[0] == ("columns", names)
    assert {kind for kind, _ in messages} <= {"columns", "size", "rows"}
    assert same(in_rows(messages), expected)


def test_values_come_through_the_process_as_they_are(tmp_path):
    values = {
        "text": ['a\n\u2028\x7f\x01"\\', "\U0001f600", ""],
        "float": [float("nan"), float("-inf"), -0.0],
        "number": pa.array([2**64 - 1, 0, None], pa.uint64()),
        "flag": [True, False, None],
        "list": [["a", None], [], None],
        "bytes": ["ä".encode(), b"", None],
        "time": [TIME, None, TIME],
        "time in ns": pa.array([1_577_934_245_678_900_123, None, 0], pa.timestamp("ns")),
        "local time": pa.array([0, None, 1], pa.timestamp("s", "Europe/Vienna")),
    }
    path = tmp_path / "rows"
    parquet.write_table(pa.table(values), path)
    found = [row for _, row in read_parquet_rows(path, "text", values.keys(), Faults("rows"))]
    expected = {
        **values,
        "number": [2**64 - 1, 0, None],
        "bytes": ["ä", "", None],
        "time": ["2020-01-02T03:04:05.678900+00:00", None, "2020-01-02T03:04:05.678900+00:00"],
        "time in ns": ["2020-01-02T03:04:05.678900123", None, "1970-01-01T00:00:00"],
        "local time": ["1970-01-01T01:00:00+01:00", None, "1970-01-01T01:00:01+01:00"],
    }
    assert same(found, [{name: column[n] for name, column in expected.items()} for n in range(3)])


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (date(2020, 1, 2), "created_at is a date, expected a text, a whole number, true or false"),
        (Decimal("1.5"), "created_at is a Decimal, expected a text, a whole number, true or false"),
        ([b"a"], "a value inside a list or struct is a bytes, expected a text or a number"),
        ("x" * 8_000_001, "created_at is 8,000,001 bytes, expected at most 8,000,000"),
        ("\x01" * 2_000_000, "its values are 12,000,044 bytes, expected at most 8,000,000"),
        (b"a\xff", "'utf-8' codec can't decode byte 0xff in position 1: invalid start byte"),
    ],
)
def test_a_value_that_cannot_be_passed_on_is_a_fault_of_its_row(value, reason):
    table = pa.table({"text": ["a", "b", "c"], "created_at": [None, value, None]})
    messages = said(written(table))
    assert [row["text"] for row in in_rows(messages)] == ["a", "c"]
    (fault,) = [value for kind, value in messages if kind == "fault"]
    assert reason in fault
    assert [kind for kind, _ in messages] == ["columns", "size", "rows", "fault", "rows"]


def test_what_is_no_parquet_is_an_error():
    ((kind, reason),) = said(b"PAR1" * 9)
    assert kind == "error"
    assert reason.isprintable()
    assert reason.isascii()
