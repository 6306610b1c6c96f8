"""Comments of exports in their places."""

from __future__ import annotations

import random
import sqlite3
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.errors import ExportError, InputError, PageError
from moderation.limits import MAX_ARTICLE_BYTES, MAX_EARLIER, MAX_TEXT_BYTES
from moderation.records import Archived, Article, Author, Comment, Heading
from moderation.threads.exports import places, spool
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.places import Counts, Part, Placing
from moderation.threads.exports.recent import Recent
from moderation.threads.situations import situations


def comment(text, id_=None, name=None, parent=None, thread="t", article=None, **more):
    author = Author(name) if name else None
    return Archived(Comment(text, id_, author, parent, article, thread), **more)


def place(entries, recover=False, may_be_text=False):
    """Every comment in its place, the faults and the counts."""
    faults = Faults("export.xml", recover)
    part = Part(entries, faults)
    found = list(Placing([part], may_be_text))
    assert part.counts.read == part.counts.placed + part.counts.skipped
    assert part.counts.placed == len(found)
    return found, faults, part.counts


def placing(entries):
    return Placing([Part(entries, Faults("x"))])


def test_the_order_of_the_export_is_kept_and_records_come_out_as_they_went_in():
    whole = Archived(
        Comment("One", "1", Author("Jo", True), None, None, "t", "2014-03-05T10:11:12Z"),
        "spam",
        hints=("akismet:spam",),
    )
    entries = [
        whole,
        comment("Two", "2", status="approved"),
        comment("Three", thread="u"),
        comment("Four", thread=None),
    ]
    found, faults, counts = place(entries)
    assert [one.archived for one in found] == entries
    assert counts == Counts(4, 4, 0)
    assert not faults.listed


@pytest.mark.parametrize("registered", [True, False, None])
def test_an_author_without_a_name_may_be_registered(registered):
    author = None if registered is None else Author(None, registered)
    found, *_ = place([Archived(Comment("One", author=author))])
    assert found[0].archived.comment.author == author


def test_parents_and_articles_may_come_after_the_comments():
    bins = Article("Bins", "They are full.", "https://blog.example/bins", "2014-03-01T00:00:00Z")
    entries = [
        comment("No.", "2", "Jo", parent="1"),
        comment("Elsewhere.", "1", "Al", thread="u"),
        comment("Yes.", "1", "Mo"),
        Heading("t", bins),
        Heading("t", Article("A second heading of one thread does not count")),
    ]
    reply, elsewhere, parent = place(entries)[0]
    assert (reply.situation.parent, reply.situation.parent_author) == ("Yes.", "Mo")
    assert reply.situation.article == reply.archived.comment.article == parent.situation.article == bins
    assert elsewhere.situation.article is None


def test_the_first_of_two_comments_with_one_id_is_the_parent():
    entries = [comment("a", "1"), comment("b", "1"), comment("c", "2", parent="1")]
    assert place(entries)[0][2].situation.parent == "a"


def test_a_comment_is_not_its_own_parent():
    assert place([comment("a", "1", parent="1")])[0][0].situation.parent is None


def test_a_parent_that_is_not_in_the_export_is_no_text():
    found, *_ = place([comment("a", "1", parent="7"), comment("b", "2", parent="7", thread=None)])
    assert [(one.situation.parent, one.archived.comment.parent) for one in found] == [(None, "7"), (None, "7")]


@pytest.mark.parametrize("said", ["You are wrong.", "Agreed.", " wrong"])
def test_a_parent_in_our_own_records_may_be_the_text_itself(said):
    record = Archived(Comment("a", parent=said, parent_author="Mo"))
    situation = place([record], may_be_text=True)[0][0].situation
    assert (situation.parent, situation.parent_author) == (said, "Mo")


def test_an_article_of_the_record_goes_before_that_of_its_thread():
    own = Article("Own", "Text")
    entries = [
        comment("a", article=own),
        Heading("t", Article("Of the thread")),
        comment("b"),
        comment("c", article=own),
    ]
    assert [one.situation.article.title for one in place(entries)[0]] == ["Own", "Of the thread", "Own"]


