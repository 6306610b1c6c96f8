"""The boxes of the comments of a page -> comments: their text, who wrote them and where they stand in the tree."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from bs4.element import NavigableString, Tag

from moderation.errors import PageError
from moderation.records import Author, ThreadComment
from moderation.threads.html_boxes import PAGE_ID, FoundComment, boxes_of, is_form, number_of
from moderation.threads.html_text import attribute, classes, is_hidden, outermost, text_of, walk, words

MAX_DEPTH = 100
"""Replies nested deeper than this are refused: blogs stop at 10, and a number such as 1.1.1 grows with each level."""

_BODY_CLASSES = frozenset({"comment-content", "comment-text", "comment__content", "wp-block-comment-content"})
# Parts of a comment's box that are not its text; some themes put them inside the text's own box.
_FURNITURE = words(
    "comment-author vcard says comment-meta commentmetadata comment-metadata comment-header comment-footer reply "
    "comment-reply-link comment-edit-link edit-link comment-awaiting-moderation comment-likes comment-actions "
    "comment-timestamp in-reply-to wp-block-comment-author-name wp-block-comment-date "
    "wp-block-comment-reply-link wp-block-comment-edit-link sharedaddy jp-relatedposts"
)
# Class or tag names, the surest first.
_NAMES = ("fn", "comment-author-name", "wp-block-comment-author-name", "cite", "comment-author")
_PARENT_ATTRIBUTES = ("data-parent", "data-parent-id", "data-comment-parent")

_PAGE_LINK = re.compile(r"#(?:li-|div-)?(comment-?\d{1,18}|c\d{1,20})$")
_PLACE_NUMBER = re.compile(r"^[\d.]+$")
_ISO_TIME = re.compile(r"^\d{4}-\d{2}-\d{2}")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+|\d{1,3}(?:\.\d{1,3}){3}|(?=[^:]*:[^:]*:)[0-9a-fA-F:]+")
_SAYS = re.compile(r"\s*(?:says|said|wrote)?\s*(?::|\.\.\.|…)\s*$", re.IGNORECASE)
_LEADING_SAYS = re.compile(r"^(?:says|said|wrote) ?:?\n+", re.IGNORECASE)
_AWAITING = re.compile(r"^\s*your comment is awaiting (?:moderation|approval)\b[^\n]{0,150}$", re.IGNORECASE)
_IN_REPLY_TO = re.compile(r"in (?:reply|response) to\b\W*", re.IGNORECASE)


@dataclass
class _Parts:
    """What the box of one comment says about it."""

    body: Tag | None = None
    loose_body: Tag | None = None
    names: dict[str, Tag] = field(default_factory=dict)
    created_at: str | None = None
    page_id: str | None = None
    replies_to: str | None = None
    status: str | None = None
    left_out: set[int] = field(default_factory=set)


def read_comments(found: list[FoundComment], shown: str) -> tuple[ThreadComment, ...]:
    """Return the comments among `found`, numbered by their place in the tree.

    Raises:
        PageError: replies are nested deeper than `MAX_DEPTH`.
    """
    boxes = boxes_of(found)
    parts_of = [_definition_parts(each, boxes) if each.box.name == "dt" else _parts(each, boxes) for each in found]
    # A comment that is a picture only has no text to judge; like a pingback it is left out, its replies are not.
    texts = [_text(each, parts, boxes) if each.is_comment else "" for each, parts in zip(found, parts_of, strict=True)]
    tree = _Tree(shown, {number_of(parts.page_id or "") for parts, text in zip(parts_of, texts, strict=True) if text})
    for each, parts, text in zip(found, parts_of, texts, strict=True):
        tree.add(each, parts, text, _name(each, parts, boxes))
    return tuple(tree.comments)


@dataclass
class _Tree:
    """The comments read so far, and where a reply finds its parent: by nesting or by the number its markup names."""

    shown: str
    on_page: set[str | None]
    comments: list[ThreadComment] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    by_number: dict[str, ThreadComment] = field(default_factory=dict)
    # For every box its comment or, where it has none, the nearest around it.
    nearest: dict[int, ThreadComment | None] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    replies: Counter[str] = field(default_factory=Counter)

    def add(self, each: FoundComment, parts: _Parts, text: str, name: str | None) -> None:
        """Add a comment in its place; one without text only passes on the comment it stands under."""
        nested_in = self.nearest[id(each.parent)] if each.parent else None
        if not text:
            self.nearest[id(each)] = nested_in
            self.left_out.add(id(each))
            return
        named = number_of(parts.replies_to or "")
        parent = self.by_number.get(named or "") or nested_in
        number = self._number(parent)
        page_id = parts.page_id if parts.page_id not in self.ids else None
        comment = ThreadComment(
            id=page_id or number,
            number=number,
            text=text,
            parent_id=parent.id if parent else None,
            parent_missing=bool(named and named not in self.on_page) or id(each.parent) in self.left_out,
            author=Author(name=name) if name else None,
            created_at=parts.created_at,
            status=parts.status,
        )
        self.comments.append(comment)
        self.nearest[id(each)] = comment
        self.ids.add(comment.id)
        if page_id and (own := number_of(page_id)):
            self.by_number.setdefault(own, comment)

    def _number(self, parent: ThreadComment | None) -> str:
        above = parent.number if parent else ""
        self.replies[above] += 1
        number = f"{above}.{self.replies[above]}" if parent else str(self.replies[above])
        if number.count(".") >= MAX_DEPTH:
            raise PageError(f"{self.shown}: has replies nested too deep, expected at most {MAX_DEPTH} levels")
        return number


def _parts(each: FoundComment, boxes: set[int]) -> _Parts:
    """Read the parts of a comment's box, without the boxes of the replies in it and a form opened under it."""
    parts = _Parts(page_id=_page_id(attribute(each.box, "id")), replies_to=_parent_attribute(each.box))
    furniture = 0
    in_body = False
    for entering, node in walk(each.box, lambda tag: id(tag) in boxes or is_hidden(tag) or is_form(tag)):
        if not isinstance(node, Tag):
            continue
        names = classes(node)
        if node is not each.box and not names.isdisjoint(_FURNITURE):
            furniture += 1 if entering else -1
        if parts.body is None and not names.isdisjoint(_BODY_CLASSES):
            parts.body = node
        if node is parts.body:
            in_body = entering
        if entering and "deleted-comment" in names:
            parts.status = "deleted"
        # What a commenter typed is no markup of the page's: in the text only the page's own furniture is read.
        if entering and (furniture or not in_body):
            _take_part(node, names, parts, bool(furniture))
    return parts


