"""Blogger's export, an Atom feed -> its comments and the posts they belong to.

Two generations are read, told apart entry by entry; both name an entry `tag:blogger.com,1999:blog-B.post-N`, comments too.

Until 2024: what an entry is says its category of the scheme ending in `#kind`. A comment names its post by
`<thr:in-reply-to ref=...>`, and the comment it replies to by a link `rel='related'` whose address ends in that one's number.
Nothing says whether a comment was published. A removed one has a `blogger.contentRemoved` property, or only a sentence.

Since 2024, in Takeout: `<blogger:type>`, `<blogger:status>`, `<blogger:parent>` (the post), `<blogger:inReplyTo>` (the
comment). Google documents none of it, so every field may be missing, and statuses are known by the words in them.

In both, the content is HTML that is escaped, and now and then escaped twice. Posts are known by their number alone: a static
page is `page-N` in its own entry and `post-N` in its comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from moderation.limits import MAX_ARTICLE_BYTES, MAX_TITLE_BYTES, MAX_URL_BYTES
from moderation.records import Archived, Article, Author, Comment, Heading
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.fields import cut, person
from moderation.threads.exports.texts import body_text, utc
from moderation.threads.exports.xml_stream import Node, read_xml

# Google's own vocabulary is longer than what has been seen (LIVE, SPAM_COMMENT): the first word that is in it decides.
_STATUSES = (
    ("SPAM", "spam"),
    ("PENDING", "held"),
    ("EMBARGO", "held"),
    ("MODERAT", "held"),
    ("HELD", "held"),
    ("HOLD", "held"),
    ("TRASH", "trash"),
    ("GHOST", "deleted"),
    ("DELETED", "deleted"),
    ("REMOVED", "deleted"),
    ("EMPTIED", "deleted"),
)
# What Blogger leaves in place of a comment, in the language the blog had then.
_REMOVED = frozenset(
    {
        "This comment has been removed by the author.",
        "This comment has been removed by a blog administrator.",
        "Dieser Kommentar wurde vom Autor entfernt.",
        "Der Kommentar wurde von einem Blog-Administrator entfernt.",
        "Deze reactie is verwijderd door de auteur.",
        "Deze reactie is verwijderd door een blogbeheerder.",
        "Ce commentaire a été supprimé par l'auteur.",
        "Ce commentaire a été supprimé par un administrateur du blog.",
        "El autor ha eliminado este comentario.",
        "Este comentario ha sido eliminado por un administrador del blog.",
    }
)
_POST_NUMBER = re.compile(r"(?:post-|page-|/)([0-9]+)$")
_OWN_NUMBER = re.compile(r"(?<=-)[0-9]+$")
_COMMENT_LINK = re.compile(r"/comments/default/([0-9]+)(?:[/?#]|$)")
_PROFILE = re.compile(r"(?:https?:)?//(?:(?:www\.|draft\.)?blogger\.com/profile/|plus\.google\.com/)", re.IGNORECASE)
_ESCAPED_TAG = re.compile(r"&lt;/?[a-zA-Z]")


def read_blogger(stream: BinaryIO, faults: Faults) -> Iterator[Archived | Heading]:
    """Yield the comments, posts and static pages of a Blogger export in the order of the file.

    Raises:
        ExportError: the feed is broken or cut off, and `faults` does not recover.
    """
    number = 0
    for entry in read_xml(stream, "feed", (), ("entry",), faults):
        if not isinstance(entry, Node) or entry.name != "entry":
            continue
        number += 1
        kind = _kind(entry)
        post = _post_number(entry.value("id"))
        if kind == "comment":
            yield _comment(entry)
        elif kind in ("post", "page") and post:
            yield Heading(post, _article(entry))
        elif not kind:
            faults.skip(f"entry {number:,}", "does not say what it is, expected a post, a page or a comment")
        elif kind in ("post", "page"):
            faults.skip(f"entry {number:,}", f"is a {kind} without an id, so no comment can belong to it")


def _kind(entry: Node) -> str:
    """Return `post`, `page`, `comment` or what else the entry says it is, such as `settings`; empty if it says nothing."""
    if stated := entry.value("blogger:type"):
        return stated.lower()
    for category in entry.all("category"):
        if category.attributes.get("scheme", "").endswith("#kind"):
            return category.attributes.get("term", "").rpartition("#")[2].lower()
    if entry.child("thr:in-reply-to") or entry.child("blogger:parent"):
        return "comment"
    return ""


def _comment(entry: Node) -> Archived:
    own = entry.value("id")
    text = body_text(_unescaped(entry.value("content") or entry.value("summary")))
    status = _status(entry)
    properties = {node.attributes.get("name"): node for node in entry.all("gd:extendedProperty")}
    if text in _REMOVED or "blogger.contentRemoved" in properties:
        text, status = "", "deleted"
    thread = _thread(entry)
    return Archived(
        Comment(
            text=text,
            id=own or None,
            author=_author(entry),
            parent=_reply_to(entry, own, thread),
            thread_id=thread,
            created_at=_time(entry),
        ),
        status=status,
    )


def _status(entry: Node) -> str | None:
    stated = entry.value("blogger:status").upper()
    if control := entry.child("app:control"):
        stated = stated or ("HELD" if control.value("app:draft") == "yes" else "")
    known = next((status for word, status in _STATUSES if word in stated), "approved" if stated == "LIVE" else None)
    # The time at which it was put into the trash; empty elsewhere.
    return "trash" if known in (None, "approved") and entry.value("blogger:trashed") else known


def _thread(entry: Node) -> str | None:
    if stated := entry.value("blogger:parent"):
        return _post_number(stated)
    if replies := entry.child("thr:in-reply-to"):
        return _post_number(replies.attributes.get("ref") or replies.attributes.get("source") or "")
    return None


def _reply_to(entry: Node, own: str, thread: str | None) -> str | None:
    """Return the id of the comment replied to: where only its number is given, the comment's own id with that number."""
    stated = entry.value("blogger:inReplyTo")
    for link in entry.all("link"):
        if not stated and link.attributes.get("rel") == "related":
            found = _COMMENT_LINK.search(link.attributes.get("href", ""))
            stated = found.group(1) if found else ""
    if not stated.strip("0") or _post_number(stated) == thread:
        return None
    return _OWN_NUMBER.sub(stated, own) if stated.isdecimal() and _OWN_NUMBER.search(own) else stated


