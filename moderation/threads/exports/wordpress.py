"""WordPress's export (WXR: RSS with elements of its own, 1.0 to 1.2) -> its comments and the posts they belong to.

Relied on: an `item` is a post of whatever kind, and its `wp:comment` elements stand in it, behind its own fields. What they
hold is what the database holds: texts in HTML whose line ends count, names with entities, times in UTC as far as they say
`gmt`. WordPress leaves out what is marked as spam; plugins and other programs that write this format do not.

E-mail addresses and IP addresses are there as well, and are never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from typing import BinaryIO

from moderation.limits import MAX_ARTICLE_BYTES, MAX_TITLE_BYTES, MAX_URL_BYTES
from moderation.records import Archived, Article, Comment, Heading
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.fields import author_of, cut, fits, known_id, one_line, web_address
from moderation.threads.exports.texts import body_text, utc
from moderation.threads.exports.xml_stream import Node, Opened, read_xml

KINDS = {"": "comment", "comment": "comment", "pingback": "pingback", "trackback": "trackback"}
"""Types of comments that visitors make; shops and workflow plugins keep notes of their own as comments."""

# "post-trashed": its post is in the trash, and the comment with it.
_STATUSES = {"1": "approved", "0": "held", "spam": "spam", "trash": "trash", "post-trashed": "trash"}
_LONG_FIELDS = frozenset({"title", "content:encoded"})
_SHORT_FIELDS = frozenset({"link", "guid", "wp:post_id", "wp:post_date_gmt"})
_AKISMET = {"true": "akismet:spam", "false": "akismet:ham"}
_NO_REASON = re.compile(r"[^a-z0-9_-]+")
_MAX_REASON = 40
_MAX_HINTS = 8


def read_wordpress(stream: BinaryIO, faults: Faults) -> Iterator[Archived | Heading]:
    """Yield the comments of a WordPress export in the order of the file, before the first one of a post its heading.

    Posts without comments have no heading.

    Raises:
        ExportError: the XML is broken or cut off, and `faults` does not recover.
    """
    post: _Post | None = None
    number = 0
    for found in read_xml(stream, "rss", ("channel", "item"), ("item", "wp:comment"), faults):
        if not isinstance(found, Node):
            if found.name == "item":
                post = _Post() if isinstance(found, Opened) else None
        elif found.name != "wp:comment":
            if post:
                post.add(found)
        else:
            number += 1
            stated = found.value("wp:comment_type")
            if stated not in KINDS:
                where = f"comment {known_id(found.value('wp:comment_id')) or f'number {number:,}'}"
                faults.skip(where, unknown_kind(stated))
                continue
            if post and (heading := post.heading()):
                yield heading
            yield _comment(found, KINDS[stated], post.thread if post else None)


class _Post:
    """What an item said of its post until its first comment; what it says later may be lost."""

    def __init__(self) -> None:
        self.thread: str | None = None
        self._fields: dict[str, str] = {}

    def add(self, field: Node) -> None:
        """Read one of the item's elements."""
        text = field.text.strip()
        # The short ones are looked at again with every comment until one of them says which post this is.
        wanted = field.name in _LONG_FIELDS or (field.name in _SHORT_FIELDS and fits(text, MAX_URL_BYTES))
        if wanted and self.thread is None:
            self._fields.setdefault(field.name, text)

    def heading(self) -> Heading | None:
        """Settle how the post is known, and return its heading; None if that was done or there is no telling."""
        if self.thread is not None:
            return None
        number, guid, link = (self._fields.get(name, "") for name in ("wp:post_id", "guid", "link"))
        self.thread = known_id(number) or guid or link or None
        if self.thread is None:
            return None
        article = Article(
            title=cut(one_line(self._fields.get("title", "")), MAX_TITLE_BYTES),
            text=cut(body_text(self._fields.get("content:encoded", ""), keep_lines=True), MAX_ARTICLE_BYTES),
            url=web_address(link),
            published_at=utc(self._fields.get("wp:post_date_gmt", ""), UTC),
        )
        self._fields.clear()
        return Heading(self.thread, article)


def _comment(comment: Node, kind: str, thread: str | None) -> Archived:
    return Archived(
        Comment(
            text=body_text(comment.value("wp:comment_content"), keep_lines=True),
            id=known_id(comment.value("wp:comment_id")),
            author=author_of(comment.value("wp:comment_author"), comment.value("wp:comment_user_id")),
            parent=known_id(comment.value("wp:comment_parent")),
            thread_id=thread,
            # Not wp:comment_date where that is missing: no export says in which time zone it is.
            created_at=utc(comment.value("wp:comment_date_gmt"), UTC),
        ),
        status=_STATUSES.get(comment.value("wp:comment_approved")),
        kind=kind,
        hints=_hints(comment),
    )


def _hints(comment: Node) -> tuple[str, ...]:
    hints: dict[str, None] = {}
    for meta in comment.all("wp:commentmeta"):
        key, value = meta.value("wp:meta_key"), meta.value("wp:meta_value")
        if key == "akismet_result" and value in _AKISMET:
            hints[_AKISMET[value]] = None
        elif key == "antispam_bee_reason":
            reason = _NO_REASON.sub("-", value[:_MAX_REASON].lower()).strip("-")[:_MAX_REASON]
            if reason:
                hints[f"antispam-bee:{reason}"] = None
        if len(hints) == _MAX_HINTS:
            break
    return tuple(hints)


def unknown_kind(stated: str) -> str:
    """Say why a comment of another type is left out."""
    return f"is of type {stated[:40]!a}, expected a comment, a pingback or a trackback"
