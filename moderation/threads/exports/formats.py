"""A file -> the name of its format, found from its content and never from its name."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from moderation.errors import InputError
from moderation.threads.comment_records import looks_like_csv
from moderation.threads.exports.unpacking import PackingError, unpacked

HEAD_BYTES = 1 << 16
"""How much of a file is looked at, unpacked if it is packed."""
EXPECTED = (
    "an export of WordPress (WXR or REST), Blogger (Atom or Takeout), Disqus, Isso or Remark42, "
    "comment records in JSON lines, CSV or Parquet, or a saved page"
)

_MAGIC = ((b"SQLite format 3\0", "isso"), (b"PAR1", "parquet"), (b"PK\x03\x04", "blogger-takeout"))
_ROOTS = {"rss": "wordpress", "feed": "blogger", "disqus": "disqus"}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BEFORE_ROOT = re.compile(rb"\s*(<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_ROOT = re.compile(rb"\s*<(?:!DOCTYPE\s+)?([A-Za-z_][\w.:-]*)", re.IGNORECASE)
_TOKEN = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"?|[{}\[\]:,]', re.DOTALL)


def format_of(path: Path, shown: str | None = None) -> str:
    """Return `wordpress`, `wordpress-rest`, `blogger`, `blogger-takeout`, `disqus`, `isso`, `isso-json`, `remark42`,
    `jsonl`, `csv`, `parquet` or `page`, which is whatever is none of the others. `shown` is how errors call the file.

    Raises:
        InputError: the file is missing, empty or no file, may not be read, or is XML or a JSON array of another kind.
    """
    name = shown or str(path)
    head = _head(path, name)
    if not head.strip():
        raise InputError(f"{name}: is empty, expected {EXPECTED}")
    if head[:2] in _UTF16:
        text = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
        if _format(text, name) != "page":
            raise InputError(f"{name}: is in UTF-16, expected UTF-8")
        return "page"
    return _format(head, name)


def _head(path: Path, name: str) -> bytes:
    head = b""
    with unpacked(path) as stream:
        try:
            while len(head) < HEAD_BYTES and (piece := stream.read(HEAD_BYTES - len(head))):
                head += piece
        except PackingError as error:
            if not head.strip():
                raise InputError(f"{name}: {error}, expected a gzip file") from None
    return head


def _format(head: bytes, name: str) -> str:
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    by_first = _BY_FIRST.get(start[:1])
    if by_first is not None:
        return by_first(start, name)
    return "csv" if looks_like_csv(head[:10_000].decode("utf-8", "replace")) else "page"


def _xml(start: bytes, name: str) -> str:
    position, declared = 0, False
    while before := _BEFORE_ROOT.match(start, position):
        declared = declared or before.group(1).startswith(b"<?xml")
        position = before.end()
    root = _ROOT.match(start, position)
    element = root.group(1).decode() if root else ""
    if declared and element not in _ROOTS and element.lower() != "html":
        found = f"begins with <{element[:40]}>" if element else f"has no element in its first {HEAD_BYTES:,} bytes"
        raise InputError(f"{name}: is XML that {found}, expected <rss> (WordPress), <feed> (Blogger) or <disqus>")
    return _ROOTS.get(element, "page")


def _json_array(start: bytes, name: str) -> str:
    text = start.decode("utf-8", "replace")
    # Pages of comments may be put one after another, or into one another, and any of them may be empty.
    brackets = len(text) - len(text.lstrip("[], \t\r\n"))
    if brackets == len(text):
        return "wordpress-rest"
    if text[brackets] != "{":
        return "page"
    members = _members(text[brackets:])
    if "post" in members and "content" in members:
        return "wordpress-rest"
    if "comments" in members or members.get("id", "").startswith("/"):
        return "isso-json"
    raise InputError(
        f"{name}: is a JSON array of other things, expected comments of WordPress's REST API or of Isso, "
        "or JSON lines: one comment record a line"
    )


def _json_object(start: bytes, name: str) -> str:
    members = _members(start.split(b"\n", 1)[0].decode("utf-8", "replace"))
    return "remark42" if "version" in members and "users" in members else "jsonl"


def _members(text: str) -> dict[str, str]:
    """Keys of the object that a text begins with, as far as it goes, and their values: empty where those are no strings."""
    members: dict[str, str] = {}
    depth, last, key = 0, "", None
    for token in _TOKEN.finditer(text):
        mark = token.group()[0]
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
            if depth == 0:
                break
        elif depth > 1:
            continue
        elif mark == '"':
            last = token.group(1)
            if key is not None:
                members[key] = last
        else:
            key = last if mark == ":" else None
            if key is not None:
                members[key] = ""
    return members


_BY_FIRST: Mapping[bytes, Callable[[bytes, str], str]] = {b"<": _xml, b"[": _json_array, b"{": _json_object}
