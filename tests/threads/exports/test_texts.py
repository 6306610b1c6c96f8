"""Plain text of comments' HTML, and times in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from moderation.threads.exports.texts import body_text, utc, utc_of_seconds

# -- texts ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        (" \n\t ", ""),
        ("a \n b\tc", "a b c"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<P CLASS='x'>a</P >\n\n<p\n>b", "a\n\nb"),
        ("a<br>b<br/>c<BR />d", "a\nb\nc\nd"),
        ("a<br>\nb<br />\nc", "a\nb\nc"),
        ("a<br><br><br><br>b", "a\n\nb"),
        ("<br>a</br>", "a"),
        ("<div><div><p></p>a</div></div>b", "a\n\nb"),
        ("<ul><li>a</li><li>b</li></ul>c", "a\nb\n\nc"),
        ("<table><tr><td>a<td>b<tr><th>c</table>", "a b\nc"),
        ("a<b>b</b><i>c</i> <a href='http://x.example.org/'>d</a>", "abc d (http://x.example.org/)"),
        ("<q>a</q>", "“a”"),
        ("<hr>a<hr>b", "a\n\nb"),
        ("<pre>a\n  b</pre>", "a b"),
        # As old editors wrote it.
        ("<o:p>a</o:p><st1:place w:st='on'>b</st1:place>", "ab"),
        ("<my-tag>a</my-tag>", "a"),
    ],
)
def test_paragraphs_are_apart_and_lines_are_lines(markup, text):
    assert body_text(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a\n\nb\nc", "a\n\nb\nc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a \n \n  b", "a\n\nb"),
        ("<p>a\nb</p>\n<p>c</p>", "a\nb\n\nc"),
        ("a &amp;\n<b>b\nc</b>", "a &\nb\nc"),
        ("\n\n<b>a</b>\n\n", "a"),
        ("a&#10;b", "a\nb"),
    ],
)
def test_line_ends_of_the_source_count_where_asked(markup, text):
    assert body_text(markup, keep_lines=True) == text
    assert body_text(markup).split() == text.split()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<blockquote>a</blockquote>b", "> a\n\nb"),
        ("<blockquote><p>a</p><p>b<br>c</p></blockquote>", "> a\n\n> b\n> c"),
        ("<blockquote>a<blockquote>b</blockquote>c</blockquote>d", "> a\n\n> > b\n\n> c\n\nd"),
        ("</blockquote>a<blockquote>b", "a\n\n> b"),
        ("<blockquote>" * 50 + "a", "> " * 8 + "a"),
        ("<blockquote> </blockquote>a", "a"),
    ],
)
def test_what_is_quoted_is_marked(markup, text):
    assert body_text(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),  # unescaped once
        ("&lt;b&gt;", "<b>"),  # and no tag is made of it
        ("&copy &copy; &nosuch; &amp", "© © &nosuch; &"),
        ("a&nbsp;b\xa0c\u2028d\x85e", "a b c d e"),
        ("&#8217;&#x2019;&#X2019;", "’’’"),
        ("&#128;&#1;&#0;&#xD800;&#x110000;", "€\ufffd\ufffd\ufffd"),  # as browsers do
        ("AT&T, a & b, &", "AT&T, a & b, &"),
    ],
)
def test_entities_are_their_characters(markup, text):
    assert body_text(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a<script>b</script>c", "ac"),
        ("a<STYLE type='x'>b</Style >c", "ac"),
        ("a<script>b", "a"),
        ("a<noscript><p>b</p></noscript>c<template>d</template>e<svg><title>f</title></svg>g", "aceg"),
        ("a</script>b", "ab"),
        ("<script>'</p>'</script>a", "a"),
        ("a<!-- b -->c<!---->d", "acd"),
        ('<!-- wp:paragraph {"align":"left"} -->\n<p>a</p>\n<!-- /wp:paragraph -->', "a"),  # WordPress's blocks
    ],
)
def test_what_nobody_sees_is_gone(markup, text):
    assert body_text(markup) == text


@pytest.mark.parametrize(
    "markup",
    [
        "I <3 you",
        "a < b",
        "a <",
        "a <b",
        "<",
        "<>",
        "a <- b -> c",
        "<!-- a",
        "<a href='x",
        "1<2 and 3>2",
        "</>",
        "<<<>>>",
    ],
)
def test_what_is_no_tag_is_text(markup):
    assert body_text(markup) == markup


def test_what_stands_in_an_attribute_is_no_text():
    assert body_text("""<a title="a > b" href='>'>c</a>""") == "c"
    assert body_text("""<a title="it's">c</a>""") == "c"
    # Not where a tag follows before the quotation mark closes.
    assert body_text('<a title="x<b>c</b>') == '<a title="xc'


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<img class='wp-smiley' alt=':-)'>", ":-)"),
        ('<img src="x" alt="&#x1f642;" class="emoji" />', "\U0001f642"),
        ("<img class=wp-smiley alt = \"a 'b'\">", "a 'b'"),
        ("<img class='wp-smiley'>", ""),
        ("<img class='photo' alt='a cat'>", ""),
        ("<img class='wp-smiley' data-alternative='x'>", ""),
    ],
)
def test_smileys_are_what_they_stand_for(markup, text):
    assert body_text(f"a {markup}") == f"a {text}".strip()


def test_a_reference_to_a_huge_number_is_no_error():
    assert body_text("a&#" + "9" * 5_000 + ";b&#x" + "f" * 5_000 + ";c") == "a\ufffdb\ufffdc"


def test_zeros_before_a_number_hide_no_letter():
    assert body_text("&#0000000102;un") == "fun"


def test_what_follows_an_empty_picture_is_seen():
    assert body_text("a<svg/>b") == "ab"


def test_what_is_in_a_text_box_is_seen():
    assert body_text("a <textarea>b</textarea>") == "a b"


def test_comments_with_tags_in_them_are_gone():
    assert body_text("<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->a<!-- <p>b</p> -->c") == "ac"


def test_a_line_end_behind_a_break_is_no_second_one():
    assert body_text("a<br />\nb", keep_lines=True) == "a\nb"


# What is no tag is cheap, but every way to read it twice would show: these are long.
NO_TAGS = (
    *(
        "<",
        "<a",
        "<a ",
        "<a b='",
        "<a 'b' \"",
        "<a b=\"'",
        "</",
        "<!--",
        "<!-- ",
        "<!-->",
        "-->",
        "&",
        "&#",
        "&#x",
        "&a",
    ),
    *("<script>", "</script", "</script ", "<style>a", "\n", " ", "\r", "é", "<img emoji alt=", "<img emoji alt='"),
)
TAGS = ("<p>", "<br>", "<li>", "<q>", "<svg></svg>", "<blockquote>", "</blockquote>", "<blockquote>a\n", "<p>a\n")


@pytest.mark.parametrize(
    ("piece", "size"), [*((piece, 300_000) for piece in NO_TAGS), *((piece, 50_000) for piece in TAGS)]
)
def test_hostile_markup_ends(piece, size):
    markup = piece * (size // len(piece))
    for whole in (markup, f"<b>{markup}</b>'>"):
        assert len(body_text(whole, keep_lines=True)) <= 10 * size


MARKUP = st.lists(
    st.sampled_from(["<p>", "</p>", "<br>", "<blockquote>", "</blockquote>", "<li>", "<q>", "<script>", "</script>"])
    | st.sampled_from(["<!--", "-->", "<", ">", "'", '"', "&", "&amp;", "&#10;", "&nbsp;", "<a href=", "/>", "="])
    | st.sampled_from(["\n", "\r", " ", "a", "b c"])
    | st.characters(),
    max_size=40,
).map("".join)


@settings(max_examples=60)
@given(MARKUP, st.booleans())
@example("<blockquote>a\n\nb", True)
def test_any_markup_has_a_tidy_text(markup, keep_lines):
    text = body_text(markup, keep_lines=keep_lines)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert not re.search(r"[^\S\n ]|  | \n|\n ", text)


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(exclude_characters="<&"), max_size=60))
def test_words_without_markup_are_all_kept(text):
    assert body_text(text).split() == text.split() == body_text(text, keep_lines=True).split()
    assert body_text(f"<p>{text}</p>").split() == text.split()


# -- times ----------------------------------------------------------------------------------------------------------------

BERLIN = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2014-03-05T10:11:12Z", "2014-03-05T10:11:12Z"),
        (" 2014-03-05T10:11:12+00:00\n", "2014-03-05T10:11:12Z"),
        ("2014-03-05T10:11:12.345678-05:30", "2014-03-05T15:41:12Z"),
        ("2014-03-05 10:11:12+02", "2014-03-05T08:11:12Z"),
        ("2014-03-05 10:11:12 +0200", "2014-03-05T08:11:12Z"),
        ("20140305T101112Z", "2014-03-05T10:11:12Z"),
        ("2014-03-05T10:11Z", "2014-03-05T10:11:00Z"),
        ("Wed, 05 Mar 2014 10:11:12 +0100", "2014-03-05T09:11:12Z"),
        ("Wed, 5 Mar 2014 10:11:12 GMT", "2014-03-05T10:11:12Z"),
        ("5 Mar 2014 10:11 EST", "2014-03-05T15:11:00Z"),
        ("2014-12-31T23:30:00-01:00", "2015-01-01T00:30:00Z"),
    ],
)
def test_a_time_with_its_offset_is_in_utc(stated, expected):
    assert utc(stated) == expected
    assert utc(stated, BERLIN) == expected  # what is stated counts


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2014-03-05 10:11:12", "2014-03-05T09:11:12Z"),
        ("2014-03-05T10:11:12.5", "2014-03-05T09:11:12Z"),
        ("2014-03-05", "2014-03-04T23:00:00Z"),
        ("Wed, 05 Mar 2014 10:11:12", "2014-03-05T09:11:12Z"),
        ("Wed, 05 Mar 2014 10:11:12 -0000", "2014-03-05T09:11:12Z"),  # mail's way to say that the zone is not known
    ],
)
def test_a_time_without_offset_needs_a_zone(stated, expected):
    assert utc(stated) is None
    assert utc(stated, BERLIN) == expected


@pytest.mark.parametrize(
    "stated",
    [
        *("", " ", "0000-00-00 00:00:00", "0000-00-00", "0000-00-00T00:00:00Z", "-0001-11-30T00:00:00"),
        *("soon", "2014", "1394014272", "5.3.2014", "03/05/2014 10:11:12", "1 Jan", "10:11", "Mar 5 2014"),
        *("2014-02-30 10:00:00", "2014-13-01", "2014-03-05T24:00:00", "2014-03-05T10:11:60Z", "05 Mar 2014 25:61:61 +0000"),
        *("2014-03-05 10:11:12 UTC", "2014-03-05T10:11:12+25:00", "2014-03-05T10:11:12Europe/Berlin"),
        *("0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-01:00"),  # in UTC there is no such year
        *("\ud800", "2014-03-05\ud80010:11:12x", "\0", "٢٠١٤-٠٣-٠٥"),
        *("9" * 5_000, "1 Jan " + "9" * 5_000 + " 00:00:00 +0000"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_none(stated):
    assert utc(stated, UTC) is None


@pytest.mark.parametrize(
    "stated", ["1 Jan 99999999999999999999 00:00:00 +0000", "1 Jan 2014 00:00:00 +99999999999999999999"]
)
def test_numbers_too_large_for_a_time_are_no_error(stated):
    assert utc(stated, UTC) is None


def test_a_year_has_four_digits():
    assert utc("0987-06-05T04:03:02Z") == "0987-06-05T04:03:02Z"
    assert utc_of_seconds(-50_000_000_000) == "0385-07-25T07:06:40Z"


@pytest.mark.parametrize("stated", ["Wed, 30 Nov -0001 00:00:00 +0000", "March 5, 2014 10:11 pm", "1412050112345"])
def test_no_time_is_made_up(stated):
    # What WordPress makes of no date, an American time in the evening, milliseconds.
    assert utc(stated, UTC) is None


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1394014272, "2014-03-05T10:11:12Z"),
        (1394014272.999, "2014-03-05T10:11:12Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (253402300799, "9999-12-31T23:59:59Z"),
        (253402300800, None),
        (-62135596801, None),
        (1e300, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
    ],
)
def test_seconds_since_1970(seconds, expected):
    assert utc_of_seconds(seconds) == expected


@settings(max_examples=60)
@given(
    st.datetimes(
        min_value=datetime(1000, 1, 2),  # noqa: DTZ001 - the zone comes with it
        max_value=datetime(9999, 12, 30),  # noqa: DTZ001
        timezones=st.timezones() | st.just(BERLIN),
    )
)
@example(datetime(2014, 3, 5, 10, 11, 12, 999_999, UTC))
def test_any_time_is_the_same_moment_in_utc(when):
    when = datetime.fromisoformat(when.isoformat())
    assert utc(when.isoformat()) == when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@settings(max_examples=60)
@given(st.text(max_size=30) | st.from_regex(r"\d{1,4}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{1,2}:\d{1,2}([+-]\d{1,4}|Z)?"))
def test_any_text_is_a_time_or_none(stated):
    found = utc(stated, UTC)
    assert found is None or re.fullmatch(r"\d{1,4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found)
