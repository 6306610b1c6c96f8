"""Isso's database and the JSON that Isso imports."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.errors import ExportError, InputError
from moderation.limits import MAX_URL_BYTES
from moderation.records import Archived, Article, Author, Comment, Heading
from moderation.threads.exports import json_arrays, sqlite_file
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.isso import read_isso, read_isso_json
from tests.threads.exports.mutations import cuts, mutations

FIXTURES = Path(__file__).parent / "fixtures"
SCRIPT = (FIXTURES / "isso.sql").read_text()
JSON = (FIXTURES / "isso_import.json").read_bytes()
PAGE = 512


def database(script: str) -> bytes:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(script)
        return connection.serialize()


WHOLE = database(SCRIPT)


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    # A place with all that an address of a file must not have as it is.
    folder = tmp_path_factory.mktemp("isso") / "50% a?b#c ü"
    folder.mkdir()
    return folder / "comments.db"


def read(path: Path, data: bytes, *, recover: bool = False) -> tuple[list[Archived | Heading], Faults]:
    path.write_bytes(data)
    faults = Faults("isso.db", recover)
    return list(read_isso(path, faults)), faults


def error_of(path: Path, data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read(path, data)
    # Nothing can be read of such a file, so there is nothing to go on with.
    assert "\n" not in str(caught.value)
    return str(caught.value)


def read_json(data: bytes, *, recover: bool = False) -> tuple[list[Archived | Heading], Faults]:
    faults = Faults("isso.json", recover)
    return list(read_isso_json(io.BytesIO(data), faults)), faults


def comments(found: list[Archived | Heading]) -> dict[str | None, Archived]:
    return {each.comment.id: each for each in found if isinstance(each, Archived)}


def sharing(count: int) -> bytes:
    """A database in which `count` comments have one and the same text, the chain of pages of the first."""
    whole = bytearray(
        database(
            f"PRAGMA page_size = {PAGE}; CREATE TABLE threads (id INTEGER PRIMARY KEY, uri, title);"
            "CREATE TABLE comments (id INTEGER PRIMARY KEY, tid, parent, created, mode, text, author);"
            f"INSERT INTO comments VALUES (1, 0, 0, 0, 1, '{'x' * 20_280}', NULL);"
        )
    )
    start = 2 * PAGE  # the table's only page: the schema and `threads` come before it
    # Its first cell: how long the row is (three bytes), its key, the beginning of the row, the number of the next page.
    cell = whole[start + int.from_bytes(whole[start + 8 : start + 10], "big") : start + PAGE]
    for number in range(count):
        place = PAGE - (number + 1) * len(cell)
        whole[start + place : start + place + len(cell)] = cell[:3] + bytes([number + 1]) + cell[4:]
        whole[start + 8 + 2 * number : start + 10 + 2 * number] = place.to_bytes(2, "big")
    whole[start + 3 : start + 7] = count.to_bytes(2, "big") + place.to_bytes(2, "big")
    return bytes(whole)


@pytest.mark.parametrize("recover", [False, True])
def test_rows_that_share_their_bytes_end_the_reading(path, recover):
    # Every cell can name the same pages: a file of ten megabytes would be read for hours.
    found: list[object] = []
    path.write_bytes(sharing(9))
    with pytest.raises(
        InputError, match=r"^isso\.db: table comments, id 5: rows share what they hold, 101,400 characters"
    ):
        found.extend(read_isso(path, Faults("isso.db", recover)))
    assert len(found) == 4
    assert len(read(path, sharing(4))[0]) == 4


def test_the_name_of_a_thread_is_cut_and_its_row_read_once(path, monkeypatch):
    script = f"UPDATE threads SET uri = '{'/' * 3_000}' WHERE id = 1;"
    asked = []
    row = sqlite_file.Tables.row
    monkeypatch.setattr(sqlite_file.Tables, "row", lambda *of: asked.append(of[1:]) or row(*of))
    found = read(path, database(SCRIPT + script))[0]
    names = {each.comment.thread_id for each in found if isinstance(each, Archived)}
    assert "/" * MAX_URL_BYTES in names
    assert asked.count(("threads", 1)) == 2  # for its heading, and for all its comments
    thread = {"id": "/" * 3_000, "comments": [{"text": "One"}, {"text": "Two"}]}
    heading, *found = read_json(json.dumps([thread]).encode())[0]
    assert [each.comment.thread_id for each in found] == [heading.thread_id] * 2 == ["/" * MAX_URL_BYTES] * 2


def test_threads_are_headings_and_a_path_is_no_address(path):
    assert read(path, WHOLE)[0][:2] == [
        Heading("/kettles/", Article("Kettles & pots")),
        Heading("https://blog.example.org/pans", Article(url="https://blog.example.org/pans")),
    ]


def test_a_whole_comment_without_its_address_and_machine(path):
    found = read(path, WHOLE)[0]
    assert comments(found)["1"] == Archived(
        Comment(
            # Markdown as it was written; HTML in it is gone, but not what is linked.
            "I *like* kettles.\n\n> whistling\nSee https://example.org/kettles & buy.",
            id="1",
            author=Author("Ana", False),
            thread_id="/kettles/",
            created_at="2014-05-13T16:53:20Z",
        ),
        status="approved",
    )
    assert "ana@" not in repr(found)
    assert "192.0.2." not in repr(found)
    assert "bo@" not in repr(found)


def test_a_held_reply_has_its_parent(path):
    held = comments(read(path, WHOLE)[0])["2"]
    assert (held.status, held.comment.parent, held.comment.author) == ("held", "1", Author(None, False))


def test_a_deleted_comment_is_kept_without_text_and_author(path):
    assert comments(read(path, WHOLE)[0])["3"] == Archived(
        Comment("", id="3", thread_id="https://blog.example.org/pans", created_at="2014-05-13T16:55:20Z"),
        status="deleted",
    )


def test_what_isso_does_not_know_is_unknown_here(path):
    found = comments(read(path, WHOLE)[0])
    assert (found["4"].status, found["4"].comment.parent) == (None, None)
    assert found["5"].comment == Comment("Lost.", id="5", author=Author("Di", False), parent="3", thread_id="9")


def test_a_text_of_another_type_is_passed_over_and_none_is_empty(path):
    found, faults = read(path, WHOLE)
    assert list(comments(found)) == ["1", "2", "3", "4", "5", "7"]
    assert comments(found)["7"].comment.text == ""
    assert faults.listed == ["isso.db: table comments, id 6: has no text, expected a string"]


def test_text_that_is_not_utf_8_or_has_nul_is_mended(path):
    script = SCRIPT + "UPDATE comments SET author = CAST(X'41FF42' AS TEXT), text = CAST(X'4100EDA0BD42' AS TEXT);"
    first = comments(read(path, database(script))[0])["1"].comment
    assert first.author == Author("A\ufffdB", False)
    assert first.text == "A" + "\ufffd" * (len(first.text) - 2) + "B"


def test_a_database_in_another_encoding_and_with_a_journal_ahead_is_read(path, tmp_path):
    whole = read(path, WHOLE)[0]
    assert read(path, database("PRAGMA encoding = 'UTF-16le';" + SCRIPT))[0] == whole
    # As it is copied from a server that keeps a write-ahead journal.
    file = tmp_path / "wal.db"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript(SCRIPT)
        connection.execute("PRAGMA journal_mode = WAL")
    assert file.read_bytes()[18] == 2
    assert list(read_isso(file, Faults("isso.db"))) == whole
    assert [each.name for each in tmp_path.iterdir()] == ["wal.db"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("CREATE TABLE posts (id INTEGER PRIMARY KEY)", "has no table 'threads', expected Isso's database"),
        (SCRIPT + "ALTER TABLE comments DROP COLUMN mode;", "table 'comments' has no column 'mode'"),
        # A view runs whatever its author thought of.
        (
            SCRIPT + "ALTER TABLE comments RENAME TO c; CREATE VIEW comments AS SELECT * FROM c;",
            "has no table 'comments'",
        ),
        (
            SCRIPT + "ALTER TABLE comments RENAME TO c; CREATE VIRTUAL TABLE comments USING "
            "fts5(id, tid, parent, created, mode, text, author);",
            "has no table 'comments'",
        ),
        # So does a computed column.
        (
            "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri, title AS (hex(zeroblob(100000000))));",
            "table 'threads' has no column 'title'",
        ),
        # Without a key, each look would go through the whole table.
        (
            "CREATE TABLE threads (id INTEGER, uri, title);",
            "'id' is not the key of table 'threads'",
        ),
        ("VACUUM;", "has no table 'threads'"),
    ],
)
def test_other_tables_are_refused(path, script, expected):
    assert expected in error_of(path, database(script))


def test_what_is_no_database_is_refused(path):
    assert "cannot be read as SQLite (file is not a database)" in error_of(path, b"<rss></rss>" * 100)
    assert "has no table 'threads'" in error_of(path, b"")
    with pytest.raises(InputError, match=r"isso\.db: cannot be read as SQLite \(unable to open database file\)"):
        list(read_isso(path.with_name("none.db"), Faults("isso.db")))


def test_triggers_and_other_schema_run_nothing(path):
    whole = read(path, WHOLE)[0]
    script = SCRIPT + (
        "CREATE TRIGGER t AFTER INSERT ON threads BEGIN DELETE FROM comments; END;"
        "CREATE INDEX i ON comments (abs(created)) WHERE text > hex(id);"
    )
    assert read(path, database(script))[0] == whole


def test_a_value_that_is_too_large_is_passed_over(path, monkeypatch):
    monkeypatch.setattr(sqlite_file, "MAX_VALUE_BYTES", 10_000)
    data = database(SCRIPT + "UPDATE comments SET text = hex(zeroblob(6000)) WHERE id = 2;")
    found, faults = read(path, data)
    assert list(comments(found)) == ["1", "3", "4", "5", "7"]
    assert faults.listed[0] == "isso.db: table comments, id 2: has a value larger than 10,000 bytes"


def test_a_query_that_does_not_end_is_stopped(path, monkeypatch):
    monkeypatch.setattr(sqlite_file, "_MAX_LOOKS", 2)
    monkeypatch.setattr(sqlite_file, "_STEPS", 1)
    assert "cannot be read as SQLite (interrupted)" in error_of(path, WHOLE)


def many() -> str:
    values = "NULL, 1400000000, NULL, 1, NULL, 'Comment {}.', 'Gus', NULL, NULL, 0, 0, X'', 0"
    return SCRIPT + "".join(f"INSERT INTO comments VALUES (1, {id_}, {values.format(id_)});" for id_ in range(8, 200))


def test_behind_damaged_pages_reading_goes_on(path):
    data = bytearray(database(many()))
    page = data.index(b"Comment 100.") // PAGE * PAGE
    data[page : page + PAGE] = b"\xff" * PAGE
    with pytest.raises(
        InputError, match=r"table comments.*id \d+.*cannot be read \(database disk image is malformed\)"
    ):
        read(path, bytes(data))
    whole = comments(read(path, database(many()))[0])
    found, faults = read(path, bytes(data), recover=True)
    assert 150 < len(comments(found)) < len(whole)
    assert "199" in comments(found)
    assert all(whole[id_] == each for id_, each in comments(found).items())
    assert any("database disk image is malformed" in message for message in faults.listed)


def test_pages_that_lead_back_are_not_followed(path):
    data = bytearray(database(many()))
    # The root of the table points to its leaves: here all to the first one, so that rows would come again and again.
    first = data.index(b"Comment 10.") // PAGE + 1
    roots = [at for at in range(PAGE, len(data), PAGE) if data[at] == 5]
    assert roots
    for at in roots:
        for cell in range(int.from_bytes(data[at + 3 : at + 5])):
            place = at + int.from_bytes(data[at + 12 + 2 * cell : at + 14 + 2 * cell])
            data[place : place + 4] = first.to_bytes(4)
    with pytest.raises(InputError, match="keys are not in order"):
        read(path, bytes(data))
    assert len(comments(read(path, bytes(data), recover=True)[0])) < 200


def test_a_cut_database_is_one_error(path):
    # SQLite knows how many pages there should be, so nothing is read of a file that was cut.
    for cut in range(0, len(WHOLE), 37):
        found = []
        path.write_bytes(WHOLE[:cut])
        with pytest.raises(InputError):
            found.extend(read_isso(path, Faults("isso.db")))
        assert found == []


@settings(max_examples=60)
@given(mutations(WHOLE, (b"\xff" * 8, b"\0" * 8)) | st.binary(max_size=600))
def test_damaged_databases_raise_nothing_else(path, data):
    with contextlib.suppress(InputError):
        read(path, data)
    with contextlib.suppress(InputError):
        read(path, data, recover=True)


def test_json_threads_are_headings_before_their_comments():
    found, faults = read_json(JSON)
    assert found == [
        Heading("/kettles/", Article("Kettles & pots")),
        Archived(
            Comment(
                "I like kettles.\n\nLet's whistle.",
                author=Author("Ana", False),
                thread_id="/kettles/",
                created_at="2014-05-13T16:53:20Z",
            ),
            status="approved",
        ),
        # An address for a name, a date that is none, half a character and NUL.
        Archived(
            Comment("> whistle\nNo \ufffd kettles\ufffd.", author=Author(None, False), thread_id="/kettles/"),
            status="approved",
        ),
        Archived(
            Comment("Without a date.", author=Author(None, False), thread_id="/kettles/"),
            status="approved",
        ),
        Heading("7", Article()),
        Archived(Comment("Pans!", author=Author("Cy", False)), status="approved"),
        Heading("https://blog.example.org/pans", Article("Pans", url="https://blog.example.org/pans")),
        Archived(
            Comment(
                "Pots.",
                author=Author("Di", False),
                thread_id="https://blog.example.org/pans",
                created_at="2014-05-14T10:00:00Z",
            ),
            status="approved",
        ),
    ]
    assert [message.split(", ", 1)[1] for message in faults.listed] == [
        "line 35, comment 2: has no text, expected an object with the string 'text'",
        "line 35, comment 3: has no text, expected an object with the string 'text'",
    ]


def test_what_is_no_thread_is_passed_over():
    found, faults = read_json(b'[1, {"id": 1}, {"id": 2, "comments": {}}, {"id": true, "comments": []}]')
    assert found == []
    assert len(faults.listed) == 3
    assert faults.listed[0].endswith("is no thread, expected an object with 'id' and the array 'comments'")


def test_a_thread_that_is_too_large_is_a_fault(monkeypatch):
    monkeypatch.setattr(json_arrays, "MAX_ELEMENT_BYTES", 300)
    with pytest.raises(ExportError, match=r"isso\.json: byte 4, line 2: an element is larger than 300 bytes"):
        read_json(JSON)


def test_a_cut_yields_what_was_whole_and_then_one_error():
    for one in cuts(read_isso_json, JSON, range(0, JSON.rindex(b"]") + 1, 37)):
        assert one.offset == one.at
        assert len([message for message in one.listed if "no text" not in message]) == 1


def test_behind_a_fault_reading_goes_on_with_the_next_thread():
    whole = read_json(JSON)[0]
    found, faults = read_json(JSON.replace(b'"author": "Ana"', b'"author" "Ana"'), recover=True)
    assert found == whole[4:]
    assert "line 8: is not JSON: expecting ':' delimiter" in faults.listed[0]


@settings(max_examples=60)
@given(mutations(JSON, (b'"', b"{", b"]", b"\\u0000", b"null")) | st.binary(max_size=100))
def test_damaged_json_raises_nothing_else(data):
    with contextlib.suppress(ExportError):
        read_json(data)
    for each in read_json(data, recover=True)[0]:
        json.dumps(dataclasses.asdict(each), ensure_ascii=False).encode()  # no half characters
