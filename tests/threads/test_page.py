"""The four seed documents, and files that are no pages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.errors import PageError
from moderation.threads.numbered import MAX_DEPTH
from moderation.threads.page import parse_page, read_page
from tests.conftest import DOCUMENTS, ROOT


def test_document_000_is_an_article_with_thirteen_comments_in_a_tree(seed_thread):
    assert seed_thread.article.title == "Breaking: Lansman declares for GenSec – but the message is confusing"
    assert seed_thread.article.text.startswith("Momentum founder Jon Lansman has tweeted")
    assert seed_thread.article.text.endswith("a signal that he was unsuccessful.")
    numbers = " ".join(comment.number for comment in seed_thread.comments)
    assert numbers == "1 2 3 4 5 5.1 6 6.1.1 7 8 8.1 8.2 9"
    parents = {comment.number: comment.parent_id for comment in seed_thread.comments if comment.parent_id}
    assert parents == {"5.1": "5", "6.1.1": "6", "8.1": "8", "8.2": "8"}
    assert [comment.number for comment in seed_thread.comments if comment.parent_missing] == ["6.1.1"]


def test_no_word_of_document_000_is_lost(seed_thread):
    page = DOCUMENTS[0].read_text(encoding="utf-8").split()
    markers = {f"{number}." for number in range(1, 10)}
    found = [*seed_thread.article.title.split(), *seed_thread.article.text.split()]
    for comment in seed_thread.comments:
        found += comment.text.split()
    assert [word for word in found if word not in markers] == [word for word in page if word not in markers]


def test_comment_text_is_the_page_without_its_indentation(seed_thread):
    unindented = "\n".join(line.lstrip(" ") for line in DOCUMENTS[0].read_text(encoding="utf-8").split("\n"))
    for comment in seed_thread.comments:
        assert comment.text in unindented
    texts = {comment.number: comment.text for comment in seed_thread.comments}
    assert texts["7"].count("\n\n") == 3, "four paragraphs"
    assert texts["5.1"].count("\n") == 4, "five lines"
    assert texts["8.2"].endswith("Please go away you disgusting shill.")


def test_document_001_has_a_form_and_no_comments():
    thread = read_page(DOCUMENTS[1])
    assert thread.comments == ()
    assert thread.who_may_comment == ("site account", "Twitter", "Facebook")
    assert thread.article.title.startswith("Blow for Len McCluskey")
    assert "Leave a Reply" not in thread.article.text
    assert thread.article.published_at == "2017-01-08"


def test_document_002_quotes_a_tweet():
    thread = read_page(DOCUMENTS[2])
    (tweet,) = thread.quotations
    assert (tweet.author, tweet.handle, tweet.created_at) == ("Peter Mason", "@_petermason", "2020-01-26")
    assert tweet.text.startswith("Thread: Len McCluskey hasn’t offered")
    assert tweet.text not in thread.article.text
    assert thread.comments == ()
    assert thread.article.published_at == "2020-02-06T15:57:00"
    assert thread.article.text.startswith("The Jewish Labour Movement has reacted furiously")
    assert "This outburst assists no-one." in thread.article.text, "quoted letters are part of the article"


def test_document_003_states_its_policy():
    thread = read_page(DOCUMENTS[3])
    assert thread.policy_text == (
        "Comments are moderated and will not appear immediately. I moderate once per day. Comments of a personal, "
        "abusive, spam or unrelated to the topic will not appear and will be deleted.\n"
        "Only comments from Registered users allowed"
    )
    assert thread.policy_text in DOCUMENTS[3].read_text(encoding="utf-8")
    assert thread.who_may_comment == ("registered users",)
    assert thread.comments == ()
    assert thread.article.text.startswith("A press release on the Barnet Labour website")
    assert "No comments" not in thread.article.text


PROSE = b"The council met on Monday and talked for three hours about the bins, the library and the bus. Nobody left early.\n"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "is empty"),
        (b" \n\t\r\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "is binary"),
        (b"PK\x03\x04" + bytes(range(1, 32)) * 9, "is binary"),
        (b'{"comments": [], "article": {"text": "' + PROSE[:-1] + b'"}}', "is JSON"),
        (b"id,text\n1,hello\n2,world\n" * 20, "is not a page"),
        (b"def main():\n    return {1: 2}\n" * 20, "is not a page"),
        (b"Hello there.\n", "is not a page"),
        ("The café met on Monday. ".encode() * 9 + b"caf\xc3", "cut off in the middle of a character"),
        (PROSE * 3 + b"Then the chair said that the", "cut off in the middle"),
    ],
)
def test_what_is_no_page_gets_one_clear_line(raw, reason):
    with pytest.raises(PageError) as caught:
        parse_page(raw, "page.txt", "folder/page.txt")
    message = str(caught.value)
    assert message.startswith("folder/page.txt: ")
    assert reason in message
    assert "\n" not in message


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name[:3])
def test_a_page_cut_off_in_the_middle_is_refused(document):
    """A cut behind a full stop or a line break leaves no trace in plain text: those few cuts cannot be told."""
    raw = document.read_bytes()
    cuts = range(200, len(raw) - 40, 13)
    refused = 0
    for cut in cuts:
        try:
            parse_page(raw[:cut], document.name)
        except PageError:
            refused += 1
    assert refused / len(cuts) > 0.93


def test_a_whole_page_may_end_without_a_full_stop_when_a_line_break_follows():
    assert parse_page(PROSE * 3 + b"Photo: the town hall\n", "page.txt").article.text.endswith("town hall")


def test_other_encodings_are_read():
    text = (
        "Café news\n\n"
        + "The café on the corner will close, said the owner, and nobody knows why it should. " * 3
        + "\n"
    )
    for raw in (
        text.encode("cp1252"),
        text.encode("utf-16"),
        b"\xef\xbb\xbf" + text.encode(),
        text.encode().replace(b"\n", b"\r\n"),
    ):
        assert parse_page(raw, "page.txt").article.title == "Café news"


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.binary(max_size=400), st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_no_bytes_break_the_reader(raw):
    reason = ""
    try:
        parse_page(raw, "page.txt")
    except PageError as error:
        reason = str(error)
    assert "\n" not in reason


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 12), st.text("ab. \n", max_size=20)), max_size=12))
def test_no_numbered_list_loses_a_word(items):
    lines = [f"{' ' * indent}{number}. x{words}" for indent, number, words in items]
    page = (PROSE.decode() * 3 + "\n" + "\n".join(lines) + "\n").encode()
    thread = parse_page(page, "page.txt")
    kept = "".join(
        [thread.article.title or "", thread.article.text or "", *(comment.text for comment in thread.comments)]
    )
    assert kept.count("x") == page.decode().count("x"), "every item is in the article or in a comment"


def thread_of(text):
    return parse_page(text.encode(), "page.txt")


LIST = "  1. First here.\n\n    1. A reply to it.\n\n  2. Second here.\n"
ARTICLE = "The town hall\n\n" + PROSE.decode() * 3 + "\n"


@pytest.mark.parametrize(
    "foot",
    [
        "\nLeave a Reply\n\nYou are commenting using your Twitter account.\n\nConnecting to %s",
        "\nPowered by WordPress\n",
    ],
)
def test_what_stands_below_the_comments_hides_none_of_them(foot):
    thread = thread_of(ARTICLE + LIST + foot)
    assert [comment.number for comment in thread.comments] == ["1", "1.1", "2"]
    assert "First here" not in thread.article.text


def test_tabs_indent_like_two_spaces():
    tabbed = LIST.replace("    1.", "\t\t1.").replace("\n  2.", "\n\t2.").replace("  1. First", "\t1. First")
    assert thread_of(ARTICLE + tabbed).comments == thread_of(ARTICLE + LIST).comments


@pytest.mark.parametrize("aligned", ["{:>3}. ", "  {}. "])
def test_a_long_list_keeps_its_numbers(aligned):
    thread = thread_of(ARTICLE + "".join(aligned.format(number) + f"Comment {number}.\n\n" for number in range(1, 31)))
    assert [(comment.number, comment.text) for comment in thread.comments] == [
        (str(number), f"Comment {number}.") for number in range(1, 31)
    ]


def test_a_gap_in_the_numbers_is_kept():
    page = ARTICLE + "  1. One.\n\n    1. First reply.\n\n    3. Third reply.\n\n  4. Four.\n"
    assert [comment.number for comment in thread_of(page).comments] == ["1", "1.1", "1.3", "4"]


def test_a_list_of_the_article_is_no_comment():
    page = ARTICLE + "  1. A reason.\n  2. Another reason.\n\n" + LIST
    thread = thread_of(page)
    assert [comment.text for comment in thread.comments] == ["First here.", "A reply to it.", "Second here."]
    assert "A reason." in thread.article.text


def test_a_link_to_the_form_above_the_post_is_not_the_form():
    thread = thread_of("The town hall\nLeave a comment\n\n" + (PROSE.decode()[:-1] + " ") * 3 + "\n" + PROSE.decode())
    assert "three hours about the bins" in thread.article.text


def test_the_comments_of_a_blogger_page():
    page = (
        ARTICLE + "2 comments:\nAnonymous said...\nI disagree.\n\nEntirely.\n12 July 2021 at 10:00\n"
        "Rog T said...\nFair enough.\n12 July 2021 at 11:30\nPost a Comment\n"
        "Comments are moderated and will not appear immediately.\n"
    )
    thread = thread_of(page)
    assert [(comment.author.name, comment.text, comment.created_at) for comment in thread.comments] == [
        ("Anonymous", "I disagree.\n\nEntirely.", "12 July 2021 at 10:00"),
        ("Rog T", "Fair enough.", "12 July 2021 at 11:30"),
    ]
    assert thread.policy_text == "Comments are moderated and will not appear immediately."
    assert thread.article.text.endswith("Nobody left early.")


def test_a_sentence_that_begins_with_a_date_stays_whole():
    article = thread_of("The town hall\nJanuary 5, 2021 was the coldest day. " + PROSE.decode() * 2).article
    assert article.published_at is None
    assert article.text.startswith("January 5, 2021 was the coldest day.")


@pytest.mark.parametrize(
    "name",
    [
        "moderation/moderator.py",
        "moderation/policy/barnet-eye.toml",
        "constraints.txt",
        "api/pages/try.css",
        "seeds/labels/documents.csv",
    ],
)
def test_code_settings_and_data_are_no_pages(name):
    with pytest.raises(PageError, match="is not a page"):
        read_page(ROOT / name)


@pytest.mark.parametrize(
    "line",
    ["5 comments:" * 30_000, "Comment a(" * 30_000, "only registered " * 30_000, "a.b" * 90_000 + " ="],
    ids=["policy", "calls", "registered", "settings"],
)
def test_a_long_line_is_read_in_time(line):
    # What looked at it again from every word of it took minutes.
    assert thread_of(ARTICLE + line + "\n\n" + PROSE.decode()).article.text.count(line) == 1


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("Comments here are moderated.", True),
        ("We moderate each comment: it appears later.", True),
        ("Only registered users.", True),
        ("We moderate. Leave a comment", False),
        ("Commentary is moderated by a chair.", False),
    ],
)
def test_a_line_of_the_form_that_says_what_happens_to_comments_is_its_policy(line, stated):
    thread = thread_of(ARTICLE + f"Leave a Reply\n\n{line}\n")
    assert thread.policy_text == (line if stated else None)


@pytest.mark.parametrize(
    ("line", "call"), [("show(it)", True), ("show()", True), ("show(it) now", False), ("()", False)]
)
def test_lines_that_call_something_are_code(line, call):
    page = (PROSE.decode() + f"{line}\n") * 9
    if call:
        with pytest.raises(PageError, match="program code"):
            thread_of(page)
    else:
        assert line in thread_of(page).article.text


def test_replies_are_nested_only_so_deep():
    deepest = "".join(f"{'  ' * depth}1. At {depth}.\n" for depth in range(1, MAX_DEPTH + 2))
    comments = thread_of(ARTICLE + deepest + "  2. Last.\n").comments
    assert [comment.text for comment in comments[-2:]] == [f"At {MAX_DEPTH}.\n1. At {MAX_DEPTH + 1}.", "Last."]
    comments = thread_of(f"{ARTICLE}  1. One.\n{' ' * 200_000}1. Two.\n").comments
    assert [comment.number for comment in comments] == ["1"]
    assert comments[0].text.endswith("1. Two.")
