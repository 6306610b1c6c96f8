"""Disqus's XML export -> its comments ("posts") and the pages they belong to ("threads").

Relied on: the `dsq:id` attributes of `thread` and `post`, by which a post's own `<thread>` and `<parent>` name others; the
plain `<id>` is the site's and often empty. Threads come before posts. Spam and deleted posts are in it, each with a flag.
E-mail addresses and IP addresses are there as well, and are never read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import BinaryIO

from moderation.limits import MAX_ARTICLE_BYTES, MAX_TITLE_BYTES, MAX_URL_BYTES
from moderation.records import Archived, Article, Author, Comment, Heading
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.fields import cut, person
from moderation.threads.exports.texts import body_text, utc
from moderation.threads.exports.xml_stream import Node, read_xml

# An e-mail address or the address of a machine: neither is a name to pass on.


def read_disqus(stream: BinaryIO, faults: Faults) -> Iterator[Archived | Heading]:
    """Yield the posts and threads of a Disqus export, unpacked, in the order of the file.

    Raises:
        ExportError: the XML is broken or cut off, and `faults` does not recover.
    """
    threads = 0
    for node in read_xml(stream, "disqus", (), ("thread", "post", "category"), faults):
        if not isinstance(node, Node):
            continue
        if node.name == "post":
            yield _comment(node)
        # One without children is a post's reference to its thread: where reading goes on, half a post may stand before it.
        elif node.name == "thread" and node.children:
            threads += 1
            if id_ := _id(node):
                yield Heading(id_, _article(node))
            else:
                faults.skip(f"thread {threads:,}", "has no dsq:id, so no post can belong to it")


def _comment(post: Node) -> Archived:
    spam, deleted = _flag(post, "isSpam"), _flag(post, "isDeleted")
    status = "held" if _flag(post, "isApproved") is False else "approved"
    return Archived(
        Comment(
            text=body_text(post.value("message")),
            id=_id(post),
            author=_author(post.child("author")),
            parent=_id(post.child("parent")),
            thread_id=_id(post.child("thread")),
            # Disqus keeps UTC only, and says so in all but its first exports.
            created_at=utc(post.value("createdAt"), UTC),
        ),
        status="spam" if spam else "deleted" if deleted else status,
        hints=tuple(hint for hint, given in (("disqus:spam", spam), ("disqus:deleted", deleted)) if given),
    )


def _article(thread: Node) -> Article:
    url = thread.value("link")
    return Article(
        # A title is HTML: blogs handed theirs over with its entities.
        title=cut(body_text(thread.value("title")), MAX_TITLE_BYTES),
        text=cut(body_text(thread.value("message")), MAX_ARTICLE_BYTES),
        url=url if url and len(url.encode()) <= MAX_URL_BYTES else None,
    )


def _author(author: Node | None) -> Author | None:
    if author is None:
        return None
    registered = False if _flag(author, "isAnonymous") else True if author.value("username") else None
    return person(author.value("name"), registered)


def _id(node: Node | None) -> str | None:
    found = node.attributes.get("dsq:id", "").strip() if node else ""
    return found if found.strip("0") else None


def _flag(node: Node, name: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(node.value(name).lower())
