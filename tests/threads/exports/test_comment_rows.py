"""Comment records from JSON lines, CSV and Parquet, one by one.

What is odd in the fixtures: numbers as ids, a blank line, U+2028 inside a text, a deleted comment without text, a whole
thread in a line; in the CSV file a byte order mark, line ends of two bytes, and line ends inside quotation marks.
"""

from __future__ import annotations

import contextlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from moderation.errors import ExportError, InputError
from moderation.records import Archived, Article, Author, Comment
from moderation.threads.comment_records import comment_from_row
from moderation.threads.exports import csv_stream, lines, parquet_child, parquet_rows
from moderation.threads.exports.comment_rows import read_rows_csv, read_rows_jsonl, read_rows_parquet
from moderation.threads.exports.faults import Faults
from moderation.threads.tables import read_table
from tests.threads.exports.mutations import mutations

FIXTURES = Path(__file__).parent / "fixtures"
JSONL = (FIXTURES / "rows.jsonl").read_bytes()
CSV = (FIXTURES / "rows.csv").read_bytes()


def read(reader, source, *, recover: bool = False) -> tuple[list[Archived], Faults]:
    faults = Faults("rows", recover)
    return list(reader(io.BytesIO(source) if isinstance(source, bytes) else source, faults)), faults


def fault(reader, source) -> ExportError:
    with pytest.raises(ExportError) as caught:
        read(reader, source)
    assert "\n" not in str(caught.value)
    return caught.value


def test_json_lines_with_statuses_articles_and_a_thread():
    assert read(read_rows_jsonl, JSONL)[0] == [
        Archived(
            Comment(
                "I like kettles.",
                id="1",
                author=Author("Ana", True),
                article=Article("Kettles", "They whistle.", "https://blog.example.org/kettles"),
                thread_id="kettles",
                created_at="2020-01-02T03:04:05Z",
            ),
            status="approved",
        ),
        # The parent may be a text: the next stage tells.
        Archived(Comment("Buy pans, line\u2028two.", parent="I like kettles.", parent_author="Ana"), status="spam"),
        Archived(Comment("", id="3", parent="1"), status="deleted"),
        Archived(Comment("Nobody judged this.")),
        Archived(
            Comment("Pots!", id="a", author=Author("Bo"), article=Article("Pots"), thread_id="pots.html"), status="held"
        ),
        Archived(Comment("No.", id="b", parent="a", article=Article("Pots"), thread_id="pots.html")),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1]", "is an array, expected a comment record (an object with 'text')"),
        ("{}", "has no 'text', expected the text of the comment"),
        ('{"text": 5}', "text is a number, expected a string"),
        ('{"text": "a\\u0000"}', "text contains a NUL character, expected text"),
        ('{"text": "x", "satus": "spam"}', "unknown field 'satus', expected one of"),
        (
            '{"text": "x", "status": "aproved"}',
            "unknown status 'aproved', expected one of approved, deleted, held, spam, trash; did you mean 'approved'?",
        ),
        ('{"text": "x", "status": 1}', "status is no string, expected one of approved, deleted, held, spam, trash"),
        # Only what was thrown away may have no text.
        ('{"text": "", "status": "approved"}', "text is empty, expected at least one visible character"),
        ('{"comments": 5}', "comments is no array"),
        ('{"comments": [{"id": "1", "number": "1", "text": " "}]}', "comments[0]: text is empty"),
    ],
)
def test_a_wrong_record_is_named_with_its_place_and_the_next_is_read(line, reason):
    data = b'{"text": "before"}\n\n' + line.encode() + b'\n{"text": "behind"}'
    error = fault(read_rows_jsonl, data)
    assert (error.offset, error.line) == (20, 3)
    assert str(error).startswith(f"rows: byte 20, line 3: {reason}")
    found, faults = read(read_rows_jsonl, data, recover=True)
    assert [each.comment.text for each in found] == ["before", "behind"]
    assert faults.listed == [str(error)]


