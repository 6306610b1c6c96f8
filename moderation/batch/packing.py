"""Comments in their places <-> bytes, for the way to another process.

As plain tuples they are packed and unpacked several times as fast as the records themselves, and the same text, which is
one comment's own, another one's parent and an earlier one of a third, is packed once a chunk.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from moderation.records import Archived, Author, Comment, Situation
from moderation.threads.exports.places import Placed

_COMMENT = attrgetter(*Comment.__match_args__)
_AUTHOR = Comment.__match_args__.index("author")
_PARENT = Situation.__match_args__.index("parent")
_SITUATION = attrgetter(*Situation.__match_args__)
_ARCHIVED = attrgetter(*(name for name in Archived.__match_args__ if name != "comment"))


def pack(chunk: Sequence[Placed]) -> bytes:
    """Return comments in their places as bytes, for `unpack` of the same release."""
    texts: dict[str, str] = {}
    rows: list[tuple[Any, ...]] = []
    for one in chunk:
        comment, situation = list(_COMMENT(one.archived.comment)), list(_SITUATION(one.situation))
        texts.setdefault(one.situation.text, one.situation.text)
        if comment[_AUTHOR] is not None:
            comment[_AUTHOR] = comment[_AUTHOR].name, comment[_AUTHOR].registered
        if situation[_PARENT] is not None:
            situation[_PARENT] = texts.setdefault(situation[_PARENT], situation[_PARENT])
        rows.append((comment, _ARCHIVED(one.archived), situation))
    return pickle.dumps(rows, pickle.HIGHEST_PROTOCOL)


def unpack(raw: bytes) -> list[Placed]:
    """Return what was packed. Never call it on bytes that came from anybody else: unpickling runs code."""
    chunk = []
    for comment, archived, situation in pickle.loads(raw):  # noqa: S301 - made by `pack` in the process that asks
        if comment[_AUTHOR] is not None:
            comment[_AUTHOR] = Author(*comment[_AUTHOR])
        chunk.append(Placed(Archived(Comment(*comment), *archived), Situation(*situation)))
    return chunk
