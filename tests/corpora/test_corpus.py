"""What the readers share."""

from __future__ import annotations

import hashlib

import pytest

from moderation.corpora.corpus import Corpus, example, find, json_lines, majority, rows
from moderation.errors import InputError
from moderation.records import Provenance, Situation


def test_a_digest_covers_every_file_in_order(tmp_path):
    corpus = Corpus("c", "MIT", "example.org", "none", ("b.csv", "a.csv"), ("spam",), lambda folder: iter(()))
    (tmp_path / "a.csv").write_bytes(b"one")
    (tmp_path / "b.csv").write_bytes(b"two")
    (tmp_path / "c.csv").write_bytes(b"not of the corpus")
    assert corpus.digest(tmp_path) == hashlib.sha256(b"twoone").hexdigest()


def test_a_file_that_is_not_there_is_named(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    for name in ("a.csv", "folder.csv"):
        with pytest.raises(InputError, match=f"{name}: no such file; the corpus is published at example.org"):
            find(tmp_path, name, "example.org")


def test_csv_is_read_with_its_mark_its_quotes_and_its_line_breaks(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes('\ufeffid,text\r\n1,"two\nlines, ""quoted"" é"\r\n'.encode())
    assert list(rows(path)) == [{"id": "1", "text": 'two\nlines, "quoted" é'}]


def test_json_lines_are_read_one_by_one(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": "\u2028é"}\n[1]\n', encoding="utf-8")
    assert list(json_lines(path)) == [{"a": "\u2028é"}, [1]]


def test_a_row_of_no_thread_is_a_thread_of_its_own():
    place = Situation("x")
    row = example(("c", "MIT"), "7", place, {"spam": 1})
    assert (row.id, row.thread, row.situation, row.labels) == ("c:7", "c:7", place, {"spam": 1})
    assert row.provenance == Provenance("c", "7", "MIT")
    assert example(("c", "MIT"), "7", place, {}, thread="t").thread == "c:t"


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ([True], 1),
        ([True, False], 1),
        ([True, True, False], 1),
        ([True, False, False], None),
        ([False, False, False], 0),
        ([False], 0),
    ],
)
def test_a_majority_is_half_and_a_single_voice_is_not_clear(votes, expected):
    assert majority(votes) == expected
