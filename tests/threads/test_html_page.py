"""Pages as blog owners save them from a browser; each fixture holds the oddities that its comments explain."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.errors import PageError
from moderation.records import Author, Quotation, Thread, ThreadComment
from moderation.threads.html_page import looks_like_html, read_html_page

WRITTEN_HERE = (
    "blogger_old.html",
    "blogger_threaded.html",
    "jetpack_blocks.html",
    "newspaper.html",
    "wordpress_default.html",
    "wordpress_legacy.html",
)


def source_of(name: str) -> str:
    return (Path(__file__).parent / "fixtures" / name).read_text(encoding="utf-8")


def thread_of(name: str) -> Thread:
    return read_html_page(source_of(name), name, name)


def read(markup: str) -> Thread:
    return read_html_page(markup, "page.html", "page.html")


def refusal(markup: str) -> str | None:
    """The message that refuses a page, or None where it is read."""
    try:
        read(markup)
    except PageError as error:
        return str(error)
    return None


def in_comments(markup: str) -> str:
    """A small whole page with `markup` in its comment list."""
    return (
        "<!DOCTYPE html><html><body><article><h1>Title</h1><p>The article.</p></article>"
        f'<div id="comments"><ol class="comment-list">{markup}</ol></div></body></html>'
    )


def comments(markup: str) -> tuple[ThreadComment, ...]:
    return read(in_comments(markup)).comments


def places(thread: Thread) -> list[tuple[str, str, str | None, bool]]:
    return [(each.id, each.number, each.parent_id, each.parent_missing) for each in thread.comments]


class TestWordPress:
    def test_reads_the_article_without_what_stands_around_it(self) -> None:
        article = thread_of("wordpress_default.html").article
        assert article.title == "An organiser for Barnet"
        assert article.url == "https://millhill.example/2021/06/07/an-organiser-for-barnet/"
        assert article.published_at == "2021-06-07T09:15:00+01:00"
        assert article.text == (
            "Labour are seeking an election organiser for next year’s local council elections. "
            "The salary will be £33,000.\n\n"
            "There are 32 boroughs & each may want one.\nThat would be over a million pounds.\n\n"
            "one Labour\none Liberal Democrat\n\n"
            "The brief is to win.\n\nThe advertisement"
        )

    def test_reads_whole_comments_in_their_places(self) -> None:
        thread = thread_of("wordpress_default.html")
        assert places(thread) == [
            ("comment-101", "1", None, False),
            ("comment-102", "1.1", "comment-101", False),
            ("comment-103", "1.1.1", "comment-102", False),
            ("comment-105", "2", None, False),
        ]
        first, second, third, last = thread.comments
        assert first.text == "I agree with every word <sic>.\n\n> over a million pounds\n\nThat much? 🙂"
        assert first.author == Author(name="Jane O’Hara")
        assert first.created_at == "2021-06-07T11:02:00+01:00"
        assert second.text == "Thank you.\n\nfirst\nsecond"
        assert (third.status, third.text) == ("hold", "Is it awaiting moderation?")
        assert (first.status, last.author, last.created_at) == (None, None, None)

    def test_reads_the_form_although_it_was_opened_inside_a_comment(self) -> None:
        thread = thread_of("wordpress_default.html")
        assert thread.policy_text == (
            "Comments are moderated and will not appear immediately. Abusive comments will be deleted."
        )
        assert thread.who_may_comment == ("Twitter", "WordPress.com")

    def test_reads_themes_of_2005_and_2010(self) -> None:
        thread = thread_of("wordpress_legacy.html")
        assert thread.article.title == "A walk"
        assert thread.article.published_at is None
        assert thread.article.text == ("We went up the hill.\n\nThen we came down again, R&#D budget in hand, 3 < 4.")
        assert places(thread) == [
            ("comment-7", "1", None, False),
            ("comment-8", "1.1", "comment-7", False),
            ("comment-9", "2", None, False),
            ("comment-10", "3", None, True),
            ("comment-11", "4", None, False),
            ("comment-12", "1.2", "comment-7", False),
        ]
        assert [each.author.name for each in thread.comments if each.author] == [
            "Ann",
            "Ben",
            "Cat",
            "Dan",
            "Fay",
            "Gus",
        ]
        assert [each.text for each in thread.comments] == [
            "Which hill?\nThe big one?",
            "Parliament Hill.",
            "First paragraph.\n\n> A quoted line\n> and one more\n\nLast paragraph.",
            "No, you are wrong.",
            "Bare text.",
            "The big one.",
        ]
        assert [each.status for each in thread.comments] == [None, None, "hold", None, None, None]
        # A time in words ("March 2, 2010 at 4:05 pm") names no zone and is left alone.
        assert {each.created_at for each in thread.comments} == {None}
        assert thread.who_may_comment == ("registered users",)

    def test_reads_block_themes(self) -> None:
        thread = thread_of("jetpack_blocks.html")
        assert thread.article.title == "Notes from the allotment"
        assert thread.article.url == "https://allotment.example/notes/"
        assert thread.article.published_at == "2024-05-01T07:00:00-04:00"
        assert thread.article.text == "Beans\n\nThey are up.\n\nBeans 12\nPeas 0\n\nsow\nwater"
        assert places(thread) == [("comment-5", "1", None, False), ("comment-6", "1.1", "comment-5", False)]
        first, second = thread.comments
        assert (first.text, first.status, first.author) == ("Mine froze.", "hold", Author(name="Hal"))
        assert (second.text, second.created_at) == ("Fleece helps.", "2024-05-01T10:00:00-04:00")
        assert thread.who_may_comment == ("registered users",)

    def test_reads_replies_nested_in_plain_boxes(self) -> None:
        # Twenty Twenty prints no lists: a reply is a div inside the div of its parent, beside that one's article.
        reply = (
            '<div class="comment" id="comment-2"><article id="div-comment-2" class="comment-body">Two</article></div>'
        )
        first = f'<article id="div-comment-1" class="comment-body"><p>One</p></article>{reply}'
        found = comments(f'<div class="comment" id="comment-1">{first}</div>')
        assert [(each.id, each.number, each.text) for each in found] == [
            ("comment-1", "1", "One"),
            ("comment-2", "1.1", "Two"),
        ]

    def test_reads_list_items_that_were_never_closed(self) -> None:
        found = comments('<li class="comment">One<ol><li class="comment">Reply</ol><li class="comment">Two')
        assert [(each.id, each.number, each.text) for each in found] == [
            ("1", "1", "One"),
            ("1.1", "1.1", "Reply"),
            ("2", "2", "Two"),
        ]


class TestBlogger:
    def test_reads_threaded_comments(self) -> None:
        thread = thread_of("blogger_threaded.html")
        assert thread.article.title == "The Friday joke"
        assert thread.article.url == "http://barneteye.example/2021/06/joke.html"
        assert thread.article.published_at == "2021-06-18T07:30:00+01:00"
        assert thread.article.text == "A man walks into a council.\n\nNobody was in."
        assert places(thread) == [
            ("c4567890123456789", "1", None, False),
            ("c999", "1.1", "c4567890123456789", False),
            ("c1000", "2", None, False),
        ]
        assert [each.author for each in thread.comments] == [Author("Mrs Angry"), Author("Rog"), Author("Jo")]
        assert thread.comments[0].text == 'Very good.\n\n"Nobody" indeed.'
        assert thread.comments[2].status == "deleted"

    def test_reads_the_policy_as_the_seed_page_words_it(self) -> None:
        thread = thread_of("blogger_threaded.html")
        assert thread.policy_text == (
            "Comments are moderated and will not appear immediately. I moderate once per day.\n"
            "Only comments from Registered users allowed"
        )
        assert thread.who_may_comment == ("registered users",)

    def test_reads_the_old_list(self) -> None:
        thread = thread_of("blogger_old.html")
        assert thread.article.title == "Fog"
        assert thread.article.published_at == "2020-02-06"
        assert thread.policy_text == "Abusive comments will be removed."
        assert [(each.id, each.author, each.text, each.status) for each in thread.comments] == [
            ("c11", Author("Kit"), "Same here.\nThird day running.", None),
            ("c12", Author("Anonymous"), "Good.", None),
            ("c13", Author("Lou"), "This comment has been removed by a blog administrator.", "deleted"),
        ]


class TestNewspaper:
    def test_reads_an_article_without_comments(self) -> None:
        thread = thread_of("newspaper.html")
        assert thread.article.title == "Ferry sails again"
        assert thread.article.published_at == "2020-02-15T06:00Z"
        assert thread.article.text == (
            "After nine days of fog.\n\nThe ferry left on Friday at noon.\n\nIt was quiet.\n\nIt was full."
        )
        assert thread.comments == ()

    def test_takes_tweets_out_of_the_article(self) -> None:
        assert thread_of("newspaper.html").quotations == (
            Quotation("We sail!\nAt noon. pic.twitter.com/x", "Harbour Ferries", "@ferries", "2020-02-14"),
            # A date in French is not guessed at.
            Quotation("Bon voyage", "Une Amie", "@amie", None),
        )


class TestComments:
    def test_gives_a_place_number_where_the_page_has_no_id(self) -> None:
        found = comments('<li class="comment">A</li><li class="comment" id="7.1">B</li><li class="comment">C</li>')
        assert [each.id for each in found] == ["1", "2", "3"]

    def test_gives_every_comment_an_id_of_its_own(self) -> None:
        found = comments('<li class="comment" id="comment-4">A</li>' * 2)
        assert [each.id for each in found] == ["comment-4", "2"]

    @pytest.mark.parametrize(
        "parent",
        ['data-parent="99">', '><p class="comment-meta">In reply to <a href="/post/#comment-99">Eve</a></p>'],
    )
    def test_says_that_a_parent_is_not_on_the_page(self, parent: str) -> None:
        (found,) = comments(f'<li class="comment" id="comment-5" {parent}<div class="comment-content">Text</div></li>')
        assert (found.parent_id, found.parent_missing, found.text) == (None, True, "Text")

    def test_a_link_in_the_text_names_no_parent(self) -> None:
        text = '<div class="comment-content">In reply to <a href="#comment-99">Eve</a>: no.</div>'
        (found,) = comments(f'<li class="comment" id="comment-5">{text}</li>')
        assert (found.parent_missing, found.text) == (False, "In reply to Eve: no.")

    def test_a_reply_to_a_pingback_or_a_picture_keeps_its_place(self) -> None:
        reply = '<ol><li class="comment" id="comment-2">Reply</li></ol>'
        for above in ('class="pingback" id="comment-1">A link', 'class="comment" id="comment-1"><img src="a.jpg">'):
            (found,) = comments(f"<li {above}{reply}</li>")
            assert (found.number, found.parent_id, found.parent_missing) == ("1", None, True)

    def test_a_notice_that_a_commenter_typed_stays(self) -> None:
        text = '<div class="comment-content"><p>Your comment is awaiting moderation.</p><p>It says.</p></div>'
        (found,) = comments(f'<li class="comment">{text}</li>')
        assert (found.status, found.text) == (None, "Your comment is awaiting moderation.\n\nIt says.")

    @pytest.mark.parametrize("hidden", ["hidden", 'style="color: red; display:none"', 'class="screen-reader-text"'])
    def test_hidden_text_is_not_read(self, hidden: str) -> None:
        page = f'<li class="comment"><div class="comment-content">Seen<p {hidden}>Unseen</p></div></li>'
        assert [each.text for each in comments(page)] == ["Seen"]
        assert read(f"<html><body><p>Seen</p><p {hidden}>Unseen</p></body></html>").article.text == "Seen"

    def test_a_section_that_is_folded_away_is_read(self) -> None:
        page = in_comments('<li class="comment">Folded</li><li class="comment" hidden>Template</li>')
        thread = read(page.replace('id="comments"', 'id="comments" style="display: none"'))
        assert [each.text for each in thread.comments] == ["Folded"]

    def test_scripts_styles_and_templates_are_not_read(self) -> None:
        parts = "".join(f"<{name}>x</p>{name}</{name}>" for name in ("script", "style", "template", "noscript"))
        (found,) = comments(f'<li class="comment"><div class="comment-content">Text{parts}</div></li>')
        assert found.text == "Text"

    @pytest.mark.parametrize("name", ["a@b.example", "192.168.0.1", "2001:db8::1"])
    def test_an_address_is_no_name(self, name: str) -> None:
        (found,) = comments(f'<li class="comment"><b class="fn">{name}</b><p>Text</p></li>')
        assert (found.author, found.text) == (None, "Text")

    def test_comments_outside_of_a_known_section_are_not_found(self) -> None:
        thread = read('<html><body><p>Text</p><ul><li class="comment">No</li></ul></body></html>')
        assert thread.comments == ()

    def test_quotations_in_quotations_are_marked_twice(self) -> None:
        text = "<blockquote>one<br>more<blockquote>two</blockquote></blockquote>three"
        (found,) = comments(f'<li class="comment"><div class="comment-content">{text}</div></li>')
        assert found.text == "> one\n> more\n\n> > two\n\nthree"

    def test_a_name_keeps_what_belongs_to_it(self) -> None:
        (found,) = comments('<li class="comment"><cite>Simon <i>Says</i></cite> says:<p>Text</p></li>')
        assert (found.author, found.text) == (Author("Simon Says"), "Text")

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [("caf&#233es", "cafées"), ("&#x3Cg", "<g"), ("&#233", "é"), ("&#233;e", "ée"), ("&#a", "&#a")],
    )
    def test_a_number_of_a_character_without_its_semicolon_ends_with_its_digits(self, typed: str, shown: str) -> None:
        # Python's parser reads all that follows as text where a letter could be one more digit.
        texts = [
            each.text for each in comments(f'<li class="comment">{typed}</li><li class="comment"><b>Next</b></li>')
        ]
        assert texts == [shown, "Next"]


class TestLooksLikeHtml:
    @pytest.mark.parametrize("name", WRITTEN_HERE)
    def test_knows_whole_pages(self, name: str) -> None:
        assert looks_like_html(source_of(name))

    @pytest.mark.parametrize(
        "text",
        [
            "\ufeff\n<!doctype HTML>\n<title>x</title>",
            "<!-- saved from url=(0014)about:internet -->\n<html>",
            '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"><html xmlns="x">',
            "<head><title>x</title>",
            "<body>",
            "<article><h1>x</h1>",
            "<div><p>One</p></div>",
            "From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n",
        ],
    )
    def test_knows_how_pages_begin(self, text: str) -> None:
        assert looks_like_html(text)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "A page saved as text.\n\nIt mentions <p> and <div> once.",
            '<?xml version="1.0"?><!-- export --><rss version="2.0"><item><![CDATA[<p>a</p><p>b</p>]]></item></rss>',
            '<?xml version="1.0"?><?xml-stylesheet href="x"?><feed><p></p><p></p></feed>',
            "<rss><p></p><p></p></rss>",
            "<feed xmlns='http://www.w3.org/2005/Atom'><p></p><p></p></feed>",
            '<disqus xmlns="http://disqus.com"><p></p><p></p></disqus>',
            "< 3 hearts",
            '{"text": "<p>a</p>"}',
        ],
    )
    def test_leaves_other_files_alone(self, text: str) -> None:
        assert not looks_like_html(text)


class TestRefusals:
    @pytest.mark.parametrize(
        ("markup", "says"),
        [
            ("<html><body><p>Text <a href='x", "it ends inside a tag, expected >"),
            ('<html><body><p>Text <a title="a > b', "it ends inside a tag, expected >"),
            ("<html><body><p>Text <", "it ends inside a tag, expected >"),
            ("<html><body><p>Text <!-- a note", "it ends inside a comment, expected -->"),
            ("<html><body><p>Text<script>if (a</p>", "it ends inside <script>, expected </script>"),
            ("<html><body><div><p>Text", "<div> is still open, expected </div>"),
            ("<article><p>Text", "<article> is still open, expected </article>"),
        ],
    )
    def test_a_page_that_is_cut_off(self, markup: str, says: str) -> None:
        with pytest.raises(PageError) as refused:
            read(markup)
        assert str(refused.value) == f"page.html: is cut off in the middle: {says}"

    @pytest.mark.parametrize(
        "markup",
        [
            "<!doctype html><title>x</title><p>Text<p>More",
            "<html><body><ul><li>Text<li>More</ul><p>End",
            "<html><body><div><p>Text</div><b>Unclosed letter style",
            "<html><body><div><p>Text</body></html><!-- cached by",
        ],
    )
    def test_a_page_that_html_allows_to_end_so_is_whole(self, markup: str) -> None:
        article = read(markup).article
        assert article.text is not None
        assert article.text.startswith("Text")

    @pytest.mark.parametrize(
        "markup",
        ["", "words only", "<!-- note -->", "<html><head><title>x</title></head><body><img src=x></body></html>"],
    )
    def test_a_page_without_an_article(self, markup: str) -> None:
        with pytest.raises(PageError, match=r"^page\.html: is not a page: no \w+( text)? found, expected "):
            read(markup)

    def test_a_web_archive(self) -> None:
        with pytest.raises(PageError, match=r"^page\.html: is a web archive \(MHTML\), expected"):
            read("From: <Saved by Blink>\nContent-Type: multipart/related;\n\n<html>=3D")

    @pytest.mark.parametrize("name", WRITTEN_HERE)
    def test_a_cut_anywhere_is_refused_or_leaves_a_page(self, name: str) -> None:
        whole = source_of(name)
        body, end = whole.index("<body"), whole.index("</body>")
        refused = inside = 0
        for cut in range(0, len(whole), 50):
            message = refusal(whole[:cut])
            assert message is None or "\n" not in message
            refused += message is not None and body < cut < end
            inside += body < cut < end
        # In all of these pages the body's own container is open from its first line to its last.
        assert refused / inside > 0.97


HOSTILE = {
    "divisions": "<html><body>" + "<div>" * 10_000 + "x" + "</div>" * 10_000 + "</body></html>",
    "open divisions": "<div>" * 10_000 + "x",
    "open list items": "<html><body><p>x</p><ul>" + "<li>x" * 10_000 + "</ul></body></html>",
    "nested list items": in_comments('<li class="comment">x<ol>' * 10_000 + "</ol></li>" * 10_000),
    "a long chain of replies": in_comments('<li class="comment">x<ol>' * 150 + "</ol></li>" * 150),
    "open comments": in_comments('<li class="comment"><p>x' * 10_000),
    "paragraphs and breaks": "<html><body>" + "<p>x<br>y" * 10_000 + "</body></html>",
    "quotations": in_comments('<li class="comment">' + "<blockquote>x<br>" * 200 + "</blockquote>" * 200),
    "open comments in markup": "<html><body>x</body></html>" + "<!--" * 10_000,
    "declarations": "<html><body>x</body></html>" + "<![CDATA[>" * 10_000 + "<![foo[x]]>",
    "quotes": "<html><body>x" + "<a b='>" * 10_000 + "</body></html>",
    "references": "<html><body><p title='&#"
    + "9" * 9_000
    + ";'>x"
    + "&#;" * 10_000
    + "&#"
    + "9" * 9_000
    + ";</p></body>",
    "end tags": "<html><body>x" + "</b></p></br>" * 10_000 + "</body></html>",
    "digits": in_comments(f'<li class="comment" id="{"1" * 50_000}x">x<b class="fn">{":" * 50_000}@</b></li>'),
    "policy words": f"<html><body>x<div id='respond'>{'comment ' * 50_000}</div></body></html>",
}


class TestHostilePages:
    @pytest.mark.parametrize("kind", HOSTILE)
    def test_are_read_or_refused_in_time(self, kind: str) -> None:
        started = time.monotonic()
        refusal(HOSTILE[kind])
        # Each takes about a second at most; a step that grows with the square of the page would take minutes.
        assert time.monotonic() - started < 20

    pieces = st.sampled_from(
        [
            *("<html>", "<body>", "</body>", "<div id=comments>", "<ol class=comment-list>", "</ol>", "<dl>", "</dl>"),
            *("<li class=comment id=comment-1>", "<li class=pingback>", "</li>", "<p>", "</p>", "<br>", "</br>"),
            *("<dt class=comment-author id=c1>", "<dd class=comment-body>", "<div class=comment>", "</div>", "<em>"),
            *('<div class="comment-content">', '<b class="fn">', "<blockquote class=twitter-tweet>", "</blockquote>"),
            *("<a href='#comment-9'>", "In reply to ", "Your comment is awaiting moderation.", "<time datetime=x>"),
            *("<!--", "-->", "<![", "<!", "<?xml ", "?>", "<script>", "</script>", "<title>", "<pre>", "<q>", "<td>"),
            *("&#", "&#x", "&amp", "&", "<", ">", '"', "'", "=", "</", "text", " ", "\n", "<h1>", "<article>", "<a/>"),
        ]
    )

    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.one_of(st.text(), st.lists(pieces | st.text(max_size=3), max_size=40).map("".join)))
    def test_raise_nothing_but_a_page_error(self, text: str) -> None:
        assert looks_like_html(text) in (True, False)
        message = refusal(text)
        if message is not None:
            assert message.startswith("page.html: ")
            return
        thread = read(text)
        assert thread.article.text or thread.quotations
        assert len({each.id for each in thread.comments}) == len(thread.comments)
        assert all(each.text.strip() for each in thread.comments)
