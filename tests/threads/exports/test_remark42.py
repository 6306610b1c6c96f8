"""Remark42's backup, unpacked.

What is odd in the fixture, which is JSON and has no comments: the first line is no comment; texts and names stand as in
HTML, addresses of posts too; seconds have nine digits; there are votes and machines' addresses that must not come out; an
anonymous author gave an e-mail address as a name; 03 was deleted with its author, 04 alone; 05 has half a character, NUL,
no time, no account and its post's title for the first time.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.errors import ExportError
from moderation.records import Archived, Article, Author, Comment, Heading
from moderation.threads.exports import remark42
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.remark42 import read_remark42
from tests.threads.exports.mutations import cuts, mutations

WHOLE = (Path(__file__).parent / "fixtures" / "remark42.jsonl").read_bytes()
KETTLES = "https://blog.example.org/kettles?a=1&b=2"
PANS = "https://blog.example.org/pans"


def read(data: bytes, *, recover: bool = False) -> tuple[list[Archived | Heading], Faults]:
    faults = Faults("remark.json", recover)
    return list(read_remark42(io.BytesIO(data), faults)), faults


def one(**fields: object) -> Archived:
    (found,) = read(json.dumps({"id": "1", **fields}).encode())[0]
    assert isinstance(found, Archived)
    return found


def test_a_whole_backup():
    found, faults = read(WHOLE)
    assert found == [
        Heading(KETTLES, Article("Kettles & pots", url=KETTLES)),
        Archived(
            Comment(
                "I *like* kettles.\n\n> whistling\n\nSee https://example.org/kettles, it's fine.",
                id="5e1f-01",
                author=Author("Ana O'Brien", True),
                thread_id=KETTLES,
                created_at="2020-01-02T03:04:05Z",
            ),
            status="approved",
        ),
        Archived(
            Comment(
                "Buy pans\n\nnow & here.",
                id="5e1f-02",
                author=Author(None, False),
                parent="5e1f-01",
                thread_id=KETTLES,
                created_at="2020-01-02T03:04:06Z",
            ),
            status="approved",
        ),
        Archived(Comment("", id="5e1f-03", parent="5e1f-01", thread_id=KETTLES), status="deleted"),
        Archived(
            Comment("", id="5e1f-04", author=Author("Cy", True), thread_id=PANS, created_at="2020-01-03T00:00:00Z"),
            status="deleted",
        ),
        Heading(PANS, Article("Pans", url=PANS)),
        Archived(
            Comment("Half \ufffd here.\ufffd", id="5e1f-05", author=Author("Di"), thread_id=PANS), status="approved"
        ),
    ]
    assert faults.listed == []
    for private in ("192.0.2", "bo@", "0a1b", "anonymous_77"):
        assert private not in repr(found)


def test_only_true_is_deleted():
    assert one(text="x", delete=False).status == "approved"
    assert one(text="x", delete="true").status == "approved"


@pytest.mark.parametrize(
    "fields",
    [
        {"id": 5},
        {"id": ""},
        {"id": "x" * 201},
        {"pid": ["1"]},
        {"user": "Ana"},
        {"user": {"name": ["Ana"], "id": {}}},
        {"locator": "here"},
        {"locator": {"url": 5}},
        {"time": 1_500_000_000},
        {"time": "1" * 100_000},
        {"title": {}},
    ],
    ids=repr,
)
def test_parts_of_a_wrong_type_are_unknown(fields):
    comment = one(text="x", **fields).comment
    assert comment == Comment("x", id=None if "id" in fields else "1")


def test_what_is_no_comment_is_passed_over():
    found, faults = read(b'{"version":1}\n[1]\n{"a":1}\n{"id":"1","text":5}\n{"id":"2","text":null,"orig":["x"]}\n')
    assert found == []
    assert [message.split(": ", 2)[1:] for message in faults.listed] == [
        ["byte 14, line 2", "is no comment, expected an object with 'id' and 'text'"],
        ["byte 18, line 3", "is no comment, expected an object with 'id' and 'text'"],
        ["byte 26, line 4", "has a text that is no string"],
        ["byte 46, line 5", "has a text that is no string"],
    ]


def test_a_title_is_told_once_and_few_are_remembered(monkeypatch):
    monkeypatch.setattr(remark42, "MAX_HEADED", 2)
    lines = (
        json.dumps({"id": "1", "text": "x", "title": post, "locator": {"url": f"https://example.org/{post}"}})
        for post in "aabbaca"
    )
    found = read("\n".join(lines).encode())[0]
    assert [each.article.title for each in found if isinstance(each, Heading)] == ["a", "b", "c", "a"]
    # Too long to be remembered.
    assert not isinstance(one(text="x", title="t", locator={"url": "https://example.org/" + "a" * 2_000}), Heading)


def test_a_cut_yields_what_was_whole_and_then_one_error():
    # Between two lines, nothing tells that there were more.
    inside = (at for at in range(0, len(WHOLE) - 2, 37) if WHOLE[at - 1 : at + 1].strip() not in (b"", b"}"))
    for one in cuts(read_remark42, WHOLE, inside):
        assert one.offset == one.at
        assert len(one.listed) == 1


def test_behind_a_fault_reading_goes_on_with_the_next_line():
    broken = WHOLE.replace(b'"pid":"5e1f-01"', b'"pid" "5e1f-01"', 1)
    offset = broken.index(b'"5e1f-01"', broken.index(b'"pid" '))
    with pytest.raises(ExportError) as caught:
        read(broken)
    assert (caught.value.offset, caught.value.line) == (offset, 3)
    found, faults = read(broken, recover=True)
    whole = read(WHOLE)[0]
    assert found == whole[:2] + whole[3:]
    assert faults.listed == [f"remark.json: byte {offset:,}, line 3: is not JSON: expecting ':' delimiter"]


@settings(max_examples=60)
@given(mutations(WHOLE, (b'"', b"{", b"\n", b"null", b"\\ud800", b"&#0;")) | st.binary(max_size=200))
def test_damage_raises_nothing_else(data):
    with contextlib.suppress(ExportError):
        read(data)
    for each in read(data, recover=True)[0]:
        json.dumps(dataclasses.asdict(each), ensure_ascii=False).encode()  # no half characters
