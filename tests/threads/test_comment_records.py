"""Comment records from JSON lines and CSV."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from moderation.errors import ExportError, InputError, RecordError, UnknownNameError
from moderation.records import Article, Author, Comment
from moderation.threads.comment_records import comment_from_dict, comments_of_thread
from moderation.threads.exports.reading import read_export
from moderation.threads.thread_json import thread_from_dict, thread_to_dict


def read(path: Path, raw: bytes) -> list[Comment]:
    path.write_bytes(raw)
    return [one.archived.comment for one in read_export(path)]


def test_a_whole_record():
    raw = {
        "id": 7,
        "text": "I disagree.",
        "author": {"name": "Jo", "registered": False},
        "parent": "6",
        "article": {"title": "Bins", "text": "They are full.", "url": "https://blog.example/bins"},
        "thread_id": "bins",
        "created_at": "2026-01-01T10:00:00Z",
    }
    assert comment_from_dict(raw) == Comment(
        text="I disagree.",
        id="7",
        author=Author("Jo", False),
        parent="6",
        article=Article("Bins", "They are full.", "https://blog.example/bins"),
        thread_id="bins",
        created_at="2026-01-01T10:00:00Z",
    )
    assert comment_from_dict({"text": "x", "author": None, "article": None, "id": None}) == Comment("x")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", "line 2: is cut off in this line"),
        ("[1]", "line 2: is an array, expected a comment record"),
        ("{}", "line 2: has no 'text'"),
        ('{"text": null}', "line 2: has no 'text'"),
        ('{"text": 5}', "line 2: text is a number, expected a string"),
        ('{"text": "  \\n"}', "line 2: text is empty"),
        ('{"text": "\\u200b \\ufeff"}', "line 2: text is empty"),
        ('{"text": "a\\u0000b"}', "line 2: text contains a NUL character"),
        ('{"text": "a\\ud800b"}', "line 2: text contains a lone surrogate"),
        (json.dumps({"text": "é" * 10_001}), "line 2: text is 20,002 bytes, expected at most 20,000"),
        ('{"text": "x", "author": "Jo"}', "line 2: author is a string, expected an object"),
        (
            '{"text": "x", "author": {"registered": "yes"}}',
            "author.registered is a string, expected true, false or null",
        ),
        ('{"text": "x", "id": true}', "id is true or false, expected a string"),
        ("[" * 100_000, "line 2: is not JSON that can be read"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, expected):
    with pytest.raises(InputError) as caught:
        read(tmp_path / "in.jsonl", ('{"text": "fine"}\n' + line).encode())
    assert expected in str(caught.value)


def test_an_unknown_field_suggests_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'thread_id'"):
        comment_from_dict({"text": "x", "threadid": "1"})
    with pytest.raises(UnknownNameError, match=r"did you mean 'author\.name'"):
        comment_from_dict({"text": "x", "author": {"nmae": "1"}})


def test_csv_with_dotted_columns(tmp_path):
    raw = ('\ufeffid,text,author.registered,article.title\n1,"Two lines,\nand a comma",yes,Bins\n2,Plain,,\n').encode()
    first, second = read(tmp_path / "in.csv", raw)
    assert first == Comment("Two lines,\nand a comma", "1", Author(None, True), article=Article("Bins"))
    assert second == Comment("Plain", "2")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("id,text\n1,a,b\n", "line 2: has 3 values, expected 2"),
        ("id,text\n1,\n", "line 2: text is empty"),
        ("idd,text\n1,a\n", "line 1: unknown field 'idd'"),
        ("text,text\na,b\n", "line 1: columns are 'text, text', expected a column 'text', and each column once"),
        ("text,author.registered\na,perhaps\n", "line 2: author.registered is 'perhaps'"),
        ('id,text\n1,"open\n', "line 2: is not CSV"),
    ],
)
def test_bad_csv_is_named(tmp_path, raw, expected):
    with pytest.raises(ExportError) as caught:
        read(tmp_path / "in.csv", raw.encode())
    assert expected in str(caught.value)


def test_a_thread_written_as_json_is_read_back(tmp_path, seed_thread):
    line = json.dumps(thread_to_dict(seed_thread))
    assert thread_from_dict(json.loads(line), "x") == seed_thread
    assert read(tmp_path / "threads.jsonl", line.encode()) == comments_of_thread(seed_thread)


@pytest.mark.parametrize(
    "change",
    [
        {"comments": "x"},
        {"comments": [5]},
        {"comments": [{"id": "1", "number": "1"}]},
        {"comments": [{"id": "1", "number": "1", "text": " "}]},
        {"comments": [{"id": "1", "number": "1", "text": "x", "author": {"name": 5}}]},
        {"article": 5},
        {"quotations": [{}]},
        {"source": "x" * 2_001},
        {"source": ["x"]},
        {"who_may_comment": [["x"]]},
    ],
)
def test_a_broken_thread_is_refused(seed_thread, change):
    with pytest.raises(RecordError):
        thread_from_dict({**thread_to_dict(seed_thread), **change}, "threads.jsonl:1")
