"""XML of exports, record by record, and the bytes below it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from moderation.errors import ExportError
from moderation.threads.exports import xml_stream
from moderation.threads.exports.faults import MAX_LISTED, Faults
from moderation.threads.exports.source import PIECE, pieces, scrubbed
from moderation.threads.exports.xml_stream import MAX_DEPTH, Closed, Node, Opened, read_xml

SIZES = [1, 2, 3, 4, 5, 6, 7, 16, 17, 33, PIECE]


class FewBytes(io.BytesIO):
    """A stream that returns a few bytes at a time, however many are asked for, and knows how many it gave."""

    def __init__(self, data: bytes, most: int = PIECE) -> None:
        super().__init__(data)
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._most)


def scrub(data: bytes, size: int = PIECE) -> bytes:
    return b"".join(scrubbed(pieces(FewBytes(data, size))))


def walk(
    data: bytes, *, recover: bool = False, size: int = PIECE
) -> tuple[list[Node | Opened | Closed], Faults, ExportError | None]:
    """Read an RSS of items; return what came, the faults, and the error that ended it."""
    faults = Faults("x.xml", recover)
    found: list[Node | Opened | Closed] = []
    try:
        # What was found before the error stays in it.
        found.extend(read_xml(FewBytes(data, size), "rss", ("channel", "item"), ("item", "comment"), faults))
    except ExportError as error:
        return found, faults, error
    return found, faults, None


def nodes(data: bytes, **options: int) -> list[Node]:
    found, _, error = walk(data, **options)
    assert error is None
    return [each for each in found if isinstance(each, Node)]


def texts(data: bytes, **options: int) -> list[str]:
    return [node.text for node in nodes(data, **options)]


def inside(item: bytes) -> bytes:
    return b"<rss><channel><item>" + item + b"</item></channel></rss>"


# -- bytes ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a\x00b\x08c\x0bd\x1fe", b"a b c d e"),
        (b"a\tb\r\nc\x7f", b"a\tb\r\nc\x7f"),
        ("a\ufffeb\uffffc\ufffdd".encode(), b"a???b???c\xef\xbf\xbdd"),
        (b"caf\xe9 au lait", b"caf? au lait"),
        (b"\xe2\x82", b"??"),  # the end of the file in the middle of a character
        (b"\xe2\x82 \x80\xff\xc0\xaf", b"?? ????"),
        (b"\xed\xa0\x80", b"???"),  # half of a surrogate pair
        (b"\xf4\x90\x80\x80", b"????"),  # behind the last character there is
        ("é€😀".encode() * 9, "é€😀".encode() * 9),
        (
            b"&amp;&#;&#x;&#9;&#10;&#13;&#32;&#x9;&#xA;&#xd;&#x20;",
            b"&amp;&#;&#x;&#9;&#10;&#13;&#32;&#x9;&#xA;&#xd;&#x20;",
        ),
    ],
)
def test_bytes_are_scrubbed_in_place(data, expected, size):
    assert scrub(data, size) == expected


@pytest.mark.parametrize("code", [code for code in range(32) if code not in (9, 10, 13)])
def test_references_to_control_characters_are_spaces(code):
    for reference in (f"&#{code};", f"&#{code:04};", f"&#x{code:x};", f"&#X{code:03X};"):
        assert scrub(f"a{reference}b".encode()) == b"a" + b" " * len(reference) + b"b"


@pytest.mark.parametrize("size", [1, 2, 3])
def test_references_are_found_where_pieces_split_them(size):
    assert scrub(b"a&#8;b&#x1f;c" + b"." * 40, size) == b"a    b      c" + b"." * 40


def test_a_last_piece_of_one_byte_splits_no_reference():
    # As a file that is one byte longer than so many pieces.
    data = b"." * 100 + b"&#0000000008;" + b"." * 4
    assert scrub(data + b".", len(data)) == b"." * 100 + b" " * 13 + b"." * 5


PARTS = st.sampled_from(
    [b"&", b"&#", b"&#8;", b"&#x1F;", b"&#00000011;", b";", b"8", b"a", b"\x08", b"\n", b"\xe9", b"\x80"]
)
FRAGMENTS = st.lists(PARTS | st.characters().map(lambda one: one.encode(errors="surrogatepass")), max_size=40)


@settings(max_examples=60)
@given(FRAGMENTS.map(b"".join) | st.binary(max_size=100), st.integers(1, 40))
def test_as_many_bytes_come_out_and_all_are_text(data, size):
    found = list(scrubbed(pieces(FewBytes(data, size))))
    assert sum(map(len, found)) == len(data)
    for part in found:
        assert not re.search("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", part.decode())
    assert b"".join(found).count(b"\n") == data.count(b"\n")


@settings(max_examples=60)
@given(FRAGMENTS.map(b"".join), st.integers(1, 40))
@example(b"a&#8;b" + b"." * 40, 1)
def test_bytes_are_the_same_whatever_the_pieces(data, size):
    assert scrub(data, size) == scrub(data)


def test_no_bytes_make_a_piece_grow():
    found = list(scrubbed(pieces(FewBytes(b"\x80" * 10_000, 500))))
    assert b"".join(found) == b"?" * 10_000
    assert max(map(len, found)) < 1_000


# -- records --------------------------------------------------------------------------------------------------------------


def test_containers_open_and_close_and_all_else_comes_whole():
    data = b"<rss a='1'><title>t</title><channel><item><x b='2'>1<y/>2<y>z</y>3</x></item></channel></rss>"
    x = Node("x", {"b": "2"}, "123", [Node("y", {}), Node("y", {}, "z")])
    assert walk(data)[0] == [
        Opened("rss"),
        Node("title", {}, "t"),
        Opened("channel"),
        Opened("item"),
        x,
        Closed("item"),
        Closed("channel"),
        Closed("rss"),
    ]
    assert x.child("y") == Node("y", {})
    assert x.child("z") is None
    assert [node.text for node in x.all("y")] == ["", "z"]
    assert x.value("y") == x.value("z") == ""


def test_a_value_has_no_space_around_it():
    (node,) = nodes(inside(b"<x><y>\n a b \n</y></x>"))
    assert node.value("y") == "a b"


def test_names_are_taken_as_written():
    assert nodes(inside(b"<wp:x dsq:id='1' xmlns:other='u'/>")) == [Node("wp:x", {"dsq:id": "1", "xmlns:other": "u"})]


def test_containers_inside_records_are_part_of_them():
    assert nodes(inside(b"<x><item>a</item></x>")) == [Node("x", {}, "", [Node("item", {}, "a")])]


MIXED = (
    "<rss><channel>\n<item><x>é&#233;&amp;&lt;€ <![CDATA[<b>&amp;]]]]><![CDATA[></b>\n]]>😀</x><!-- c --><?p i?>"
    "<comment a='&quot;&#10;'>\u2028\x07\r\nok</comment></item>\n</channel></rss>"
).encode()


@pytest.mark.parametrize("size", SIZES)
def test_text_is_joined_whatever_the_pieces(size):
    assert nodes(MIXED, size=size) == [
        Node("x", {}, "éé&<€ <b>&amp;]]></b>\n😀"),
        Node("comment", {"a": '"\n'}, "\u2028 \nok"),
    ]


@pytest.mark.parametrize("text", [b"a\x08b", b"a&#8;b", b"a&#x1F;b", b"<![CDATA[a\x00b]]>", b"<![CDATA[a&#11;b]]>"])
def test_control_characters_cost_no_record(text):
    assert [" ".join(found.split()) for found in texts(inside(b"<x>" + text + b"</x>"))] == ["a b"]


@pytest.mark.parametrize("size", SIZES)
def test_letters_that_are_no_utf8_cost_no_record(size):
    assert texts(inside(b"<x>caf\xe9</x><x>\xe2\x82</x>"), size=size) == ["caf?", "??"]


def test_an_encoding_that_is_stated_is_not_believed():
    data = b"<?xml version='1.0' encoding='ISO-8859-1'?>" + inside("<x>é</x>".encode())
    assert texts(data) == ["é"]


def test_a_byte_order_mark_is_no_text():
    assert texts(b"\xef\xbb\xbf<?xml version='1.0'?>" + inside(b"<x>a</x>")) == ["a"]


@pytest.mark.parametrize("recover", [True, False])
def test_white_space_before_the_declaration_costs_nothing(recover):
    assert texts(b"\r\n\n <?xml version='1.0'?>" + inside(b"<x>a</x>"), recover=recover) == ["a"]


# -- faults ---------------------------------------------------------------------------------------------------------------


def broken(data: bytes) -> ExportError:
    error = walk(data)[2]
    assert error is not None
    assert "\n" not in str(error)
    assert str(error).startswith(f"x.xml: byte {error.offset:,}, line {error.line:,}: ")
    return error


@pytest.mark.parametrize(
    ("data", "offset", "line", "reason"),
    [
        (b"", 0, 1, "is not well-formed XML: no element found"),
        (b"\n\n", 2, 3, "is not well-formed XML: no element found"),
        (b"<rss>\n<x>", 9, 2, "is not well-formed XML: no element found"),
        (b"<rss>\n<x></y>", 11, 2, "is not well-formed XML: mismatched tag"),
        (b"<rss>\n<x>&nbsp;</x>", 9, 2, "is not well-formed XML: undefined entity"),
        (b"<rss>\n<x>a & b</x>", 12, 2, "is not well-formed XML: not well-formed (invalid token)"),
        ("<rss>\n<x>é€😀\x07&#8;& b</x>".encode(), 24, 2, "is not well-formed XML: not well-formed (invalid token)"),
        (b"<rss>\n<x a='1' a='2'/>", 15, 2, "is not well-formed XML: duplicate attribute"),
        (b"<rss></rss>\n<rss></rss>", 12, 2, "is not well-formed XML: junk after document element"),
        (b"\xef\xbb\xbf<rss>&</rss>", 9, 1, "is not well-formed XML: not well-formed (invalid token)"),
        (b"some text", 0, 1, "is not well-formed XML: syntax error"),
        (b"<rss>\n<![CDATA[a", 16, 2, "is not well-formed XML: unclosed CDATA section"),
    ],
)
def test_a_fault_says_at_which_byte_of_the_file(data, offset, line, reason):
    error = broken(data)
    assert (error.offset, error.line) == (offset, line)
    assert str(error).endswith(reason)


@pytest.mark.parametrize("size", [1_000, PIECE])
def test_places_count_over_pieces_and_behind_faults(size):
    filler = b"<item><x>\n\x07\xe9&#8;</x></item>\n" * 3_000
    data = b"<rss>" + filler + b"<item><x>&bad;</x></item>\n" + filler + b"<item></y></item>" + filler + b"</rss>"
    places = [data.index(b"&bad"), data.index(b"</y>") + 2]
    _, faults, _ = walk(data, recover=True, size=size)
    assert [each.partition(": is")[0] for each in faults.listed] == [
        f"x.xml: byte {place:,}, line {data[:place].count(10) + 1:,}" for place in places
    ]
    error = walk(data, size=size)[2]
    assert error is not None
    assert (error.offset, error.line) == (places[0], data[: places[0]].count(b"\n") + 1)


@pytest.mark.parametrize("recover", [True, False])
@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE rss>",
        b"<!DOCTYPE rss SYSTEM 'file:///etc/passwd'>",
        b"<!DOCTYPE rss [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
        b"<!DOCTYPE rss [<!ENTITY e 'eeee'>]>",
        b"<!DOCTYPE rss [<!ENTITY e0 'eeee'>"
        + b"".join(b"<!ENTITY e%d '%s'>" % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
        + b"<!ENTITY e '&e11;'>]>",
        b"<!DOCTYPE rss [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]>",
        b"<!DOCTYPE rss [<!ATTLIST x a CDATA 'default'>]>",
    ],
)
def test_document_types_are_refused_and_no_entity_is_ever_defined(doctype, recover):
    data = b"<?xml version='1.0'?>\n" + doctype + b"\n" + inside(b"<x>&e;</x>")
    found, faults, error = walk(data, recover=recover)
    assert "eee" not in repr(found)
    assert "default" not in repr(found)
    assert not any(isinstance(each, Node) for each in found)
    message = str(error) if error else faults.listed[0]
    place = re.fullmatch(r"x\.xml: byte (\d+), line 2: has a document type \(DOCTYPE\), [^\n]+", message)
    assert place
    assert 22 <= int(place.group(1)) < data.index(b"\n<rss>")


def test_another_root_is_named():
    error = broken(b"\n<html><body/></html>")
    assert str(error).endswith("begins with <html>, expected <rss>")
    assert len(str(broken(b"<" + b"h" * 10_000 + b"/>"))) < 200


def test_what_is_refused_is_placed_where_it_stands():
    data = b"\n\n<html>\n<body/></html>"
    error = broken(data)
    assert (error.offset, error.line) == (2, 3)
    data = inside(b"<b>" * (MAX_DEPTH + 1) + b"\n<a/>" + b"</b>" * (MAX_DEPTH + 1))
    error = broken(data)
    assert (error.offset, error.line) == (data.index(b"<b>") + 3 * MAX_DEPTH, 1)


# -- bombs ----------------------------------------------------------------------------------------------------------------


def test_elements_may_be_nested_up_to_a_depth():
    deepest = inside(b"<b>" * MAX_DEPTH + b"a" + b"</b>" * MAX_DEPTH)
    assert len(nodes(deepest)) == 1
    error = broken(inside(b"<b>" * (MAX_DEPTH + 1) + b"</b>" * (MAX_DEPTH + 1)))
    assert "elements are nested more than 64 deep" in str(error)


@pytest.mark.parametrize("recover", [True, False])
@pytest.mark.parametrize("tag", [b"<b>", b"<item>", b"<channel>", b"<rss>", b"<item><b>", b"<comment>"])
def test_a_nesting_bomb_ends(tag, recover):
    _, faults, error = walk(b"<rss><channel>" + tag * 20_000, recover=recover)
    assert error or faults.listed
    assert "nested more than" in (str(error) if error else faults.listed[0])


@pytest.mark.parametrize(
    "large",
    [
        b"a" * 1_001,
        b"<![CDATA[" + b"a" * 1_001 + b"]]>",
        b"<y>" + b"a" * 501 + b"</y><z>" + b"a" * 501 + b"</z>",
        b"<y a='" + b"a" * 1_001 + b"'/>",
        b"<y " + b" ".join(b"a%d=''" % number for number in range(1_000)) + b"/>",
        b"<y/>" * 100,
    ],
    ids=lambda data: repr(data[:16]),
)
def test_a_record_may_not_be_too_large(large, monkeypatch):
    monkeypatch.setattr(xml_stream, "MAX_RECORD_BYTES", 1_000)
    data = inside(b"<x>a</x><comment>" + large + b"</comment><x>lost</x><comment>b</comment>")
    found, _, error = walk(data)
    assert [each.text for each in found if isinstance(each, Node)] == ["a"]
    assert error is not None
    assert str(error).endswith("a record is larger than 1,000 bytes")
    assert data.index(b"<comment>") < error.offset <= data.index(b"<x>lost")
    found, faults, _ = walk(data, recover=True)
    assert [each.text for each in found if isinstance(each, Node)] == ["a", "b"]
    assert len(faults.listed) == 1


def test_many_small_records_are_not_too_large_together(monkeypatch):
    monkeypatch.setattr(xml_stream, "MAX_RECORD_BYTES", 1_000)
    assert len(nodes(b"<rss><channel>" + b"<item><x>aaaa</x></item>" * 1_000 + b"</channel></rss>")) == 1_000


@pytest.mark.parametrize("start", [b"<!-- ", b"<x a='", b"<?p ", b"<x"])
def test_a_tag_that_does_not_end_is_too_large_too(start, monkeypatch):
    monkeypatch.setattr(xml_stream, "MAX_RECORD_BYTES", 10_000)
    stream = FewBytes(b"<rss>" + start + b"a" * 200_000, 1_000)
    with pytest.raises(ExportError):
        list(read_xml(stream, "rss", (), ("item",), Faults("x.xml")))
    assert stream.tell() < 50_000


@pytest.mark.parametrize("recover", [True, False])
@pytest.mark.parametrize(
    "hostile",
    [
        b"<item<" * 20_000,
        b"<item>&" * 3_000,
        b"<item></x>" * 1_500,
        b"\x00" * 300_000,
        b"&#" * 200_000,
        b"&#0" * 100_000,
        b"&" * 1_000_000,
        b"<" * 1_000_000,
        b"]]>" * 300_000,
        b"<item></item>" * 50_000,
        # Each of these bytes costs a copy of what is left of its piece: a megabyte would take seconds.
        b"\xff" * 20_000,
        b"\x80" * 10_000,
    ],
    ids=lambda data: repr(data[:8]),
)
def test_hostile_bytes_end(hostile, recover):
    _, faults, error = walk(b"<rss><channel>" + hostile, recover=recover)
    assert error or faults.skipped
    assert len(faults.listed) <= MAX_LISTED


# -- behind a fault -------------------------------------------------------------------------------------------------------


def test_behind_a_fault_the_next_record_is_read():
    data = inside(b"<x>a</x><comment>b & c</comment><x>lost</x><comment>d</comment><x>e</x>")
    found, faults, _ = walk(data, recover=True)
    assert found == [
        *(Opened("rss"), Opened("channel"), Opened("item")),
        *(Node("x", {}, "a"), Node("comment", {}, "d"), Node("x", {}, "e")),
        *(Closed("item"), Closed("channel"), Closed("rss")),
    ]
    assert len(faults.listed) == 1


def test_behind_a_fault_a_record_that_is_a_container_closes_what_was_open():
    data = b"<rss><channel><item><x>&</x></item><item><x>a</x></item></channel></rss>"
    found, _, _ = walk(data, recover=True)
    assert found[2:-2] == [Opened("item"), Closed("item"), Opened("item"), Node("x", {}, "a"), Closed("item")]


def test_behind_a_fault_a_name_that_only_begins_like_a_record_is_none():
    data = inside(b"<x>&</x><comment_id>lost</comment_id><items/><comment\n>a</comment>")
    assert [each.text for each in walk(data, recover=True)[0] if isinstance(each, Node)] == ["a"]


def test_a_fault_in_the_last_record_ends_the_reading():
    found, faults, error = walk(inside(b"<x>a</x><comment>&</comment>"), recover=True)
    assert error is None
    assert found[-1] == Node("x", {}, "a")
    assert len(faults.listed) == 1


def test_every_fault_is_noted():
    data = b"<rss><channel>" + b"<item><x>&</x></item><item><x>a</x></item>" * 5 + b"</channel></rss>"
    found, faults, _ = walk(data, recover=True)
    assert [each.text for each in found if isinstance(each, Node)] == ["a"] * 5
    assert len(faults.listed) == faults.skipped == 5


def test_behind_a_fault_a_record_that_pieces_split_is_found():
    data = inside(b"<x>&</x>" + b"." * 40 + b"<comment>a</comment><comment>b</comment>")
    for size in range(20, 80):
        assert [each.text for each in walk(data, recover=True, size=size)[0] if isinstance(each, Node)] == ["a", "b"]


def test_behind_a_fault_before_the_root_records_are_still_read():
    # As PHP's warnings stand at the beginning of a file.
    data = b"Warning: something\n" + inside(b"<x>lost</x><comment>a</comment>")
    assert [each.text for each in walk(data, recover=True)[0] if isinstance(each, Node)][-1:] == ["a"]


def test_what_came_before_a_fault_came_out_in_both_ways():
    data = inside(b"<x>a</x>" + MIXED[20:-22] + b"<x>&bad;</x><comment>b</comment>")
    stopped, _, error = walk(data)
    recovered, _, _ = walk(data, recover=True)
    assert error is not None
    assert stopped == recovered[: len(stopped)]


TAGS = (b"<rss>", b"<channel>", b"<item>", b"<comment>", b"<x>", b"<x/>", b"<![CDATA[", b"]]>", b"<!--", b"-->")
ENDS = (b"</rss>", b"</channel>", b"</item>", b"</comment>", b"</x>")
TOKENS = st.sampled_from([*TAGS, *ENDS, b"a", b"\n", b"\x07", b"&amp;", b"&", b"<", b"\xe9", "€".encode()])


def in_order(found: Iterator[Node | Opened | Closed] | list[Node | Opened | Closed]) -> None:
    """Check that whatever closes was opened last."""
    open_: list[str] = []
    for each in found:
        if isinstance(each, Opened):
            open_.append(each.name)
        elif isinstance(each, Closed):
            assert open_.pop() == each.name


@settings(max_examples=60)
@given(st.lists(TOKENS, max_size=60).map(b"".join), st.integers(1, 9))
def test_any_pieces_give_the_same_records_and_the_same_fault(tokens, size):
    data = b"<rss><channel><item>" + tokens
    found, _, error = walk(data)
    again, _, same = walk(data, size=size)
    assert found == again
    assert repr(error) == repr(same)
    in_order(found)
    recovered, _, none = walk(data, recover=True)
    assert none is None
    assert recovered[: len(found)] == found
    in_order(recovered)


@settings(max_examples=60)
@given(st.binary(max_size=200), st.booleans())
def test_arbitrary_bytes_raise_nothing_else(data, recover):
    walk(data, recover=recover)
    walk(b"<rss><item>" + data, recover=recover)