def test_a_source_of_a_thread_is_a_clean_name_whatever_it_is():
    def named(source: str) -> str | None:
        line = f'{{"source": {source}, "comments": [{{"id": "1", "number": "1", "text": "x"}}]}}'
        return read(read_rows_jsonl, line.encode())[0][0].comment.thread_id

    assert named('"a\\ud800\\u0000"') == "a\ufffd\ufffd"
    assert named("null") == "rows:1"
    with contextlib.suppress(ExportError):
        named("[" * 900 + "]" * 900)


def test_csv_with_statuses():
    assert read(read_rows_csv, CSV)[0] == [
        Archived(Comment('Two lines,\r\nand a "quotation".', id="1", author=Author("Ana", True)), status="approved"),
        Archived(Comment("Pläin.", id="2", parent="1")),
        Archived(Comment("", id="3", author=Author(None, False)), status="deleted"),
        Archived(
            Comment("Spam, and more spam.", id="4", author=Author("Bo"), parent="a\nb"),
            status="spam",
        ),
    ]


def test_csv_without_statuses_is_read_as_everywhere_else():
    data = 'text,id,article.title\r"a\rb",1,\n\n"c\nd",2,"T ""t"""\r\ne,,x'
    rows = read_table(io.StringIO(data, newline=""), "rows", "text", "a text")
    expected = [comment_from_row(row, where) for where, row in rows]
    assert [each.comment for each in read(read_rows_csv, data.encode())[0]] == expected


@pytest.mark.parametrize(
    ("data", "offset", "line", "reason"),
    [
        (b"", 0, 1, "columns are '', expected a column 'text', and each column once"),
        (b"id,status\n", 0, 1, "columns are 'id, status', expected a column 'text'"),
        (b"text,text\n", 0, 1, "columns are 'text, text', expected"),
        (b"text,stat\nx,y\n", 0, 1, "unknown field 'stat', expected one of"),
        (b"\xef\xbb\xbftext\n\xc3\xa4\nb\xff\n", 11, 3, "is not CSV: line 3 is not UTF-8 at byte 12"),
        (b"text\nx\n\xff", 7, 3, "is not CSV: line 3 is not UTF-8 at byte 7"),
        (b'text\n"a\nb"\nc,d\n', 11, 4, "has 2 values, expected 1 as in the first row"),
        (b'text\nok\n"a\n\nb" c\n', 8, 3, "is not CSV: ',' expected after '\"'"),
        (b'text\nok\n"a\nb', 8, 3, "is not CSV: unexpected end of data"),
        (b"text,status\nx,good\n", 12, 2, "unknown status 'good'"),
        (b"text,author.registered\nx,perhaps\n", 23, 2, "author.registered is 'perhaps', expected true, false or"),
        (b"id,text\n1,\n", 8, 2, "text is empty"),
        (b"text\n" + b"x" * 400_001 + b"\n", 5, 2, "is not CSV: field larger than field limit"),
    ],
)
def test_wrong_csv_is_named_with_its_place(data, offset, line, reason):
    error = fault(read_rows_csv, data)
    assert (error.offset, error.line) == (offset, line)
    assert f"line {line}: {reason}" in str(error)
    assert len(read(read_rows_csv, data, recover=True)[1].listed) >= 1


def test_a_quotation_mark_too_many_takes_only_its_line():
    data = b'id,text\n1,before\n2,"open\n3,fine\n4,"fine too"\n5,\xff\n6,a,b\n7,behind\n'
    found, faults = read(read_rows_csv, data, recover=True)
    assert [each.comment.id for each in found] == ["1", "3", "4", "7"]
    assert [message.split(": ")[1] for message in faults.listed] == [
        "byte 17, line 3",
        "byte 45, line 6",
        "byte 49, line 7",
    ]
    # At the end of the file too, where nothing closes it.
    assert [each.comment.id for each in read(read_rows_csv, b'id,text\n1,"x\n2,y\n3,z\n', recover=True)[0]] == [
        "2",
        "3",
    ]


