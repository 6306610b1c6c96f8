"""Comments and posts of a WordPress export."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.errors import ExportError
from moderation.limits import MAX_ARTICLE_BYTES, MAX_NAME_BYTES, MAX_TITLE_BYTES
from moderation.records import Archived, Article, Author, Comment, Heading
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.wordpress import read_wordpress
from tests.threads.exports.mutations import cuts, mutations, one_clear_error, only_export_errors

WHOLE = (Path(__file__).parent / "fixtures" / "wordpress.xml").read_bytes()
END = WHOLE.rindex(b"</rss>")
NOTE = "wordpress.xml: comment 109: is of type 'order_note', expected a comment, a pingback or a trackback"


class FewBytes(io.BytesIO):
    """A stream that returns a few bytes at a time, however many are asked for."""

    def __init__(self, data: bytes, most: int) -> None:
        super().__init__(data)
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._most)


def read(data: bytes, *, recover: bool = False) -> tuple[list[Archived | Heading], Faults]:
    faults = Faults("wordpress.xml", recover)
    return list(read_wordpress(io.BytesIO(data), faults)), faults


def in_item(inside: str) -> list[Archived | Heading]:
    return read(f"<rss><channel><item>{inside}</item></channel></rss>".encode())[0]


def one(inside: str) -> Archived:
    (found,) = in_item(f"<wp:comment>{inside}</wp:comment>")
    assert isinstance(found, Archived)
    return found


def comments() -> dict[str | None, Archived]:
    return {each.comment.id: each for each in read(WHOLE)[0] if isinstance(each, Archived)}


def test_a_whole_comment():
    assert comments()["101"] == Archived(
        Comment(
            "Mine is green.\n\nAnd yours?",
            id="101",
            author=Author("Ida & Max", False),
            thread_id="11",
            created_at="2014-03-05T10:11:12Z",
        ),
        status="approved",
        hints=("akismet:ham",),
    )


def test_only_posts_with_comments_have_a_heading():
    assert [each for each in read(WHOLE)[0] if isinstance(each, Heading)] == [
        Heading(
            "11",
            Article(
                "Tea & scones",
                "Boil the water.\n\nPour it & wait.\n\nThen drink.",
                "https://kettle.example.org/tea/",
                "2014-03-05T09:00:00Z",
            ),
        ),
        Heading(
            "https://kettle.example.org/?p=13",
            Article("A leaky pot & a lid", "It leaks.", "https://kettle.example.org/pot/"),
        ),
        Heading("14", Article()),
    ]


def test_records_come_in_the_order_of_the_file_with_the_heading_first():
    found = [each.thread_id if isinstance(each, Heading) else each.comment.id for each in read(WHOLE)[0]]
    first = ["11", "101", "102", "103", "104", "105", "106", "107", "108", "110"]
    assert found == [*first, "https://kettle.example.org/?p=13", None, "201", "14", "202"]


@pytest.mark.parametrize(
    ("id_", "status", "kind", "hints"),
    [
        ("101", "approved", "comment", ("akismet:ham",)),
        ("102", "approved", "comment", ()),
        ("103", "held", "comment", ()),
        ("104", "spam", "comment", ("akismet:spam", "antispam-bee:css", "antispam-bee:asb-regexp-asb-lang")),
        ("105", "trash", "comment", ()),
        ("106", "trash", "comment", ()),
        ("107", "approved", "pingback", ()),
        ("108", "approved", "trackback", ()),
        ("110", None, "comment", ()),
    ],
)
def test_status_kind_and_what_other_filters_said(id_, status, kind, hints):
    found = comments()[id_]
    assert (found.status, found.kind, found.hints) == (status, kind, hints)


def test_the_notes_of_plugins_are_passed_over():
    assert "109" not in comments()
    assert read(WHOLE)[1].listed == [NOTE]


def test_a_type_from_outside_cannot_break_the_line_of_a_message():
    faults = Faults("x.xml")
    data = "<rss><item><wp:comment><wp:comment_type>a\nb é</wp:comment_type></wp:comment></item></rss>"
    assert list(read_wordpress(io.BytesIO(data.encode()), faults)) == []
    assert faults.listed == [
        r"x.xml: comment number 1: is of type 'a\nb \xe9', expected a comment, a pingback or a trackback"
    ]


@pytest.mark.parametrize(
    ("id_", "author"),
    [
        ("101", Author("Ida & Max", False)),
        ("102", Author("Owner", True)),
        ("103", Author(None, False)),  # the name was an e-mail address
        ("105", Author(None, False)),  # it contained one, and an IP address
        ("106", Author(None, False)),  # there was none
        ("110", Author("Zoe", None)),  # no word on accounts
        ("201", None),
    ],
)
def test_who_wrote_it_and_whether_registered(id_, author):
    assert comments()[id_].comment.author == author


def test_an_address_cannot_hide_in_a_name():
    assert one("<wp:comment_author>kim&amp;#64;example.org</wp:comment_author>").comment.author is None
    assert one("<wp:comment_author>kim&lt;b&gt;@&lt;/b&gt;example.org</wp:comment_author>").comment.author is None
    assert one("<wp:comment_author>2001:db8::1</wp:comment_author>").comment.author is None
    # Nor behind what is cut off.
    long = "x" * (MAX_NAME_BYTES - 3)
    assert one(f"<wp:comment_author>{long} kim@example.org</wp:comment_author>").comment.author is None
    assert one("<wp:comment_author>@kim</wp:comment_author>").comment.author == Author("@kim")


def test_a_name_is_one_line():
    assert one("<wp:comment_author>Jo&lt;br&gt;Doe\n</wp:comment_author>").comment.author == Author("Jo Doe")


def test_no_address_of_a_person_or_machine_comes_out():
    shown = repr(read(WHOLE))
    assert b"ida@example.org" in WHOLE
    assert b"192.0.2.1" in WHOLE
    assert "@" not in shown
    assert "192.0.2." not in shown
    assert "2001:db8" not in shown


def test_parents_are_handed_on_and_0_is_none():
    found = comments()
    assert [found[id_].comment.parent for id_ in ("101", "102", "105", "202")] == [None, "101", "99", "201"]


def test_a_time_without_zone_is_no_time():
    assert comments()["110"].comment.created_at is None


def test_a_section_that_is_split_and_control_characters_lose_no_text():
    assert comments()["102"].comment.text == "a[b[0]]]> is no tea"
    assert comments()["103"].comment.text == "No pe. Caf? au lait"


def test_a_post_without_number_is_known_by_its_guid_or_address():
    assert comments()[None] == Archived(
        Comment(
            "Mend it & see",
            author=Author("Ann"),
            thread_id="https://kettle.example.org/?p=13",
            created_at="2009-01-02T03:04:05Z",
        ),
        status="approved",
    )
    found = in_item("<link>https://kettle.example.org/a</link><wp:post_id>0</wp:post_id><wp:comment/>")
    assert found == [
        Heading("https://kettle.example.org/a", Article(url="https://kettle.example.org/a")),
        Archived(Comment("", thread_id="https://kettle.example.org/a")),
    ]


def test_comments_before_what_they_are_about():
    assert comments()["201"].comment.thread_id is None
    assert comments()["202"].comment.thread_id == "14"


def test_a_thread_keeps_its_id_whatever_the_item_says_later():
    found = in_item("<guid>g</guid><wp:comment/><wp:post_id>5</wp:post_id><wp:comment/>")
    assert [each.thread_id if isinstance(each, Heading) else each.comment.thread_id for each in found] == ["g"] * 3


def test_a_comment_outside_an_item_is_still_a_comment():
    inside = "<item><wp:post_id>1</wp:post_id></item><wp:comment><wp:comment_id>7</wp:comment_id></wp:comment>"
    assert read(f"<rss><channel>{inside}</channel></rss>".encode())[0] == [Archived(Comment("", id="7"))]


@pytest.mark.parametrize("stated", ["", "0", "00", "7 8", "kim@example.org", "192.0.2.1", "x" * 61])
def test_what_cannot_be_an_id_is_none(stated):
    found = one(f"<wp:comment_id>{stated}</wp:comment_id><wp:comment_parent>{stated}</wp:comment_parent>").comment
    assert (found.id, found.parent) == (None, None)


@pytest.mark.parametrize(
    ("user", "registered"), [("0", False), ("00", False), ("7", True), ("", None), ("-1", None), ("x", None)]
)
def test_accounts_have_a_number(user, registered):
    author = one(
        f"<wp:comment_author>Jo</wp:comment_author><wp:comment_user_id>{user}</wp:comment_user_id>"
    ).comment.author
    assert author == Author("Jo", registered)


@pytest.mark.parametrize(
    ("key", "value", "hints"),
    [
        ("akismet_result", "true", ("akismet:spam",)),
        ("akismet_result", "false", ("akismet:ham",)),
        ("akismet_result", "error", ()),
        ("akismet_history", "true", ()),
        ("akismet_user_result", "true", ()),
        ("antispam_bee_reason", "title_is_name", ("antispam-bee:title_is_name",)),
        ("antispam_bee_reason", "kim@example.org, CSS!", ("antispam-bee:kim-example-org-css",)),
        ("antispam_bee_reason", "x" * 8_000, (f"antispam-bee:{'x' * 40}",)),
        ("antispam_bee_reason", "ß!", ()),
        ("", "", ()),
    ],
)
def test_what_a_filter_said_is_a_short_word(key, value, hints):
    meta = f"<wp:commentmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:commentmeta>"
    assert one(meta * 2).hints == hints


def test_there_are_never_many_hints():
    metas = (
        "<wp:commentmeta><wp:meta_key>antispam_bee_reason</wp:meta_key>"
        f"<wp:meta_value>r{number}</wp:meta_value></wp:commentmeta>"
        for number in range(100)
    )
    assert len(one("".join(metas)).hints) == 8


def test_what_is_too_long_is_cut_between_characters():
    heading, found = in_item(
        f"<title>{'é' * 600}</title><link>http://example.org/{'a' * 2_000}</link><wp:post_id>1</wp:post_id>"
        f"<content:encoded>{'€' * 80_000}</content:encoded>"
        f"<wp:comment><wp:comment_author>a{'é' * 200}</wp:comment_author></wp:comment>"
    )
    assert isinstance(heading, Heading)
    article = heading.article
    assert (len(article.title.encode()), len(article.text.encode())) == (MAX_TITLE_BYTES, MAX_ARTICLE_BYTES - 2)
    assert article.url is None
    assert len(found.comment.author.name.encode()) == MAX_NAME_BYTES - 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://example.org/a b", "https://", "/tea/"])
def test_what_is_no_web_address_is_none(url):
    heading = in_item(f"<link>{url}</link><wp:post_id>1</wp:post_id><wp:comment/>")[0]
    assert heading == Heading("1", Article())


@pytest.mark.parametrize("size", range(1, 8))
def test_a_stream_of_few_bytes_at_a_time_reads_the_same(size):
    # Without the reference: tests of xml_stream have that.
    data = WHOLE.replace(b"&#8;", b"    ")
    assert list(read_wordpress(FewBytes(data, size), Faults("few.xml"))) == read(data)[0]


def test_a_cut_yields_what_was_whole_and_then_one_error():
    made = cuts(read_wordpress, WHOLE, range(0, END, 37))
    assert len(made[-1].found) == len(read(WHOLE)[0])


def test_behind_a_fault_reading_goes_on_with_the_next_comment_of_the_post():
    broken = WHOLE.replace(b"No\x08pe.", b"No]]><oops")
    # The letter that is no UTF-8 cannot stand in a tag. Offsets are those of the file as it is.
    offset = broken.index(b"\xe9")
    found, faults = read(broken, recover=True)
    assert [each for each in read(WHOLE)[0] if each != comments()["103"]] == found
    assert [faults.listed[0].partition(": is not")[0], *faults.listed[1:]] == [
        f"wordpress.xml: byte {offset:,}, line {broken[:offset].count(10) + 1:,}",
        NOTE,
    ]
    with pytest.raises(ExportError) as caught:
        read(broken)
    assert (caught.value.offset, caught.value.line) == (offset, broken[:offset].count(10) + 1)


def test_behind_a_fault_in_a_post_its_comments_are_still_read():
    # Its number stands behind the fault, its guid before.
    found, faults = read(WHOLE.replace(b"<p>Boil the water.</p>", b"]]></oops>"), recover=True)
    assert [each.comment.id for each in found if isinstance(each, Archived)] == list(comments())
    assert found[:2] == [
        Heading("https://kettle.example.org/?p=11", Article("Tea & scones", url="https://kettle.example.org/tea/")),
        Archived(
            Comment(
                "Mine is green.\n\nAnd yours?",
                id="101",
                author=Author("Ida & Max", False),
                thread_id="https://kettle.example.org/?p=11",
                created_at="2014-03-05T10:11:12Z",
            ),
            status="approved",
            hints=("akismet:ham",),
        ),
    ]
    assert len(faults.listed) == 2


def test_behind_a_fault_between_posts_comments_go_to_none_but_their_own():
    found, _ = read(WHOLE.replace(b"</item>\n  <!-- Nobody", b"</oops>\n  <!-- Nobody"), recover=True)
    assert found == read(WHOLE)[0]


@pytest.mark.parametrize("recover", [True, False])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<feed></feed>",
        b"<item/>",
        b"<rss>" * 5_000,
        b"<rss><channel>" + b"<item>" * 5_000,
        b"<rss><channel><item>" + b"<wp:comment>" * 5_000,
        b"<!DOCTYPE d [<!ENTITY a 'aaaa'>]><rss><channel><item><wp:comment>&a;</wp:comment></item></channel></rss>",
        "<rss><item/></rss>".encode("utf-16"),
    ],
    ids=lambda data: repr(data[:24]),
)
def test_what_is_no_export_is_one_clear_error(data, recover):
    one_clear_error(read, data, "wordpress.xml", recover)


@settings(max_examples=60)
@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda data: b"<rss><channel><item><wp:comment>" + data))
def test_arbitrary_bytes_raise_nothing_else(data):
    only_export_errors(read, data)


@settings(max_examples=60)
@given(mutations(WHOLE, (b"<", b"&", b"]]>")))
def test_mutations_raise_nothing_else(data):
    only_export_errors(read, data)
