"""Comments as WordPress's REST API lists them (`/wp-json/wp/v2/comments`), saved page by page -> the same comments.

A file has the pages one after another, or all in one array. Without a login there are only approved comments in them, and
texts as the theme shows them; with one and `context=edit` there are all, and texts as they were typed. With `_embed` each
comment has its post. Fields may be left out (`_fields`), so only the text is needed. The newest come first unless the
pages were asked for with `order=asc`, which they should be: what stands before a comment is taken to be earlier.

E-mail addresses and IP addresses are there with `context=edit`, and are never read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import BinaryIO

from moderation.limits import MAX_ARTICLE_BYTES, MAX_TITLE_BYTES
from moderation.records import Archived, Article, Comment, Heading
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.fields import author_of, cut, known_id, web_address
from moderation.threads.exports.json_stream import clean, read_json_array
from moderation.threads.exports.json_values import string
from moderation.threads.exports.texts import body_text, utc
from moderation.threads.exports.wordpress import KINDS, unknown_kind

MAX_HEADED = 10_000
"""Posts that are remembered to have had their heading; then all are forgotten, and some come again."""

_STATUSES = {
    "approved": "approved",
    "approve": "approved",
    "hold": "held",
    "spam": "spam",
    "trash": "trash",
    "post-trashed": "trash",
}


def read_wordpress_rest(stream: BinaryIO, faults: Faults) -> Iterator[Archived | Heading]:
    """Yield the comments of saved pages in the order of the file, before the first one of an embedded post its heading.

    Raises:
        ExportError: the JSON is broken or cut off, and `faults` does not recover.
    """
    headed: set[str] = set()
    for offset, line, record in read_json_array(stream, faults):
        where = f"byte {offset:,}, line {line:,}"
        if not isinstance(record, dict):
            faults.skip(where, "is no comment, expected an object")
            continue
        text = _text(record.get("content"))
        stated = _string(record.get("type"))
        if text is None:
            faults.skip(where, "has no text, expected 'content' with 'rendered' or 'raw'")
            continue
        if stated not in KINDS:
            faults.skip(where, unknown_kind(stated))
            continue
        thread = _thread(record)
        if thread and thread not in headed and (article := _article(record)):
            if len(headed) == MAX_HEADED:
                headed.clear()
            headed.add(thread)
            yield Heading(thread, article)
        yield _comment(record, text, KINDS[stated], thread)


def _comment(record: dict[object, object], text: str, kind: str, thread: str | None) -> Archived:
    return Archived(
        Comment(
            text=text,
            id=known_id(_number(record.get("id"))),
            author=author_of(_string(record.get("author_name")), _number(record.get("author"))),
            parent=known_id(_number(record.get("parent"))),
            thread_id=thread,
            # Not `date` where that is missing: no page says in which time zone it is.
            created_at=utc(_string(record.get("date_gmt")), UTC),
        ),
        status=_STATUSES.get(_string(record.get("status"))),
        kind=kind,
    )


def _text(content: object) -> str | None:
    """Return the text of a comment or post, as it was typed where that is given; None where there is none at all."""
    if not isinstance(content, dict):
        return body_text(clean(content)) if isinstance(content, str) else None
    raw, rendered = content.get("raw"), content.get("rendered")
    if isinstance(raw, str) and (raw or not isinstance(rendered, str)):
        return body_text(clean(raw), keep_lines=True)
    return body_text(clean(rendered)) if isinstance(rendered, str) else None


def _thread(record: dict[object, object]) -> str | None:
    if post := known_id(_number(record.get("post"))):
        return post
    # The address of the comment itself, up to the page it is on.
    return web_address(_string(record.get("link")).partition("#")[0])


def _article(record: dict[object, object]) -> Article | None:
    """Return the embedded post, None if there is none; one that may not be seen is embedded as an error."""
    embedded = record.get("_embedded")
    posts = embedded.get("up") if isinstance(embedded, dict) else None
    post = posts[0] if isinstance(posts, list) and posts else None
    if not isinstance(post, dict):
        return None
    article = Article(
        title=cut(" ".join((_text(post.get("title")) or "").split()), MAX_TITLE_BYTES),
        text=cut(_text(post.get("content")) or "", MAX_ARTICLE_BYTES),
        url=web_address(_string(post.get("link"))),
        published_at=utc(_string(post.get("date_gmt")), UTC),
    )
    return article if article != Article() else None


def _string(value: object) -> str:
    return string(value).strip()


def _number(value: object) -> str:
    """Return a number as its digits, also where a plugin made it a string."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _string(value)