def test_quotation_marks_too_many_are_not_read_again_and_again():
    # Each line opens a quotation that ends in the next one, where another begins: 400 kB took a quarter of an hour.
    found, faults = read(read_rows_csv, b"id,text\n1,Before\n" + b'a","\n' * 80_000, recover=True)
    assert [each.comment.text for each in found] == ["Before"]
    assert 1 < faults.skipped < 20
    found, faults = read(read_rows_csv, b'id,text\n1,"Open\n' + b"2,After\n" * 1_000, recover=True)
    assert (len(found), faults.skipped) == (1_000, 1)


def test_a_row_has_a_largest_size(monkeypatch):
    monkeypatch.setattr(csv_stream, "MAX_LINE_BYTES", 100)
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 100)
    data = b'id,text\n1,"' + b"x\n" * 60 + b'"\n2,y\n3,' + b"z" * 70_000 + b"\n4,z\n"
    found, faults = read(read_rows_csv, data, recover=True)
    assert [each.comment.id for each in found] == ["2", "4"]
    assert "byte 8, line 2: is not CSV: a row is larger than 100 bytes" in faults.listed[0]
    assert "line 64: is not CSV: a row is larger than 100 bytes" in faults.listed[-1]


@pytest.mark.parametrize(("reader", "data"), [(read_rows_jsonl, JSONL), (read_rows_csv, CSV)])
def test_a_cut_yields_what_was_whole_and_then_one_error(reader, data):
    whole = read(reader, data)[0]
    for cut in range(0, len(data), 37):
        if data[:cut].endswith((b"\n", b"}")) and b'"' not in data[cut : cut + 1]:
            continue  # between two lines, nothing tells that there were more
        found = []
        try:
            found.extend(reader(io.BytesIO(data[:cut]), Faults("cut")))
        except ExportError:
            assert found == whole[: len(found)]
        else:
            # Half a value is a value in JSON lines no more than in CSV, but a file may be empty, and in CSV the last value
            # of a row may be cut.
            assert cut == 0 or reader is read_rows_csv
            assert found[:-1] == whole[: max(len(found) - 1, 0)]


def write(path: Path, columns: dict[str, object], **options: object) -> Path:
    parquet.write_table(pa.table(columns), path, **options)
    return path


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "rows.parquet"


def test_parquet_with_flat_columns_or_structs(path):
    expected = [
        Archived(
            Comment(
                "I like kettles.",
                id="1",
                author=Author("Ana", True),
                article=Article("Kettles"),
                created_at="2020-01-02T03:04:05+00:00",
            ),
            status="approved",
        ),
        Archived(Comment("", id="2", author=Author("Bo")), status="spam"),
    ]
    times = [datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), None]
    shared = {"id": [1, 2], "text": ["I like kettles.", None], "status": ["approved", "spam"], "created_at": times}
    flat = {
        "author.name": ["Ana", "Bo"],
        "author.registered": [True, None],
        "article.title": pa.array(["Kettles", None]).dictionary_encode(),  # as pandas writes categories
    }
    assert read(read_rows_parquet, write(path, {**shared, **flat}))[0] == expected
    structs = {
        "author": [{"name": "Ana", "registered": True}, {"name": "Bo", "registered": None}],
        "article": [{"title": "Kettles", "text": None}, None],
        # What pandas adds when rows were chosen from a larger table.
        "__index_level_0__": [7, 9],
        # What engines without a type for text write.
    }
    binary = {"text": pa.array([b"I like kettles.", None], pa.binary())}
    assert read(read_rows_parquet, write(path, {**shared, **structs, **binary}))[0] == expected