def _take_part(tag: Tag, names: frozenset[str], parts: _Parts, in_furniture: bool) -> None:
    if "comment-body" in names and parts.loose_body is None:
        parts.loose_body = tag
    if "comment-awaiting-moderation" in names or _AWAITING.match(_only_string(tag)):
        parts.status = "hold"
        parts.left_out.add(id(tag))
    for name in _NAMES:
        if name in names or name == tag.name:
            parts.names.setdefault(name, tag)
    if tag.name == "time" and parts.created_at is None and _ISO_TIME.match(attribute(tag, "datetime")):
        parts.created_at = attribute(tag, "datetime")
        parts.left_out.add(id(tag))
    page_id = PAGE_ID.match(attribute(tag, "id"))
    if page_id and parts.page_id is None:
        parts.page_id = page_id.group(1)
    link = _PAGE_LINK.search(attribute(tag, "href")) if tag.name == "a" else None
    if link and _is_reply_link(tag, names):
        parts.replies_to = parts.replies_to or link.group(1)
    elif link and in_furniture and parts.page_id is None:
        parts.page_id = link.group(1)


def _is_reply_link(link: Tag, names: frozenset[str]) -> bool:
    before = link.previous_sibling
    text = before if isinstance(before, NavigableString) else ""
    return bool("in-reply-to" in names or _IN_REPLY_TO.match(_only_string(link)) or _IN_REPLY_TO.search(text[-30:]))


def _only_string(tag: Tag) -> str:
    """The text of a tag that holds nothing else; empty for any other."""
    only = tag.contents[0] if len(tag.contents) == 1 else None
    return only.strip() if isinstance(only, NavigableString) else ""


def _page_id(value: str) -> str | None:
    """The page's own id of a comment ("li-comment-12" wraps "comment-12"); never one that reads as a place number."""
    known = PAGE_ID.match(value)
    if known:
        return known.group(1)
    return value if value and not _PLACE_NUMBER.match(value) and not re.search(r"\s", value) else None


def _parent_attribute(tag: Tag) -> str | None:
    values = (attribute(tag, name) for name in _PARENT_ATTRIBUTES)
    return next((value for value in values if value.strip("0")), None)


def _definition_parts(each: FoundComment, boxes: set[int]) -> _Parts:
    parts = _Parts(body=each.body, page_id=_page_id(attribute(each.box, "id")))
    if each.body and outermost(each.body, lambda tag: "deleted-comment" in classes(tag), lambda tag: id(tag) in boxes):
        parts.status = "deleted"
    return parts


def _text(each: FoundComment, parts: _Parts, boxes: set[int]) -> str:
    body = parts.body or parts.loose_body or each.box
    if each.box.name == "dt" and parts.body is None:
        return ""
    author = _author_tag(parts)
    left_out = parts.left_out | ({id(author)} if author else set())

    def skip(tag: Tag) -> bool:
        if id(tag) in boxes or id(tag) in left_out or is_hidden(tag):
            return True
        return not classes(tag).isdisjoint(_FURNITURE) or is_form(tag)

    text = text_of(body, skip, mark_quotes=True)
    return text if parts.body else _LEADING_SAYS.sub("", text)


def _author_tag(parts: _Parts) -> Tag | None:
    return next((parts.names[name] for name in _NAMES if name in parts.names), None)


def _name(each: FoundComment, parts: _Parts, boxes: set[int]) -> str | None:
    """The name a comment is signed with, never an address: some blogs show one in place of a name."""
    author = each.box if each.box.name == "dt" else _author_tag(parts)
    if author is None:
        return None
    name = text_of(author, lambda tag: id(tag) in boxes or is_hidden(tag) or "says" in classes(tag))
    name = _SAYS.sub("", re.sub(r"\s+", " ", name)).strip()
    return None if not name or _ADDRESS.fullmatch(name) else name
