"""Remark42's backup, unpacked -> comments and headings.

It is JSON lines: the first tells of users and posts, every other one is a comment, thread after thread. What was deleted
has no text any more, and no name where its author was deleted too.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from moderation.limits import MAX_NAME_BYTES, MAX_TITLE_BYTES, MAX_URL_BYTES
from moderation.records import Archived, Article, Author, Comment, Heading
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.fields import cut, fits, one_line, person, web_address
from moderation.threads.exports.json_stream import read_json_lines
from moderation.threads.exports.json_values import string
from moderation.threads.exports.markdown import markdown_text
from moderation.threads.exports.texts import body_text, utc

MAX_HEADED = 10_000
"""Posts that are remembered to have had their heading; one that comes back later has it again."""

# Go writes up to nine digits of a second, Python reads six.
_FRACTION = re.compile(r"(\.\d{6})\d+")
_NO_TIME = "0001-01-01"
"""How Go writes a time that was never set."""
_FIELDS = frozenset({"id", "pid", "text", "orig", "user", "locator"})


def read_remark42(stream: BinaryIO, faults: Faults) -> Iterator[Archived | Heading]:
    """Yield the comments of a backup in the order of the file, before the first one with a post's title its heading.

    Raises:
        ExportError: a line is broken or cut off, and `faults` does not recover.
    """
    headed: OrderedDict[str, None] = OrderedDict()
    for offset, line, record in read_json_lines(stream, faults):
        if not isinstance(record, dict) or not _FIELDS & record.keys():
            if not (isinstance(record, dict) and "version" in record):
                faults.skip(f"byte {offset:,}, line {line:,}", "is no comment, expected an object with 'id' and 'text'")
            continue
        if not isinstance(record.get("text") or "", str) or not isinstance(record.get("orig") or "", str):
            faults.skip(f"byte {offset:,}, line {line:,}", "has a text that is no string")
            continue
        url = _url(record)
        title = cut(one_line(string(record.get("title"))), MAX_TITLE_BYTES)
        if url and title and url not in headed and fits(url, MAX_URL_BYTES):
            headed[url] = None
            if len(headed) > MAX_HEADED:
                headed.popitem(last=False)
            yield Heading(url, Article(title=title, url=web_address(url)))
        yield _comment(record, url)


def _comment(record: Mapping[str, object], url: str | None) -> Archived:
    written, time = string(record.get("orig")), string(record.get("time"))[:100]
    comment = Comment(
        text=markdown_text(written) if written.strip() else body_text(string(record.get("text"))),
        id=_id(record.get("id")),
        author=_author(record.get("user")),
        parent=_id(record.get("pid")),
        thread_id=url,
        created_at=None if time.startswith(_NO_TIME) else utc(_FRACTION.sub(r"\1", time)),
    )
    return Archived(comment, status="deleted" if record.get("delete") is True else "approved")


def _author(user: object) -> Author | None:
    if not isinstance(user, dict):
        return None
    number = string(user.get("id"))
    if number == "deleted":
        return None
    return person(string(user.get("name")), not number.startswith("anonymous_") if number else None)


def _url(record: Mapping[str, object]) -> str | None:
    locator = record.get("locator")
    url = string(locator.get("url")).strip() if isinstance(locator, dict) else ""
    # Remark42 keeps addresses as they stand in HTML.
    return url.replace("&amp;", "&") or None


def _id(value: object) -> str | None:
    found = string(value)
    return found if fits(found, MAX_NAME_BYTES) else None