def test_a_wrong_row_of_parquet_is_named_and_the_next_is_read(path):
    texts = [b"a", b"\xff", b"c", b" ", b"e"]
    columns = {"text": pa.array(texts, pa.binary()), "status": ["", "", "good", None, "held"]}
    write(path, columns, row_group_size=2)
    assert (fault(read_rows_parquet, path).offset, fault(read_rows_parquet, path).line) == (0, 2)
    found, faults = read(read_rows_parquet, path, recover=True)
    assert [each.comment.text for each in found] == ["a", "e"]
    assert faults.listed[0].startswith("rows: byte 0, line 2: row 2 cannot be read: 'utf-8' codec can't decode byte")
    assert faults.listed[1].startswith("rows: byte 0, line 3: row 3: unknown status 'good'")
    assert faults.listed[2].startswith("rows: byte 0, line 4: row 4: text is empty")


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"id": [1]}, "columns are 'id', expected a column 'text', and each column once"),
        ({"text": ["x"], "threadid": ["1"]}, "unknown column 'threadid', expected one of .*did you mean 'thread_id'"),
        ({"text": ["x"], "author": [{"name": "x", "email": "x@example.org"}]}, r"unknown column 'author\.email'"),
        (
            {"text": ["x"], "author.name": ["x"], "author": [{"name": "x"}]},
            r"columns are 'text, author\.name, author\.name', expected",
        ),
    ],
)
def test_other_columns_of_parquet_are_refused(path, columns, reason):
    with pytest.raises(InputError, match=f"^rows: {reason}"):
        read(read_rows_parquet, write(path, columns))


def test_one_text_that_all_rows_share_is_not_copied(path, monkeypatch):
    # A file of a few kilobytes, and a gigabyte of texts once they are read out.
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000, pa.int32()), ["x" * 1_000_000])
    write(path, {"text": texts}, compression="zstd", store_schema=False)
    assert path.stat().st_size < 10_000
    before = pa.total_allocated_bytes()
    with path.open("rb") as stream:
        parts = parquet_child.lines(stream)
        assert [json.loads(next(parts))[0] for _ in range(2)] == ["columns", "size"]
        assert json.loads(next(parts).splitlines()[0]) == ["rows", [{"text": "x" * 1_000_000}]]
        assert pa.total_allocated_bytes() - before < 100_000_000
    assert "row 1: text is 1,000,000 bytes" in str(fault(read_rows_parquet, path))
    monkeypatch.setattr(parquet_rows, "MAX_ROW_BYTES", 500)
    with pytest.raises(InputError, match=r"^rows: has 1,00\d bytes a row, expected at most 500"):
        read(read_rows_parquet, path)


WHOLE = pa.BufferOutputStream()
parquet.write_table(
    pa.table({"text": [f"Comment {n}." for n in range(50)], "author": [{"name": f"Ana {n % 3}"} for n in range(50)]}),
    WHOLE,
    row_group_size=20,
)
PARQUET = WHOLE.getvalue().to_pybytes()


def test_cut_or_missing_parquet_is_one_error(path):
    for cut in range(0, len(PARQUET), 37):
        path.write_bytes(PARQUET[:cut])
        with pytest.raises(InputError, match=r"^rows: cannot be read as Parquet: "):
            read(read_rows_parquet, path)
    with pytest.raises(InputError, match=r"^rows: cannot be read as Parquet: "):
        read(read_rows_parquet, path.with_name("none"))


@pytest.fixture(scope="module")
def damaged(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("rows") / "damaged.parquet"


@settings(max_examples=25)  # each starts a process or two
@given(mutations(PARQUET) | st.binary(max_size=100))
def test_damaged_parquet_raises_nothing_else(damaged, data):
    damaged.write_bytes(data)
    for recover in (False, True):
        with contextlib.suppress(InputError):
            read(read_rows_parquet, damaged, recover=recover)


def check_only_export_errors(reader, data: bytes) -> None:
    with contextlib.suppress(ExportError):
        read(reader, data)
    read(reader, data, recover=True)


@settings(max_examples=60)
@given(mutations(JSONL, (b'"', b"{", b"\n", b"null", b"\\ud800", b"[]")) | st.binary(max_size=100))
def test_damaged_json_lines_raise_nothing_else(data):
    check_only_export_errors(read_rows_jsonl, data)


@settings(max_examples=60)
@given(mutations(CSV, (b'"', b",", b"\r", b"\n", b"\0", b"text")) | st.binary(max_size=100))
@example(b"text\n" + json.dumps("x").encode() * 3)
def test_damaged_csv_raises_nothing_else(data):
    check_only_export_errors(read_rows_csv, data)