def _post_number(name: str) -> str | None:
    """Return the number in a post's id or address, the whole of it where there is none, None for nothing."""
    found = _POST_NUMBER.search(name)
    return found.group(1) if found else name or None


def _article(entry: Node) -> Article:
    title = entry.child("title")
    heading = title.text if title else ""
    heading = body_text(heading) if title and title.attributes.get("type") == "html" else " ".join(heading.split())
    text = body_text(_unescaped(entry.value("content") or entry.value("summary")))
    links = [link.attributes.get("href", "") for link in entry.all("link") if link.attributes.get("rel") == "alternate"]
    # Takeout has the path alone, and nowhere the blog's address.
    url = next(filter(None, links), "") or entry.value("blogger:filename")
    return Article(
        title=cut(heading, MAX_TITLE_BYTES),
        text=cut(text, MAX_ARTICLE_BYTES),
        url=url if url and len(url.encode()) <= MAX_URL_BYTES else None,
        published_at=_time(entry),
    )


def _author(entry: Node) -> Author | None:
    author = entry.child("author")
    if author is None:
        return None
    stated = author.value("blogger:type").upper()
    known = {"BLOGGER": True, "ANONYMOUS": False}.get(stated)
    # Whoever only typed a name may have typed an address too: only Google's own profiles are accounts.
    registered = bool(_PROFILE.match(author.value("uri"))) if known is None else known
    return person(author.value("name"), registered)


def _time(entry: Node) -> str | None:
    return utc(entry.value("published")) or utc(entry.value("blogger:created"))


def _unescaped(content: str) -> str:
    """Take back the second of two escapings: no tag at all, but something that was one."""
    found = None if "<" in content else _ESCAPED_TAG.search(content)
    if not found or content.find("&gt;", found.end()) < 0:
        return content
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        content = content.replace(entity, character)
    return content
