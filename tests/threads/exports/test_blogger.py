"""Comments and posts of Blogger's exports, of both generations, and the zip that the newer one comes in."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.errors import ExportError, InputError
from moderation.limits import MAX_ARTICLE_BYTES, MAX_NAME_BYTES, MAX_TITLE_BYTES
from moderation.records import Archived, Article, Author, Comment, Heading
from moderation.threads.exports import takeout
from moderation.threads.exports.blogger import read_blogger
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.source import pieces
from moderation.threads.exports.takeout import open_takeout
from tests.threads.exports.mutations import cuts, mutations, one_clear_error, only_export_errors

FIXTURES = Path(__file__).parent / "fixtures"
CLASSIC = (FIXTURES / "blogger_classic.xml").read_bytes()
TAKEOUT = (FIXTURES / "blogger_takeout.atom").read_bytes()
OLD, NEW = "tag:blogger.com,1999:blog-71.post-", "tag:blogger.com,1999:blog-72.post-"
MEMBER = "Takeout/Blogger/Blogs/Stairs/feed.atom"


def read(data: bytes, *, recover: bool = False) -> tuple[list[Archived | Heading], Faults]:
    faults = Faults("blog.xml", recover)
    return list(read_blogger(io.BytesIO(data), faults)), faults


def entry(inside: str) -> Archived | Heading:
    (found,) = read(f"<feed><entry>{inside}</entry></feed>".encode())[0]
    return found


def comments() -> dict[str, Archived]:
    """The comments of both fixtures by number."""
    found = read(CLASSIC)[0] + read(TAKEOUT)[0]
    return {each.comment.id.rpartition("-")[2]: each for each in found if isinstance(each, Archived)}


def headings(data: bytes) -> list[Heading]:
    return [each for each in read(data)[0] if isinstance(each, Heading)]


def test_a_whole_classic_comment():
    assert comments()["201"] == Archived(
        Comment(
            "It was the council.\nAsk them.",
            id=f"{OLD}201",
            author=Author("Bo", True),
            thread_id="101",
            created_at="2010-03-05T05:30:00Z",
        )
    )


def test_a_whole_takeout_comment():
    assert comments()["501"] == Archived(
        Comment(
            "You missed the one behind the mill.",
            id=f"{NEW}501",
            author=Author("Gus", True),
            thread_id="401",
            created_at="2010-03-03T00:00:00Z",
        ),
        status="approved",
    )


def test_classic_posts_drafts_and_pages_are_headings_settings_and_templates_are_not():
    assert headings(CLASSIC) == [
        Heading(
            "101",
            Article(
                "Who moved the <b> bench & the lamp?",
                "The bench by the weir is gone.\n\nSo is the lamp.",
                "http://weir.example.org/2010/03/bench.html",
                "2010-03-04T17:30:00Z",
            ),
        ),
        Heading("102", Article(None, "Half a thought", None, "2010-04-01T15:00:00Z")),
        Heading(
            "301", Article("About & contact", "I walk.", "http://weir.example.org/p/about.html", "2010-01-01T00:00:00Z")
        ),
    ]


def test_takeout_posts_have_a_path_for_address():
    stairs = Article("Every stair in town", "I have counted them.", "/2010/03/stairs.html", "2010-03-02T00:00:00Z")
    assert headings(TAKEOUT) == [Heading("401", stairs), Heading("402", Article("About", None, "/p/about.html"))]


@pytest.mark.parametrize(
    ("number", "thread", "parent"),
    [
        ("202", "101", f"{OLD}201"),  # from the related link
        ("206", "301", None),  # on a page: its own id says page-301, the comment post-301
        ("207", "101", None),  # only the feed's address of the post
        ("502", "401", f"{NEW}501"),
        ("503", "401", f"{NEW}501"),  # numbers alone
        ("504", "401", None),  # replies to the post, which is no reply
    ],
)
def test_thread_and_comment_replied_to(number, thread, parent):
    assert (comments()[number].comment.thread_id, comments()[number].comment.parent) == (thread, parent)


@pytest.mark.parametrize(
    ("number", "author"),
    [
        ("202", Author("Anonymous", False)),
        ("203", Author("Cleo", False)),  # a site of their own is no account
        ("204", Author("Dee", True)),
        ("205", Author(None, False)),  # the name was an e-mail address
        ("206", Author(None, True)),  # it contained one, and an IP address
        ("207", None),
        ("502", Author("Anonymous", False)),
        ("503", Author(None, False)),
    ],
)
def test_who_wrote_it_and_whether_registered(number, author):
    assert comments()[number].comment.author == author


@pytest.mark.parametrize(
    ("number", "status", "text"),
    [
        ("202", None, "Bo, the council denies it: 2 < 3 lamps, it says."),
        ("203", None, "See the plan (http://example.org/) & weep."),  # escaped twice
        ("204", "deleted", ""),  # removed, in a language nobody here knows
        ("205", "deleted", ""),
        ("502", "approved", "Behind the mill is a ladder."),  # escaped twice
        ("503", "spam", "Buy ladders cheap."),
        ("504", "held", "Is this on?"),
        ("505", "deleted", "Nobody sees me."),
        ("506", "trash", "Thrown away."),
        ("507", None, ""),  # an unknown status, and a picture only
    ],
)
def test_status_and_text(number, status, text):
    assert (comments()[number].status, comments()[number].comment.text) == (status, text)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("&amp;lt;b&amp;gt;so&amp;lt;/b&amp;gt;", "so"),
        ("a &amp;lt;b", "a <b"),  # no tag: it has no end
        ("2 &amp;lt; 3 and 4 &amp;gt; 3", "2 < 3 and 4 > 3"),  # no tag: it has no name
        ("&lt;p&gt;write &amp;lt;b&amp;gt; for bold&lt;/p&gt;", "write <b> for bold"),  # the outer tag is real
    ],
)
def test_only_what_was_escaped_twice_is_unescaped_twice(content, text):
    found = entry(f"<blogger:type>COMMENT</blogger:type><content type='html'>{content}</content>")
    assert found.comment.text == text


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("LIVE", "approved"),
        ("SPAM", "spam"),
        ("EMBARGOED", "held"),
        ("SOFT_TRASHED", "trash"),
        ("DELETED", "deleted"),
        ("ALIVE", None),
        ("", None),
    ],
)
def test_statuses_are_known_by_the_words_in_them(status, expected):
    found = entry(f"<blogger:type>COMMENT</blogger:type><blogger:status>{status}</blogger:status>")
    assert found == Archived(Comment(""), status=expected)


def test_a_classic_comment_held_back_is_a_draft():
    found = entry("<thr:in-reply-to ref='x'/><app:control><app:draft>yes</app:draft></app:control>")
    assert found == Archived(Comment("", thread_id="x"), status="held")


def test_a_number_replied_to_stays_one_where_the_comment_has_no_id_to_put_it_into():
    found = entry("<blogger:type>COMMENT</blogger:type><blogger:inReplyTo>7</blogger:inReplyTo>")
    assert found.comment.parent == "7"


@pytest.mark.parametrize("data", [CLASSIC, TAKEOUT])
def test_no_address_of_a_person_or_machine_comes_out(data):
    assert b"@example.org" in data
    for each in read(data)[0]:
        if isinstance(each, Archived):
            assert "@" not in repr(each)
            assert "192.0.2." not in repr(each.comment.author)


def test_what_is_too_long_is_cut_between_characters():
    found = entry(
        f"<id>post-1</id><blogger:type>POST</blogger:type><title>{'é' * 600}</title><content>{'€' * 80_000}</content>"
        f"<link rel='alternate' href='http://example.org/{'a' * 2_000}'/>"
    )
    assert (len(found.article.title.encode()), len(found.article.text.encode())) == (
        MAX_TITLE_BYTES,
        MAX_ARTICLE_BYTES - 2,
    )
    assert found.article.url is None
    found = entry(f"<blogger:parent>1</blogger:parent><author><name>a{'é' * 200}</name></author>")
    assert len(found.comment.author.name.encode()) == MAX_NAME_BYTES - 1


def test_entries_that_are_nothing_are_noted_and_passed_over():
    found, faults = read(
        b"<feed><entry><title>x</title></entry><entry><blogger:type>POST</blogger:type></entry>"
        b"<entry><blogger:type>COMMENT</blogger:type></entry></feed>"
    )
    assert found == [Archived(Comment(""))]
    assert faults.listed == [
        "blog.xml: entry 1: does not say what it is, expected a post, a page or a comment",
        "blog.xml: entry 2: is a post without an id, so no comment can belong to it",
    ]


@pytest.mark.parametrize("data", [CLASSIC, TAKEOUT])
def test_a_cut_yields_what_was_whole_and_then_one_error(data):
    made = cuts(read_blogger, data, range(0, data.rindex(b"</feed>"), 37))
    assert {len(one.listed) for one in made} == {1}
    assert len(made[-1].found) >= len(read(data)[0]) - 1


def test_behind_a_fault_reading_goes_on_with_the_next_entry():
    broken = CLASSIC.replace(b"Ask them.</content>", b"Ask & them.</content>")
    offset = broken.index(b"& them") + 1
    found, faults = read(broken, recover=True)
    assert found == [each for each in read(CLASSIC)[0] if each != comments()["201"]]
    place = f"byte {offset:,}, line {broken[:offset].count(10) + 1:,}"
    assert faults.listed == [f"blog.xml: {place}: is not well-formed XML: not well-formed (invalid token)"]
    with pytest.raises(ExportError) as caught:
        read(broken)
    assert caught.value.offset == offset


@pytest.mark.parametrize("recover", [True, False])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<rss></rss>",
        b"<entry/>",
        b"<feed>" * 5_000,
        b"<feed>" + b"<entry>" * 5_000,
        b"<!DOCTYPE d [<!ENTITY a 'aaaa'>]><feed><entry>&a;</entry></feed>",
        "<feed><entry/></feed>".encode("utf-16"),
    ],
    ids=lambda data: repr(data)[:14],
)
def test_what_is_no_export_is_one_clear_error(data, recover):
    one_clear_error(read, data, "blog.xml", recover)


@settings(max_examples=60)
@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda data: b"<feed><entry>" + data))
def test_arbitrary_bytes_raise_nothing_else(data):
    only_export_errors(read, data)


@settings(max_examples=60)
@given(st.sampled_from([CLASSIC, TAKEOUT]).flatmap(lambda data: mutations(data, (b"<", b"&"))))
def test_mutations_raise_nothing_else(data):
    only_export_errors(read, data)


def zip_of(members: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing, compresslevel=9) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def zipped(path: Path, members: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    path.write_bytes(zip_of(members, packing))
    return path


def unpacked(path: Path) -> dict[str, bytes]:
    return {name: b"".join(pieces(stream)) for name, stream in open_takeout(path)}


def test_a_takeout_yields_the_feed_of_each_blog(tmp_path):
    other = MEMBER.replace("Stairs", "Weir")
    path = zipped(
        tmp_path / "takeout.zip",
        {
            "Takeout/archive_browser.html": b"<p>",
            MEMBER: TAKEOUT,
            "Takeout/Blogger/Blogs/Stairs/theme.xml": b"<b/>",
            other: CLASSIC,
            # Put there by a Mac that packed it again.
            f"__MACOSX/{MEMBER.replace('feed', '._feed')}": b"\0",
        },
    )
    assert unpacked(path) == {MEMBER: TAKEOUT, other: CLASSIC}
    read_from_it = [list(read_blogger(stream, Faults(name))) for name, stream in open_takeout(path)]
    assert read_from_it == [read(TAKEOUT)[0], read(CLASSIC)[0]]


def test_a_feed_may_be_stored_unpacked(tmp_path):
    assert unpacked(zipped(tmp_path / "t.zip", {MEMBER: TAKEOUT}, zipfile.ZIP_STORED)) == {MEMBER: TAKEOUT}


def test_a_zip_that_is_none_or_has_no_feed_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"none\.zip: no such file or directory$"):
        unpacked(tmp_path / "none.zip")
    with pytest.raises(InputError, match=r": is a directory$"):
        unpacked(tmp_path)
    (tmp_path / "text.zip").write_bytes(TAKEOUT)
    with pytest.raises(
        InputError, match=r"text\.zip: is no zip file, or is damaged or cut off, expected one from Takeout$"
    ):
        unpacked(tmp_path / "text.zip")
    with pytest.raises(InputError, match=r"has no feed\.atom, expected one for each Blogger blog of a Takeout$"):
        unpacked(zipped(tmp_path / "photos.zip", {"Takeout/photo.jpg": b""}))


def test_an_encrypted_feed_is_refused(tmp_path):
    path = zipped(tmp_path / "t.zip", {MEMBER: TAKEOUT})
    data = bytearray(path.read_bytes())
    # The flag "encrypted" of the list of members.
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"feed\.atom' is encrypted, expected a zip without a password$"):
        unpacked(path)


def test_a_packing_that_cannot_be_stopped_halfway_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"is packed by method 12, expected deflate or none$"):
        unpacked(zipped(tmp_path / "t.zip", {MEMBER: TAKEOUT}, zipfile.ZIP_BZIP2))


def test_damaged_data_end_the_reading_behind_what_was_sound(tmp_path):
    path = zipped(tmp_path / "t.zip", {MEMBER: b"".join(b"%d" % number for number in range(200_000))})
    whole, data = unpacked(path)[MEMBER], bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 60] = b"\xff" * 60
    path.write_bytes(data)
    found = []
    with pytest.raises(InputError, match=r"feed\.atom' is damaged or cut off behind byte [\d,]+$"):
        found.extend(piece for _, stream in open_takeout(path) for piece in pieces(stream, 1 << 14))
    # What comes right behind the damage may be unpacked to nonsense before that is noticed.
    assert len(b"".join(found)) > 100_000
    assert whole.startswith(b"".join(found)[:100_000])


def test_a_bomb_is_stopped(tmp_path, monkeypatch):
    # Zeros are packed to a 1,029th, text of any sort to no less than a hundredth.
    with pytest.raises(InputError, match=r"unpacks to more than 1,000 times its size, expected a feed of text$"):
        unpacked(zipped(tmp_path / "bomb.zip", {MEMBER: bytes(12_000_000)}))
    monkeypatch.setattr(takeout, "MAX_UNPACKED_BYTES", len(TAKEOUT) + 10)
    assert unpacked(zipped(tmp_path / "one.zip", {MEMBER: TAKEOUT}))
    # All members count together: they could be the same packed bytes.
    with pytest.raises(InputError, match=r"unpacks to too much, expected at most [\d,]+ bytes in all$"):
        unpacked(zipped(tmp_path / "two.zip", {MEMBER: TAKEOUT, f"2/{MEMBER}": TAKEOUT}))


def test_a_list_of_members_too_large_to_hold_is_refused(tmp_path, monkeypatch):
    path = zipped(tmp_path / "t.zip", {f"{number}/feed.atom": b"" for number in range(100)})
    size = struct.unpack("<L", path.read_bytes()[-10:-6])[0]
    monkeypatch.setattr(takeout, "MAX_DIRECTORY_BYTES", size - 1)
    with pytest.raises(InputError, match="is no zip file"):
        unpacked(path)


def test_every_cut_of_a_zip_is_one_error(tmp_path):
    data = zipped(tmp_path / "t.zip", {MEMBER: TAKEOUT}).read_bytes()
    for cut in range(0, len(data), 37):
        (tmp_path / "cut.zip").write_bytes(data[:cut])
        with pytest.raises(InputError, match="is no zip file"):
            unpacked(tmp_path / "cut.zip")


@settings(max_examples=60)
@given(mutations(zip_of({MEMBER: TAKEOUT, f"2/{MEMBER}": b"<feed/>"}), (b"<", b"&")))
def test_a_changed_zip_raises_nothing_else(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "changed.zip"
    path.write_bytes(data)
    with contextlib.suppress(InputError):
        unpacked(path)
