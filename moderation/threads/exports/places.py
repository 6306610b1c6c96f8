"""Comments and articles of an export -> each comment in its place, in the order of the export.

Articles and parents may stand before or after their comments, so everything goes through a temporary file first: memory does
not grow with the export. What comes out is what `moderation.threads.situations` says of the same comments in one batch.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from moderation.errors import ExportError, ModerationError, PageError, RecordError
from moderation.limits import MAX_EARLIER, check_text
from moderation.records import Archived, Article, Author, Comment, Heading, Situation
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.recent import Recent
from moderation.threads.exports.spool import ROOM, Row, Spool, sound
from moderation.threads.exports.texts import shortened

BROKEN = (ExportError, PageError)
"""What is wrong with the content of one file, whatever is in the others and however often it is read."""
_FLAGS = {None: None, 0: False, 1: True}


@dataclass(frozen=True, slots=True)
class Placed:
    """A comment of an export, with its article, and its place."""

    archived: Archived
    situation: Situation


@dataclass(frozen=True, slots=True)
class Counts:
    """Records read of an export: in the end each of them was placed or skipped."""

    read: int
    placed: int
    skipped: int

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.read + other.read, self.placed + other.placed, self.skipped + other.skipped)


class Part:
    """One file of an export: what its reader yields, and its faults.

    `counts` grow while it is read and are final when the `Placing` has ended; `error` is what ended the reading, if anything
    did.
    """

    def __init__(self, entries: Iterable[Archived | Heading], faults: Faults) -> None:
        self.faults = faults
        self.error: ModerationError | None = None
        self._entries = entries
        self._others = faults.skipped
        self._archived = self._left_out = self._placed = 0

    @property
    def counts(self) -> Counts:
        """What was read so far. A fault that was passed over counts as one record."""
        skipped = self.faults.skipped - self._others
        return Counts(self._archived + skipped - self._left_out, self._placed, skipped)

    def fill(self, spool: Spool) -> int:
        """Put everything up to the first error into a spool, and return how many comments that were."""
        added = 0
        for entry in self._until_error():
            if isinstance(entry, Heading):
                spool.add_heading(entry)
                continue
            self._archived += 1
            if entry.kind != "comment":
                self._skip(entry.comment.id, "pingback")
                continue
            text, reason = _bounded(sound(entry.comment.text))
            if reason:
                self._skip(entry.comment.id, reason)
            spool.add(entry, text, scored=not reason)
            added += 1
        return added

    def count_placed(self) -> None:
        """Count one of its comments as placed."""
        self._placed += 1

    def _until_error(self) -> Iterator[Archived | Heading]:
        try:
            yield from self._entries
        except ModerationError as error:
            self.error = error

    def _skip(self, name: str | None, reason: str) -> None:
        self._left_out += 1
        self.faults.skip(f"comment {name[:80]!r}" if name else f"comment number {self._archived:,}", reason)


class Placing:
    """The comments of one export in their places, to be iterated once; it may lie in several files, its `parts`.

    Articles and parents are found in whichever part they stand. A parent that is the id of no comment is an orphan's, or,
    where `may_be_text`, the text replied to: our own records allow that.
    """

    def __init__(self, parts: Sequence[Part], may_be_text: bool = False) -> None:
        self._parts, self._may_be_text = parts, may_be_text

    def __iter__(self) -> Iterator[Placed]:
        """Yield what can be scored, part by part; the rest is in the faults of each.

        A part that is broken ends at its fault, and the next one is read; what else stops a reader ends the reading.

        Raises:
            ModerationError: what the last reader with an error raised, after all that came before it.
            InputError: there is no room for the temporary file.
        """
        with closing(Spool(self._parts[0].faults.name)) as spool:
            ends = list(self._fill(spool))
            places = _Places(spool, self._may_be_text)
            number = 0
            for row in spool.rows():
                one = places.place(row)
                if one is not None:
                    while row.position > ends[number]:
                        number += 1
                    self._parts[number].count_placed()
                    yield one
        errors = [part.error for part in self._parts if part.error is not None]
        if errors:
            raise errors[-1]

    def _fill(self, spool: Spool) -> Iterator[int]:
        """Read the parts, and yield for each the position of its last comment."""
        position = 0
        for part in self._parts:
            position += part.fill(spool)
            yield position
            if part.error is not None and not isinstance(part.error, BROKEN):
                return


def _bounded(text: str) -> tuple[str, str]:
    """The text as replies to it see it, and why it is not scored itself, if it is not."""
    try:
        return check_text(text), ""
    except RecordError as error:
        seen = "" if error.limit is None else _bounded(shortened(text, error.limit))[0]
        return seen, str(error)


class _Places:
    """What it takes to place a comment: the ends of the threads and the articles that are in use."""

    def __init__(self, spool: Spool, may_be_text: bool) -> None:
        self._spool, self._may_be_text = spool, may_be_text
        self._tails: Recent[str, _Tail] = Recent(ROOM)
        self._articles: Recent[int, Article] = Recent(ROOM)

    def place(self, row: Row) -> Placed | None:
        """Return the next comment in its place; None if it is only there for others."""
        tail = None if row.thread is None else self._tail(row.thread, row.position)
        found = self._placed(row, tail) if row.scored else None
        if tail is not None and row.thread is not None and row.text:
            self._tails.grow(row.thread, tail.add(row.text, row.name))
        return found

    def _placed(self, row: Row, tail: _Tail | None) -> Placed:
        author = None if row.name is None and row.registered is None else Author(row.name, _FLAGS[row.registered])
        comment = Comment(
            row.text,
            row.id,
            author,
            row.parent,
            self._article(row.article),
            row.thread,
            row.created_at,
            row.parent_author,
        )
        earlier, names = tail.before(row.name) if tail is not None else ((), ())
        said, said_by = _parent(row, self._may_be_text)
        situation = Situation(row.text, said, comment.article, earlier, said_by, names)
        hints = tuple(json.loads(row.hints)) if row.hints else ()
        return Placed(Archived(comment, row.status, hints=hints), situation)

    def _tail(self, thread: str, position: int) -> _Tail:
        tail = self._tails.get(thread)
        if tail is None:
            tail = _Tail()
            size = sum(tail.add(text, name) for text, name in self._spool.before(thread, position))
            self._tails.put(thread, tail, size + len(thread))
        return tail

    def _article(self, key: int | None) -> Article | None:
        if key is None:
            return None
        article = self._articles.get(key)
        if article is None:
            article = self._spool.article(key)
            self._articles.put(key, article, len(article.text or ""))
        return article


class _Tail:
    """The last comments of a thread: their texts, and who wrote them."""

    def __init__(self) -> None:
        self._texts: deque[str] = deque(maxlen=MAX_EARLIER)
        self._names: deque[str] = deque(maxlen=MAX_EARLIER)

    def add(self, text: str, name: str | None) -> int:
        """Add a comment, and return by how many characters the tail has grown."""
        dropped = len(self._texts[0]) if len(self._texts) == MAX_EARLIER else 0
        self._texts.append(text)
        self._names.append(name or "")
        return len(text) - dropped

    def before(self, name: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the texts, and the authors other than `name`."""
        others = dict.fromkeys(self._names)
        others.pop("", None)
        others.pop(name or "", None)
        return tuple(self._texts), tuple(others)


def _parent(row: Row, may_be_text: bool) -> tuple[str | None, str | None]:
    """Text and author of the comment replied to."""
    if row.parent is None or row.parent == row.id:
        return None, None
    if row.said is not None:
        return row.said or None, row.said_by or row.parent_author
    return (row.parent or None) if may_be_text else None, row.parent_author
