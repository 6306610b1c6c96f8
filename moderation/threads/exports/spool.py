"""A temporary file with the comments and articles of an export, in the order in which they came."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

from moderation.errors import InputError
from moderation.limits import (
    MAX_ARTICLE_BYTES,
    MAX_EARLIER,
    MAX_NAME_BYTES,
    MAX_TEXT_BYTES,
    MAX_TITLE_BYTES,
    MAX_URL_BYTES,
)
from moderation.records import Archived, Article, Author, Heading
from moderation.threads.exports.recent import Recent
from moderation.threads.exports.texts import shortened

ROOM = 8_000_000
"""Characters of threads, and of articles, that are kept at hand; the rest is looked up again when it is needed."""
UNLINKS = os.name == "posix"
"""A file lives on without a name while it is open: whatever ends this process, nobody's comments are left behind."""
_BATCH = 1_000
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -16000;
CREATE TABLE articles (key INTEGER PRIMARY KEY, thread TEXT, title TEXT, text TEXT, url TEXT, published_at TEXT);
CREATE TABLE comments (
    position INTEGER PRIMARY KEY, thread TEXT, id TEXT, text TEXT NOT NULL, name TEXT, registered INTEGER, parent TEXT,
    parent_author TEXT, created_at TEXT, status TEXT, hints TEXT NOT NULL, scored INTEGER NOT NULL, article INTEGER
);
"""
# Each ends with the position, as every index does. Comments without text are never `earlier`: a thread of nothing else must
# not be walked through again and again.
_INDEXES = """
CREATE INDEX headings ON articles (thread) WHERE thread IS NOT NULL;
CREATE INDEX ids ON comments (thread, id) WHERE id IS NOT NULL;
CREATE INDEX earlier ON comments (thread) WHERE text <> '';
"""
_ROWS = """
SELECT c.position, c.thread, c.id, c.text, c.name, c.registered, c.parent, c.parent_author, c.created_at, c.status, c.hints,
    c.scored, coalesce(c.article, (SELECT key FROM articles WHERE thread = c.thread ORDER BY key LIMIT 1)), p.text, p.name
FROM comments c LEFT JOIN comments p ON p.position = (
    SELECT position FROM comments WHERE thread IS c.thread AND id = c.parent ORDER BY position LIMIT 1)
ORDER BY c.position
"""
_BEFORE = """
SELECT text, name FROM comments WHERE thread = ? AND text <> '' AND position < ? ORDER BY position DESC LIMIT ?
"""
_ADD = "INSERT INTO comments VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ADD_ARTICLE = "INSERT INTO articles VALUES (NULL, ?, ?, ?, ?, ?)"
_ARTICLE = "SELECT title, text, url, published_at FROM articles WHERE key = ?"

# SQLite takes numbers several times as fast as truth values.
_REGISTERED = {None: None, False: 0, True: 1}
T = TypeVar("T", str, None, str | None)


class Row(NamedTuple):
    """A comment as it was spooled. `said` and `said_by` are of the one it replies to; `said` is None where there is none.

    One that is not to be `scored` is there for its replies, and for those that come after it.
    """

    position: int
    thread: str | None
    id: str | None
    text: str
    name: str | None
    registered: int | None
    parent: str | None
    parent_author: str | None
    created_at: str | None
    status: str | None
    hints: str
    scored: int
    article: int | None
    said: str | None
    said_by: str | None


class Spool:
    """Comments and articles of an export called `name`: put in first, then taken out. Nothing is left after `close`."""

    def __init__(self, name: str) -> None:
        """Make the temporary file.

        Raises:
            InputError: it cannot be made. The other methods raise it too, where there is no more room for it.
        """
        self._name = name
        self._waiting: list[tuple[object, ...]] = []
        self._own: Recent[Article, int] = Recent(ROOM)
        with self._problems():
            handle, file = tempfile.mkstemp(prefix="moderation-", suffix=".sqlite")
            os.close(handle)
            self._file = Path(file)
            # Whoever iterates may go on in another thread.
            self._data = sqlite3.connect(file, check_same_thread=False)
            try:
                self._data.executescript(_TABLES)
            except sqlite3.Error:
                self.close()
                raise
            if UNLINKS:
                self._file.unlink()

    def add(self, archived: Archived, text: str, scored: bool) -> None:
        """Put in a comment with the text that others see of it."""
        comment = archived.comment
        author = comment.author or Author()
        self._waiting.append(
            (
                sound(comment.thread_id),
                sound(comment.id),
                text,
                shortened(sound(author.name), MAX_NAME_BYTES),
                _REGISTERED[author.registered],
                shortened(sound(comment.parent), MAX_TEXT_BYTES),
                shortened(sound(comment.parent_author), MAX_NAME_BYTES),
                sound(comment.created_at),
                archived.status,
                json.dumps(archived.hints) if archived.hints else "",
                1 if scored else 0,
                self._key(comment.article),
            )
        )
        if len(self._waiting) == _BATCH:
            self._flush()

    def add_heading(self, heading: Heading) -> None:
        """Put in the article of a thread."""
        self._insert(heading.article, sound(heading.thread_id))

    def rows(self) -> Iterator[Row]:
        """Yield the comments in the order in which they came; nothing may be put in any more."""
        self._flush()
        with self._problems():
            self._data.executescript(_INDEXES)
            yield from map(Row._make, self._data.execute(_ROWS))

    def before(self, thread: str, position: int) -> list[tuple[str, str | None]]:
        """Return texts and authors of the last comments of a thread before a position, oldest first."""
        with self._problems():
            return self._data.execute(_BEFORE, (thread, position, MAX_EARLIER)).fetchall()[::-1]

    def article(self, key: int) -> Article:
        """Return an article."""
        with self._problems():
            return Article(*self._data.execute(_ARTICLE, (key,)).fetchone())

    def close(self) -> None:
        """Remove the temporary file."""
        self._data.close()
        self._file.unlink(missing_ok=True)

    def _flush(self) -> None:
        with self._problems():
            self._data.executemany(_ADD, self._waiting)
        self._waiting.clear()

    def _key(self, article: Article | None) -> int | None:
        """The key of a comment's own article: the same one is put in once, if it was not long ago."""
        if article is None:
            return None
        key = self._own.get(article)
        if key is None:
            key = self._insert(article, None)
            self._own.put(article, key, len(article.text or ""))
        return key

    def _insert(self, article: Article, thread: str | None) -> int:
        values = (
            thread,
            shortened(sound(article.title), MAX_TITLE_BYTES),
            shortened(sound(article.text), MAX_ARTICLE_BYTES),
            shortened(sound(article.url), MAX_URL_BYTES),
            sound(article.published_at),
        )
        with self._problems():
            return self._data.execute(_ADD_ARTICLE, values).lastrowid or 0

    @contextmanager
    def _problems(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            reason = (getattr(error, "strerror", None) or str(error)).lower()
            raise InputError(f"{self._name}: cannot be put in order in a temporary file: {reason}") from None


def sound(text: T) -> T:
    """Return a text without NUL and lone surrogates, which cannot be stored and which no record may have."""
    if text is None or (text.isascii() and "\0" not in text):
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", " ")
