"""Comments and pages of a Disqus export."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.errors import ExportError
from moderation.limits import MAX_ARTICLE_BYTES, MAX_NAME_BYTES, MAX_TITLE_BYTES
from moderation.records import Archived, Article, Author, Comment, Heading
from moderation.threads.exports.disqus import read_disqus
from moderation.threads.exports.faults import Faults
from tests.threads.exports.mutations import cuts, mutations, one_clear_error, only_export_errors

WHOLE = (Path(__file__).parent / "fixtures" / "disqus.xml").read_bytes()
END = WHOLE.rindex(b"</disqus>")


def read(data: bytes, *, recover: bool = False) -> tuple[list[Archived | Heading], Faults]:
    faults = Faults("disqus.xml", recover)
    return list(read_disqus(io.BytesIO(data), faults)), faults


def one(post: str) -> Archived:
    (found,) = read(f"<disqus>{post}</disqus>".encode())[0]
    assert isinstance(found, Archived)
    return found


def comments() -> dict[str | None, Archived]:
    return {each.comment.id: each for each in read(WHOLE)[0] if isinstance(each, Archived)}


def test_a_whole_post():
    assert comments()["901"] == Archived(
        Comment(
            "First! & never last.\n\nMine whistles.",
            id="901",
            author=Author("Hal", True),
            thread_id="11",
            created_at="2014-05-06T07:08:09Z",
        ),
        status="approved",
    )


def test_threads_are_headings_even_without_title_and_text():
    assert [each for each in read(WHOLE)[0] if isinstance(each, Heading)] == [
        Heading("11", Article("Let’s whistle", "Which kettle is yours?", "http://kettles.example.org/whistle")),
        Heading("12", Article()),
    ]


def test_records_come_in_the_order_of_the_file():
    found = read(WHOLE)[0]
    assert [each.thread_id if isinstance(each, Heading) else each.comment.id for each in found] == [
        *("901", "11", "12", "902", "903", "904", "905", "906", None)
    ]


def test_an_escaped_message_and_a_time_without_zone_in_an_answer():
    found = comments()["902"].comment
    assert (found.text, found.created_at, found.parent) == ("Mine hums.", "2014-05-06T08:00:00Z", "901")


@pytest.mark.parametrize(
    ("id_", "status", "hints"),
    [
        ("902", "approved", ()),
        ("903", "spam", ("disqus:spam",)),
        ("904", "deleted", ("disqus:deleted",)),
        ("905", "spam", ("disqus:spam", "disqus:deleted")),
        ("906", "held", ()),
        (None, "approved", ()),
    ],
)
def test_flags_become_a_status_and_none_is_lost(id_, status, hints):
    assert (comments()[id_].status, comments()[id_].hints) == (status, hints)


@pytest.mark.parametrize(
    ("id_", "author"),
    [
        ("901", Author("Hal", True)),
        ("902", Author("Jo", False)),
        ("903", Author(None, False)),  # the name was an e-mail address
        ("905", None),  # it contained one, and an IP address; neither flag nor user name
        ("906", Author(None, False)),  # an IPv6 address
        (None, None),
    ],
)
def test_who_wrote_it_and_whether_registered(id_, author):
    assert comments()[id_].comment.author == author


def test_no_address_of_a_person_or_machine_comes_out():
    shown = repr(read(WHOLE)[0])
    assert b"hal@example.org" in WHOLE
    assert b"192.0.2.1" in WHOLE
    assert "@" not in shown
    assert "192.0.2." not in shown
    assert "2001:db8" not in shown


def test_orphans_are_handed_on_as_they_are():
    found = comments()["906"].comment
    assert (found.thread_id, found.parent) == ("77", "777")


def test_a_post_with_next_to_nothing_is_still_a_comment():
    assert comments()[None] == Archived(Comment("", thread_id="12"), status="approved")


def test_a_name_with_entities_is_read_as_seen():
    assert one("<post><author><name>Tom &amp;amp; Ann</name></author></post>").comment.author == Author("Tom & Ann")
    # An address cannot hide behind them.
    assert one("<post><author><name>ann&amp;#64;example.org</name></author></post>").comment.author is None


def test_what_is_too_long_is_cut_between_characters():
    found = read(
        f"<disqus><thread dsq:id='1'><title>{'é' * 600}é</title><message>{'€' * 80_000}</message>"
        f"<link>http://example.org/{'a' * 2_000}</link></thread>"
        f"<post><author><name>a{'é' * 200}</name></author></post></disqus>".encode()
    )[0]
    assert isinstance(found[0], Heading)
    article = found[0].article
    assert (len(article.title.encode()), len(article.text.encode())) == (MAX_TITLE_BYTES, MAX_ARTICLE_BYTES - 2)
    assert article.url is None
    assert len(found[1].comment.author.name.encode()) == MAX_NAME_BYTES - 1


def test_a_thread_without_id_is_noted_and_passed_over():
    found, faults = read(b"<disqus><thread><title>x</title></thread><post dsq:id='1'/></disqus>")
    assert [each.comment.id for each in found] == ["1"]
    assert faults.listed == ["disqus.xml: thread 1: has no dsq:id, so no post can belong to it"]


def test_a_cut_yields_what_was_whole_and_then_one_error():
    made = cuts(read_disqus, WHOLE, range(0, END, 37))
    assert {len(one.listed) for one in made} == {1}
    assert len(made[-1].found) == len(read(WHOLE)[0]) - 1


def test_behind_a_fault_reading_goes_on_with_the_next_post():
    broken = WHOLE.replace(b"<p>Buy kettles</p>]]>", b"<p>Buy kettles</p>]]>\x07<oops")
    offset = broken.index(b"</message>", broken.index(b"<oops"))
    found, faults = read(broken, recover=True)
    assert [each for each in read(WHOLE)[0] if each != comments()["903"]] == found
    assert faults.listed[0].startswith(f"disqus.xml: byte {offset:,}, line ")
    with pytest.raises(ExportError) as caught:
        read(broken)
    assert (caught.value.offset, caught.value.line) == (offset, broken[:offset].count(b"\n") + 1)


def test_behind_a_fault_half_a_post_is_no_heading():
    # The next "<thread" is the reference inside the broken post itself.
    broken = WHOLE.replace(b"&lt;p&gt;Mine ", b"&bad;")
    found, faults = read(broken, recover=True)
    assert [each for each in read(WHOLE)[0] if each != comments()["902"]] == found
    assert "undefined entity" in faults.listed[0]
    # The rest of that post is a second fault: its end has lost its beginning.
    assert len(faults.listed) == 2


def test_behind_a_fault_half_a_thread_is_no_heading():
    # There the next record is the reference to a category.
    found, _ = read(WHOLE.replace(b"17 http:", b"17 & http:"), recover=True)
    assert [each for each in read(WHOLE)[0] if not isinstance(each, Heading) or each.thread_id != "11"] == found


@pytest.mark.parametrize("recover", [True, False])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<rss></rss>",
        b"<post/>",
        b"<disqus>" * 5_000,
        b"<disqus>" + b"<post>" * 5_000,
        b"<disqus>" + b"<thread>" * 5_000,
        b"<!DOCTYPE d [<!ENTITY a 'aaaa'>]><disqus><post><message>&a;</message></post></disqus>",
        "<disqus><post/></disqus>".encode("utf-16"),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_is_no_export_is_one_clear_error(data, recover):
    one_clear_error(read, data, "disqus.xml", recover)


@settings(max_examples=60)
@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda data: b"<disqus><post>" + data))
def test_arbitrary_bytes_raise_nothing_else(data):
    only_export_errors(read, data)


@settings(max_examples=60)
@given(mutations(WHOLE, (b"<", b"&")))
def test_mutations_raise_nothing_else(data):
    only_export_errors(read, data)
