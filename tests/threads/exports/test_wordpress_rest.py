"""Comments as WordPress's REST API lists them."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.errors import ExportError
from moderation.limits import MAX_ARTICLE_BYTES, MAX_TITLE_BYTES
from moderation.records import Archived, Article, Author, Comment, Heading
from moderation.threads.exports import wordpress_rest
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.wordpress_rest import read_wordpress_rest
from tests.threads.exports.mutations import cuts, mutations, one_clear_error, only_export_errors

# Three pages: one array after another, with line ends between them (`cat page1.json page2.json`), and in the end an array
# of pages.
#   301  a guest; a name with entities; an address of a person and of a machine; its post is embedded
#   302  by an account, with what was typed (`context=edit`); its post comes again with another title
#   303  a name that is an e-mail address; no time in UTC, as WordPress writes 0000-00-00; half of a surrogate pair, NUL
#   304  next to no fields
#   305  a name with addresses in it; the comment replied to is not there; no text; the post may not be seen
#   306  a pingback, 307 a trackback, 308 a note of an editor to others (WordPress 6.9)
#   -    nothing but a text
#   -    no id and post, but the comment's address; a state nobody knows; an empty embedding
#   311  numbers as strings and the text itself as `content`, by a plugin
WHOLE = (Path(__file__).parent / "fixtures" / "wordpress_rest.json").read_bytes()
END = WHOLE.rindex(b"]")


def read(data: bytes, *, recover: bool = False) -> tuple[list[Archived | Heading], Faults]:
    faults = Faults("comments.json", recover)
    return list(read_wordpress_rest(io.BytesIO(data), faults)), faults


def of(*records: object) -> list[Archived | Heading]:
    return read(json.dumps(records).encode())[0]


def one(**fields: object) -> Archived:
    (found,) = of({"content": {"rendered": ""}, **fields})
    assert isinstance(found, Archived)
    return found


def comments() -> dict[str | None, Archived]:
    return {each.comment.id: each for each in read(WHOLE)[0] if isinstance(each, Archived)}


def test_a_whole_comment():
    assert comments()["301"] == Archived(
        Comment(
            "Mine is green.\n\nAnd yours?\nBlue – no?",
            id="301",
            author=Author("Ida & Max", False),
            thread_id="31",
            created_at="2020-03-05T10:11:12Z",
        ),
        status="approved",
    )


def test_an_embedded_post_is_a_heading_once():
    found = read(WHOLE)[0]
    assert [each for each in found if isinstance(each, Heading)] == [
        Heading("31", Article("Tea & scones", url="https://kettle.example.org/tea/"))
    ]
    assert isinstance(found[0], Heading)


def test_records_come_in_the_order_of_the_file():
    found = [each.comment.id for each in read(WHOLE)[0] if isinstance(each, Archived)]
    assert found == ["301", "302", "303", "304", "305", "306", "307", None, None, "311"]


def test_what_was_typed_goes_before_what_is_shown():
    assert comments()["302"].comment.text == '"As typed"\n\nand not as shown'
    assert one(content={"raw": "a\nb", "rendered": "<p>x</p>"}).comment.text == "a\nb"
    assert one(content={"raw": "", "rendered": "<p>x</p>"}).comment.text == "x"
    assert one(content={"raw": None, "rendered": "<p>x\ny</p>"}).comment.text == "x y"
    assert one(content={"raw": "x", "rendered": None}).comment.text == "x"
    assert one(content={"raw": ""}).comment.text == ""


def test_what_is_no_character_is_replaced():
    assert comments()["303"].comment.text == "Half a letter \ufffd, none \ufffd, a whole one \U0001f600"
    assert one(author_name="\ud800").comment.author == Author("\ufffd")


@pytest.mark.parametrize(
    ("id_", "status", "kind"),
    [
        ("301", "approved", "comment"),
        ("302", "approved", "comment"),
        ("303", "held", "comment"),
        ("304", "spam", "comment"),
        ("305", "trash", "comment"),
        ("306", "approved", "pingback"),
        ("307", "approved", "trackback"),
        (None, None, "comment"),
        ("311", "approved", "comment"),
    ],
)
def test_status_and_kind(id_, status, kind):
    assert (comments()[id_].status, comments()[id_].kind) == (status, kind)


@pytest.mark.parametrize(
    ("id_", "author"),
    [
        ("302", Author("Owner", True)),
        ("303", Author(None, False)),
        ("305", Author(None, False)),
        (None, None),
        ("311", Author("Owner", True)),
    ],
)
def test_who_wrote_it_and_whether_registered(id_, author):
    assert comments()[id_].comment.author == author


def test_no_address_of_a_person_or_machine_comes_out():
    shown = repr(read(WHOLE))
    assert b"ida@example.org" in WHOLE
    assert b"192.0.2.1" in WHOLE
    assert "@" not in shown
    assert "192.0.2." not in shown
    assert "2001:db8" not in shown


def test_parents_are_handed_on_and_0_is_none():
    found = comments()
    assert [found[id_].comment.parent for id_ in ("301", "302", "305", "311")] == [None, "301", "99", "302"]


def test_numbers_may_be_strings():
    found = comments()["311"].comment
    assert (found.thread_id, found.parent, found.text) == ("31", "302", "A plugin changed the types")


@pytest.mark.parametrize("date", ["-0001-11-30T00:00:00", "0000-00-00 00:00:00", "", None, 5, "soon"])
def test_a_time_that_is_none(date):
    assert one(date_gmt=date, date="2020-03-05T11:11:12").comment.created_at is None


def test_a_comment_without_post_is_known_by_its_address():
    found = [each for each in read(WHOLE)[0] if isinstance(each, Archived) and each.comment.id is None]
    assert [each.comment.thread_id for each in found] == [None, "https://kettle.example.org/pot/"]
    assert one(post=0, link="mailto:ida@example.org").comment.thread_id is None


@pytest.mark.parametrize("value", [None, True, False, 1.5, float("nan"), 0, "0", "", "a b", [], {}, 10**70, [1]])
def test_what_cannot_be_an_id_is_none(value):
    found = one(id=value, parent=value, post=value).comment
    assert (found.id, found.parent, found.thread_id) == (None, None, None)


@pytest.mark.parametrize("value", [True, 1.5, "x", None, [], {}, -1])
def test_what_is_no_account_is_unknown(value):
    assert one(author=value, author_name="Jo").comment.author == Author("Jo")
    assert one(author_name=value, author=7, status=value, type=value if value != "x" else "").comment.author in (
        Author(None, True),
        Author("x", True),
    )


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (5, "is no comment, expected an object"),
        (None, "is no comment, expected an object"),
        ("[]", "is no comment, expected an object"),
        ({}, "has no text, expected 'content' with 'rendered' or 'raw'"),
        ({"content": None}, "has no text, expected 'content' with 'rendered' or 'raw'"),
        ({"content": {"rendered": 5}}, "has no text, expected 'content' with 'rendered' or 'raw'"),
        ({"content": ["a"]}, "has no text, expected 'content' with 'rendered' or 'raw'"),
        # What the API answers instead of a comment.
        ({"code": "rest_forbidden", "message": "x"}, "has no text, expected 'content' with 'rendered' or 'raw'"),
        (
            {"content": {"rendered": "x"}, "type": "a\nb é"},
            r"is of type 'a\nb \xe9', expected a comment, a pingback or a trackback",
        ),
    ],
)
def test_what_is_no_comment_is_noted_and_passed_over(record, reason):
    data = b'[{"content": "a"},\n' + json.dumps(record).encode() + b', {"content": "b"}]'
    found, faults = read(data)
    assert [each.comment.text for each in found if isinstance(each, Archived)] == ["a", "b"]
    assert faults.listed == [f"comments.json: byte 19, line 2: {reason}"]


def test_the_notes_of_editors_are_passed_over():
    (listed,) = read(WHOLE)[1].listed
    assert listed.endswith("is of type 'note', expected a comment, a pingback or a trackback")


def embedding(post: object, number: int = 1) -> dict[str, object]:
    return {"post": number, "content": "", "_embedded": {"up": [post]}}


def test_a_post_that_is_embedded_with_its_text():
    heading = of(
        embedding(
            {
                "title": {"rendered": "a\n<br>b"},
                "content": {"rendered": "<p>c</p>"},
                "date_gmt": "2020-01-02T03:04:05",
                "link": "javascript:x",
            }
        )
    )[0]
    assert heading == Heading("1", Article("a b", "c", None, "2020-01-02T03:04:05Z"))


def test_what_is_too_long_is_cut_between_characters():
    heading = of(embedding({"title": "é" * 600, "content": "€" * 80_000, "link": f"http://example.org/{'a' * 2_000}"}))[
        0
    ]
    assert isinstance(heading, Heading)
    article = heading.article
    assert (len(article.title.encode()), len(article.text.encode())) == (MAX_TITLE_BYTES, MAX_ARTICLE_BYTES - 2)
    assert article.url is None


@pytest.mark.parametrize(
    "embedded",
    [
        None,
        [],
        5,
        {},
        {"up": None},
        {"up": {}},
        {"up": []},
        {"up": [5]},
        {"up": [{}]},
        {"up": [{"title": 5, "link": []}]},
        {"up": [{"title": {"rendered": None}}]},
    ],
)
def test_what_is_no_post_is_no_heading(embedded):
    assert one(_embedded=embedded, post=5) == Archived(Comment("", thread_id="5"))


def test_headings_are_remembered_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(wordpress_rest, "MAX_HEADED", 2)
    found = of(*(embedding({"title": f"post {number}"}, number) for number in (1, 1, 2, 1, 3, 1, 1)))
    assert [each.thread_id for each in found if isinstance(each, Heading)] == ["1", "2", "3", "1"]


def test_a_cut_yields_what_was_whole_and_then_one_error():
    # The file may end behind each of its arrays.
    ends = {found.end() - less for found in re.finditer(rb"\n\]\n", WHOLE) for less in (0, 1)}
    made = cuts(read_wordpress_rest, WHOLE, [at for at in range(0, END, 37) if at not in ends])
    assert len(made[-1].found) >= len(read(WHOLE)[0]) - 1


def test_behind_a_fault_reading_goes_on_with_the_next_comment():
    broken = WHOLE.replace(b'"post": 31, "parent": 301', b'"post": 31 "parent": 301')
    offset = broken.index(b'"parent": 301')
    found, faults = read(broken, recover=True)
    assert [each for each in read(WHOLE)[0] if each != comments()["302"]] == found
    assert faults.listed[0].startswith(
        f"comments.json: byte {offset:,}, line {broken[:offset].count(10) + 1:,}: is not JSON"
    )
    assert len(faults.listed) == 2
    with pytest.raises(ExportError) as caught:
        read(broken)
    assert (caught.value.offset, caught.value.line) == (offset, broken[:offset].count(10) + 1)


@pytest.mark.parametrize("recover", [True, False])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html></html>",
        b'{"code": "rest_forbidden", "message": "Sorry", "data": {"status": 401}}',
        b"[" * 100_000,
        b'[{"content": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]",
        b'[{"content": "a", "id": ' + b"9" * 5_000 + b"}]",
        '[{"content": "a"}]'.encode("utf-16"),
        b'[{"content": "\xe9"}]',
    ],
    ids=lambda data: repr(data[:16]),
)
def test_what_is_no_list_of_comments_is_a_clear_error(data, recover):
    one_clear_error(read, data, "comments.json", recover)


@settings(max_examples=60)
@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda data: b'[{"content": {"rendered": "' + data))
def test_arbitrary_bytes_raise_nothing_else(data):
    only_export_errors(read, data)


@settings(max_examples=60)
@given(mutations(WHOLE, (b'"', b"{", b"]")))
def test_mutations_raise_nothing_else(data):
    only_export_errors(read, data)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS | st.sampled_from(["&#8;", "<p>", "\ud800"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["rendered", "raw", "up"]), inner),
    max_leaves=4,
)
FIELDS = ("id", "post", "parent", "author", "author_name", "date_gmt", "content", "link", "status", "type", "_embedded")


@settings(max_examples=60)
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), VALUES) | VALUES, max_size=4))
def test_any_value_in_any_field_raises_nothing_else(records):
    data = json.dumps(records).encode()
    found, _ = read(data)
    for each in found:
        if isinstance(each, Archived):
            each.comment.text.encode()
            assert each.comment.id != "0"