def test_interleaved_threads_see_only_themselves():
    entries = [comment(f"{thread}{number}", thread=thread) for number in range(30) for thread in "abc"]
    last = place(entries)[0][-2].situation
    assert last.text == "b29"
    assert last.earlier == tuple(f"b{number}" for number in range(29 - MAX_EARLIER, 29))


def test_what_is_forgotten_is_looked_up_again(monkeypatch):
    rng = random.Random(5)
    entries = [
        comment(f"text {number}", str(number), f"N{number % 7}", thread=f"t{rng.randrange(40)}")
        for number in range(2_000)
    ]
    headings = [Heading(f"t{number}", Article(f"Title {number}")) for number in range(40)]
    expected = place(entries + headings)[0]
    monkeypatch.setattr(places, "ROOM", 1)
    monkeypatch.setattr(spool, "ROOM", 1)
    assert place(headings + entries)[0] == expected
    assert [one.situation.earlier for one in expected] == [
        one.earlier for one in situations([entry.comment for entry in entries])
    ]


def test_only_so_much_is_kept_at_hand():
    recent: Recent[int, str] = Recent(10_000)
    for number in range(100):
        recent.put(number, "x", 1_000)
        recent.get(0)
    assert len(recent) == 5
    assert recent.get(0) == "x"
    assert recent.get(1) is None
    recent.put(7, "larger than all the room", 50_000)
    assert recent.get(7)
    assert len(recent) == 1


def test_pingbacks_are_set_apart():
    entries = [
        comment("A blog links here", "1", "Blog", kind="pingback"),
        comment("Another", None, kind="trackback"),
        comment("A reply to it", "2", parent="1"),
    ]
    found, faults, counts = place(entries)
    assert [(one.situation.earlier, one.situation.parent, one.situation.names) for one in found] == [((), None, ())]
    assert faults.listed == ["export.xml: comment '1': pingback", "export.xml: comment number 2: pingback"]
    assert counts == Counts(3, 1, 2)


def test_a_comment_without_text_is_skipped_but_known_to_its_replies():
    entries = [
        comment("", "1", "Mo", status="deleted"),
        comment("\u200b \n", "2", "Jo"),
        comment("A reply", "3", parent="1"),
        comment("Another", "4", parent="2"),
    ]
    found, faults, _ = place(entries)
    assert [(one.situation.parent, one.situation.parent_author) for one in found] == [(None, "Mo"), (None, "Jo")]
    assert found[1].situation.earlier == ("A reply",)
    assert faults.listed == [
        "export.xml: comment '1': text is empty, expected at least one visible character",
        "export.xml: comment '2': text is empty, expected at least one visible character",
    ]


