"""Isso's SQLite file, or the JSON that Isso imports -> comments and headings.

In the file a comment has a mode: 1 is on the page, 2 waits for the owner, 4 was deleted and is kept for its replies. Isso
has no accounts, so nobody is registered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import BinaryIO

from moderation.limits import MAX_TITLE_BYTES, MAX_URL_BYTES
from moderation.records import Archived, Article, Comment, Heading
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.fields import cut, one_line, person, web_address
from moderation.threads.exports.json_stream import read_json_array
from moderation.threads.exports.json_values import string
from moderation.threads.exports.markdown import markdown_text
from moderation.threads.exports.recent import Recent
from moderation.threads.exports.sqlite_file import Tables
from moderation.threads.exports.texts import utc, utc_of_seconds

_TABLES = {
    "threads": ("id", "uri", "title"),
    "comments": ("id", "tid", "parent", "created", "mode", "text", "author"),
}
_MODES = {1: "approved", 2: "held", 4: "deleted"}
_ROOM = 8_000_000
"""Characters of names of threads that are kept at hand: a thread's row is not read again for each of its comments."""


def read_isso(path: Path, faults: Faults) -> Iterator[Archived | Heading]:
    """Yield the threads of Isso's database as headings, then its comments in the order they were written.

    Raises:
        InputError: it is no SQLite file, has other tables, or is damaged and `faults` does not recover.
    """
    with closing(Tables(path, faults, _TABLES, "Isso's database, with the tables threads and comments")) as tables:
        for key in tables.keys("threads"):
            if thread := tables.row("threads", key):
                yield _heading(_name(thread["uri"]) or str(key), thread["title"])
        names: Recent[int, str] = Recent(_ROOM)
        for key in tables.keys("comments"):
            if row := tables.row("comments", key):
                if isinstance(row["text"], str | None):
                    yield _stored(key, row, _thread_name(row["tid"], tables, names))
                else:
                    faults.skip(f"table comments, id {key}", "has no text, expected a string")


def read_isso_json(stream: BinaryIO, faults: Faults) -> Iterator[Archived | Heading]:
    """Yield the threads of a file for `isso import` as headings, each before its comments.

    Such comments are on the page once they are imported. Their ids are dropped: they are numbers inside a thread, and no
    comment names its parent.

    Raises:
        ExportError: the JSON is broken or cut off or has a thread that is too large, and `faults` does not recover.
    """
    for offset, line, thread in read_json_array(stream, faults):
        where = f"byte {offset:,}, line {line:,}"
        comments = thread.get("comments") if isinstance(thread, dict) else None
        if not isinstance(thread, dict) or not isinstance(comments, list):
            faults.skip(where, "is no thread, expected an object with 'id' and the array 'comments'")
            continue
        name = _name(thread.get("id"))
        if name:
            yield _heading(name, thread.get("title"))
        for number, raw in enumerate(comments, start=1):
            text = raw.get("text") if isinstance(raw, dict) else None
            if not isinstance(raw, dict) or not isinstance(text, str):
                faults.skip(f"{where}, comment {number:,}", "has no text, expected an object with the string 'text'")
                continue
            created = raw.get("created")
            comment = Comment(
                text=markdown_text(text),
                author=person(string(raw.get("author")), registered=False),
                thread_id=name,
                created_at=utc(created, UTC) if isinstance(created, str) else None,
            )
            yield Archived(comment, status="approved")


def _thread_name(number: object, tables: Tables, names: Recent[int, str]) -> str | None:
    """How the thread of that number is known: by its path, else by its number."""
    if not isinstance(number, int):
        return _name(number)
    name = names.get(number)
    if name is None:
        thread = tables.row("threads", number)
        name = (_name(thread["uri"]) if thread else None) or str(number)
        names.put(number, name, len(name))
    return name


def _stored(key: int, row: Mapping[str, object], thread: str | None) -> Archived:
    created, parent, mode = row["created"], row["parent"], row["mode"]
    comment = Comment(
        text=markdown_text(string(row["text"])),
        id=str(key),
        author=person(string(row["author"]), registered=False) if mode != 4 else None,
        # Whatever is stored there: only a number above 0 is a comment's.
        parent=str(parent) if isinstance(parent, int) and parent > 0 else None,
        thread_id=thread,
        created_at=utc_of_seconds(created) if isinstance(created, int | float) else None,
    )
    return Archived(comment, status=_MODES.get(mode) if isinstance(mode, int) else None)


def _heading(name: str, title: object) -> Heading:
    # Isso knows a page by its path, which is no address.
    return Heading(name, Article(title=cut(one_line(string(title)), MAX_TITLE_BYTES), url=web_address(name)))


def _name(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    # Every comment of a thread carries its name: one of megabytes is cut.
    return cut(string(value).strip(), MAX_URL_BYTES)
