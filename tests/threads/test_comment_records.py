"""Comment records from JSON lines and CSV."""

from __future__ import annotations

import json

import pytest

from moderation.errors import InputError, RecordError, UnknownNameError
from moderation.records import Article, Author, Comment
from moderation.threads.comment_records import comment_from_dict, comments_of_thread
from moderation.threads.input import read_input
from moderation.threads.thread_json import thread_from_dict, thread_to_dict


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
        ("{", "in.jsonl:2: is not JSON"),
        ("[1]", "in.jsonl:2: is an array, expected a comment record"),
        ("{}", "in.jsonl:2: has no 'text'"),
        ('{"text": null}', "in.jsonl:2: has no 'text'"),
        ('{"text": 5}', "in.jsonl:2: text is a number, expected a string"),
        ('{"text": "  \\n"}', "in.jsonl:2: text is empty"),
        ('{"text": "\\u200b \\ufeff"}', "in.jsonl:2: text is empty"),
        ('{"text": "a\\u0000b"}', "in.jsonl:2: text contains a NUL character"),
        ('{"text": "a\\ud800b"}', "in.jsonl:2: text contains a lone surrogate"),
        (json.dumps({"text": "é" * 10_001}), "in.jsonl:2: text is 20,002 bytes, expected at most 20,000"),
        ('{"text": "x", "author": "Jo"}', "in.jsonl:2: author is a string, expected an object"),
        (
            '{"text": "x", "author": {"registered": "yes"}}',
            "author.registered is a string, expected true, false or null",
        ),
        ('{"text": "x", "id": true}', "id is true or false, expected a string"),
        ("[" * 100_000, "in.jsonl:2: is not JSON that can be read"),
    ],
)
def test_a_bad_line_is_named(line, expected):
    with pytest.raises(InputError) as caught:
        read_input(('{"text": "fine"}\n' + line).encode(), "in.jsonl", "in.jsonl")
    assert expected in str(caught.value)


def test_an_unknown_field_suggests_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'thread_id'"):
        comment_from_dict({"text": "x", "threadid": "1"})
    with pytest.raises(UnknownNameError, match=r"did you mean 'author\.name'"):
        comment_from_dict({"text": "x", "author": {"nmae": "1"}})


def test_csv_with_dotted_columns():
    raw = ('\ufeffid,text,author.registered,article.title\n1,"Two lines,\nand a comma",yes,Bins\n2,Plain,,\n').encode()
    first, second = read_input(raw, "in.csv", "in.csv")
    assert first == Comment("Two lines,\nand a comma", "1", Author(None, True), article=Article("Bins"))
    assert second == Comment("Plain", "2")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("id,text\n1,a,b\n", "in.csv:2: has 3 values, expected 2"),
        ("id,text\n1,\n", "in.csv:2: text is empty"),
        ("idd,text\n1,a\n", "in.csv:1: unknown field 'idd'"),
        ("text,text\na,b\n", "in.csv:1: columns are 'text, text', expected a column 'text', and each column once"),
        ("text,author.registered\na,perhaps\n", "in.csv:2: author.registered is 'perhaps'"),
        ('id,text\n1,"open\n', "in.csv:2: is not CSV"),
    ],
)
def test_bad_csv_is_named(raw, expected):
    with pytest.raises((RecordError, UnknownNameError)) as caught:
        read_input(raw.encode(), "in.csv", "in.csv")
    assert expected in str(caught.value)


def test_a_thread_written_as_json_is_read_back(seed_thread):
    line = json.dumps(thread_to_dict(seed_thread))
    assert thread_from_dict(json.loads(line), "x") == seed_thread
    assert read_input(line.encode(), "threads.jsonl", "threads.jsonl") == comments_of_thread(seed_thread)


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