def test_a_comment_that_is_too_long_is_skipped_and_cut_for_the_others():
    # The limit falls into the middle of a character.
    entries = [comment("a" + "é" * MAX_TEXT_BYTES, "1\n"), comment("b", "2", parent="1\n")]
    found, faults, _ = place(entries)
    cut = "a" + "é" * (MAX_TEXT_BYTES // 2 - 1)
    assert found[0].situation.parent == cut
    assert found[0].situation.earlier == (cut,)
    assert faults.listed == [r"export.xml: comment '1\n': text is 40,001 bytes, expected at most 20,000"]


def test_what_no_record_may_have_is_taken_out():
    article = Article("A\0\ud800", "é" * MAX_ARTICLE_BYTES, "https://blog.example/\0")
    entries = [
        Heading("t\0", article),
        comment("a\0b\ud800c", "1\0", "J\0o", thread="t\0"),
        comment("reply", "2", "x" * 1_000, parent="1\0", thread="t\0"),
    ]
    first, second = place(entries)[0]
    assert first.situation.text == second.situation.parent == "a b\ufffdc"
    assert second.situation.names == ("J o",)
    assert second.archived.comment.author == Author("x" * 200)
    assert first.situation.article == Article("A \ufffd", "é" * (MAX_ARTICLE_BYTES // 2), "https://blog.example/ ")


def broken(entries, error):
    yield from entries
    raise error


@pytest.mark.parametrize("error", [ExportError("export.xml: byte 7, line 1: cut off", 7, 1), InputError("gone")])
def test_all_that_came_before_a_fault_is_yielded_and_then_the_same_error_raised(error):
    entries = [comment(str(number), str(number)) for number in range(2_500)]
    part = Part(broken([*entries, comment("")], error), Faults("export.xml"))
    iterator = iter(Placing([part]))
    assert [next(iterator).archived for _ in entries] == entries
    with pytest.raises(InputError) as caught:
        next(iterator)
    assert caught.value is error
    assert part.counts == Counts(2_501, 2_500, 1)


def test_faults_of_the_reader_are_counted():
    faults = Faults("export.xml", recover=True)
    faults.skip("before", "of somebody else")

    def entries():
        yield comment("a", "1")
        faults.broken(5, 1, "is not well-formed")
        yield comment("", "2")
        faults.skip("record 3", "has no text")
        yield comment("b", "3")

    part = Part(entries(), faults)
    assert len(list(Placing([part]))) == 2
    assert part.counts == Counts(5, 2, 3)


def test_parents_and_articles_are_found_in_whichever_part_they_stand():
    parts = [
        Part([comment("a", "1", parent="3"), comment("")], Faults("a.json")),
        Part([], Faults("b.json")),
        Part([Heading("t", Article("Bins")), comment("b", "2", "Jo"), comment("c", "3")], Faults("c.json")),
    ]
    found = list(Placing(parts))
    assert [one.situation.text for one in found] == ["a", "b", "c"]
    assert found[0].situation.parent == "c"
    assert {one.situation.article for one in found} == {Article("Bins")}
    assert found[2].situation.earlier == ("a", "b")
    assert [part.counts for part in parts] == [Counts(2, 1, 1), Counts(0, 0, 0), Counts(2, 2, 0)]


def test_a_broken_part_ends_at_its_fault_and_the_next_one_is_read():
    first, second = ExportError("a.json: cut off", 5, 1), PageError("b.json: is binary")
    parts = [
        Part(broken([comment("a", "1")], first), Faults("a.json")),
        Part(broken([], second), Faults("b.json")),
        Part([comment("c", "3", parent="1")], Faults("c.json")),
    ]
    found = iter(Placing(parts))
    assert [next(found).situation.parent for _ in range(2)] == [None, "a"]
    with pytest.raises(PageError):
        next(found)
    assert [part.error for part in parts] == [first, second, None]
    assert [part.counts.placed for part in parts] == [1, 0, 1]


def test_a_part_that_cannot_be_read_any_more_ends_the_reading():
    """Read again it may be whole: what stands behind it must not be taken for what stands behind the whole one."""
    parts = [
        Part(broken([comment("a")], ExportError("cut off", 5, 1)), Faults("a.json")),
        Part(broken([comment("b")], InputError("b.json: input/output error")), Faults("b.json")),
        Part([comment("c")], Faults("c.json")),
    ]
    found = iter(Placing(parts))
    assert [next(found).situation.text for _ in range(2)] == ["a", "b"]
    with pytest.raises(InputError, match="input/output error"):
        next(found)


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """The folder of temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def open_files(folder: Path) -> list[str]:
    """Files of a folder that this process has open, with a name or without."""
    links = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(link.readlink()))
        except FileNotFoundError:
            continue  # the one that lists the folder
    return [link for link in links if link.startswith(str(folder))]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are listed in /proc")
def test_nothing_is_left_of_the_temporary_file(temporary):
    entries = [comment(str(number)) for number in range(1_500)]
    for one in placing(entries):
        assert one
        assert len(open_files(temporary)) == 1
    assert not open_files(temporary), "after the last"

    with pytest.raises(ExportError):
        list(placing(broken(entries, ExportError("x", 0, 1))))
    assert not open_files(temporary), "after a fault"

    with pytest.raises(ZeroDivisionError):
        list(placing(broken(entries, ZeroDivisionError())))
    assert not open_files(temporary), "after an error in the reader"

    abandoned = iter(placing(entries))
    next(abandoned)
    abandoned.close()
    assert not open_files(temporary), "after it was closed"

    abandoned = iter(placing(entries))
    next(abandoned)
    del abandoned
    assert not open_files(temporary), "after it was forgotten"
    assert not list(temporary.iterdir())


def test_where_an_open_file_keeps_its_name_the_temporary_one_goes_in_the_end(temporary, monkeypatch):
    monkeypatch.setattr(spool, "UNLINKS", False)
    found = iter(placing([comment("a"), comment("b")]))
    next(found)
    assert len(list(temporary.iterdir())) == 1
    assert next(found)
    assert next(found, None) is None
    assert not list(temporary.iterdir())


def test_no_room_for_the_temporary_file_is_an_input_error(temporary, monkeypatch):
    monkeypatch.setattr(spool, "_TABLES", spool._TABLES + "PRAGMA max_page_count = 8;")
    with pytest.raises(InputError, match=r"^x: cannot be put in order in a temporary file: database or disk is full$"):
        list(placing([comment("x" * 9_000) for _ in range(10)]))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary / "missing"))
    with pytest.raises(InputError, match=r"^x: cannot be put in order in a temporary file: no such file or directory$"):
        list(placing([comment("a")]))
    assert not list(temporary.iterdir())


def test_a_temporary_file_that_cannot_be_set_up_is_removed(temporary, monkeypatch):
    monkeypatch.setattr(spool, "_TABLES", "CREATE NONSENSE")
    with pytest.raises(InputError, match="syntax error"):
        list(placing([comment("a")]))
    assert not list(temporary.iterdir())


def test_another_thread_may_go_on():
    found = iter(placing([comment("a"), comment("b")]))
    next(found)
    others = []
    thread = threading.Thread(target=lambda: others.extend(found))
    thread.start()
    thread.join()
    assert [one.situation.text for one in others] == ["b"]


def test_nothing_is_walked_through_again_and_again():
    with sqlite3.connect(":memory:") as data:
        data.executescript(spool._TABLES + spool._INDEXES)
        for query, values in ((spool._ROWS, ()), (spool._BEFORE, ("t", 1, 20)), (spool._ARTICLE, (1,))):
            plan = [step for *_, step in data.execute(f"EXPLAIN QUERY PLAN {query}", values)]
            assert not [
                step for step in plan if "TEMP B-TREE" in step or (step.startswith("SCAN") and step != "SCAN c")
            ]
    data.close()


IDS = st.none() | st.sampled_from(["1", "2", "3", "4"])
NAMES = st.none() | st.sampled_from(["Jo", "Mo", "Ünal"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8).map("x{}".format)
COMMENTS = st.builds(
    Comment,
    text=TEXTS,
    id=IDS,
    author=st.none() | st.builds(Author, NAMES, st.just(True)),
    parent=IDS | st.just("A text of its own"),
    article=st.none() | st.builds(Article, TEXTS),
    thread_id=st.sampled_from(["t", "u", None]),
    parent_author=NAMES,
)


@settings(max_examples=150)
@given(st.lists(COMMENTS, max_size=40), st.sampled_from([1, spool.ROOM]))
def test_places_are_those_of_the_same_comments_in_one_batch(comments, room):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "ROOM", room)
        patch.setattr(spool, "ROOM", room)
        found = list(Placing([Part(map(Archived, comments), Faults("x"))], may_be_text=True))
    assert [one.situation for one in found] == situations(comments)
    assert [one.archived.comment for one in found] == comments
