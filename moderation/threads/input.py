"""A saved page, JSON lines or CSV -> its thread or its comments. The format is found from the content."""

from __future__ import annotations

import codecs

from moderation.errors import PageError, RecordError
from moderation.records import Comment, Thread
from moderation.threads.comment_records import looks_like_csv, read_csv, read_jsonl
from moderation.threads.page import parse_page
from moderation.threads.tables import utf8


def read_input(raw: bytes, name: str, source: str) -> Thread | list[Comment]:
    """Return the thread of a saved page called `source`, or the comments of a file of comment records.

    Raises:
        InputError: records are not in UTF-8.
        PageError: it is a page that is cut off, or no page, empty or binary.
        RecordError: a record breaks the contract; the message has the line.
        UnknownNameError: a record has a field nobody knows.
    """
    if raw.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{":
        return list(read_jsonl(utf8(raw, name), name))
    if looks_like_csv(raw[:10_000].decode("utf-8", "replace")):
        return list(read_csv(utf8(raw, name), name))
    if raw.lstrip()[:1] == b"[":
        raise RecordError(f"{name}: is a JSON array, expected JSON lines: one comment record a line")
    try:
        return parse_page(raw, source, name)
    except PageError as error:
        raise PageError(f"{error}, or comment records: JSON lines, or CSV with a column 'text'") from None
