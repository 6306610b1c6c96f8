"""Where the comments and the comment form stand on a WordPress, Jetpack or Blogger page.

Only known comment sections are looked at. A theme may nest replies in lists or in plain boxes, wrap one comment in two
boxes, or leave list items open; a comment is therefore found by its class and number, its parent by nesting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.element import Tag

from moderation.threads import furniture
from moderation.threads.html_text import attribute, classes, is_hidden, is_unseen, outermost, text_of, walk, words

PAGE_ID = re.compile(r"^(?:li-|div-|article-)?(comment-?\d{1,18}|c\d{1,20})$")
"""The id that a page gives a comment's box: WordPress "comment-12" (themes add "li-" or "div-"), Blogger "c12"."""

_SECTION_IDS = frozenset({"comments", "commentlist", "comment-list", "comments-block", "comments-list"})
_SECTION_CLASSES = words(
    "comments comment-list commentlist comments-list comments-area comments-section comment-thread "
    "wp-block-comments wp-block-post-comments wp-block-comment-template"
)
_FORM_IDS = frozenset({"respond", "commentform", "comment-form", "comments-form"})
_FORM_CLASSES = frozenset(["comment-respond", "comment-form", "must-log-in", "comment-notes", "comment-policy"])
_BOXES = frozenset({"li", "div", "article", "section"})
_NOT_COMMENTS = frozenset({"pingback", "trackback"})
_MAX_FORM_LINE = 2_000
_DIGITS = re.compile(r"(?<!\d)\d{1,20}$")
_SIGNED_IN_AS = re.compile(r"^.{1,80}?(?=You are commenting using your )")
_MUST_LOG_IN = re.compile(
    r"\bmust (?:be )?(?:logged|log|signed|sign|registered|register)\b.{0,40}\bcomment", re.IGNORECASE
)


@dataclass(eq=False)
class FoundComment:
    """The box of a comment (a definition term for old Blogger pages) and what it is nested in.

    `level` counts the lists around it; `is_comment` is False for a pingback, which may still hold replies.
    """

    box: Tag
    level: int
    parent: FoundComment | None = None
    is_comment: bool = True
    body: Tag | None = None


def is_section(tag: Tag) -> bool:
    """Whether comments may stand in this tag."""
    return attribute(tag, "id") in _SECTION_IDS or not _SECTION_CLASSES.isdisjoint(classes(tag))


def is_form(tag: Tag) -> bool:
    """Whether this tag is (part of) the form below the comments, where a blog states its policy."""
    names = classes(tag)
    if tag.name == "p" and "comment-footer" in names:
        return True
    named = {attribute(tag, "id"), *names}
    return not (named.isdisjoint(_FORM_IDS) and named.isdisjoint(_FORM_CLASSES)) or "blogCommentMessage" in named


def find_comments(soup: BeautifulSoup) -> list[FoundComment]:
    """Return the comments of the page and its pingbacks, in page order."""
    found: list[FoundComment] = []
    opened: list[FoundComment] = []
    sections = lists = 0

    def skip(tag: Tag) -> bool:
        # A whole section may be folded away behind a "show comments" button; a hidden comment is nobody's comment.
        return is_unseen(tag) or ((bool(opened) or _is_box(tag)) and is_hidden(tag))

    for entering, node in walk(soup, skip):
        if not isinstance(node, Tag):
            continue
        step = 1 if entering else -1
        lists += step * (node.name in ("ol", "ul"))
        sections += step * is_section(node)
        if not entering and opened and opened[-1].box is node:
            opened.pop()
        elif entering and sections and node.name in ("dt", "dd"):
            _take_definition(node, found)
        elif entering and sections and _is_new(node, opened, lists):
            found.append(_opened(node, opened, lists))
            opened.append(found[-1])
    return found


def _is_box(tag: Tag) -> bool:
    if tag.name not in _BOXES:
        return False
    names = classes(tag)
    numbered = tag.name == "li" and PAGE_ID.match(attribute(tag, "id"))
    return "comment" in names or bool(numbered) or not _NOT_COMMENTS.isdisjoint(names)


def _is_new(tag: Tag, opened: list[FoundComment], lists: int) -> bool:
    """Whether this box is a comment of its own: some themes wrap one comment in an `li` and an `article`, say."""
    if not _is_box(tag):
        return False
    if not opened:
        return True
    outer = opened[-1]
    number, outer_number = number_of(attribute(tag, "id")), number_of(attribute(outer.box, "id"))
    if number and outer_number:
        return number != outer_number
    return tag.name == "li" or lists > outer.level or bool(number and outer.box.name == "div")


def _opened(tag: Tag, opened: list[FoundComment], lists: int) -> FoundComment:
    parent = opened[-1] if opened else None
    if parent and tag.name == parent.box.name == "li" and lists == parent.level:
        # The `li` before it was left open, as HTML allows: this one stands beside it.
        parent = parent.parent
    return FoundComment(tag, lists, parent, is_comment=_NOT_COMMENTS.isdisjoint(classes(tag)))


def _take_definition(tag: Tag, found: list[FoundComment]) -> None:
    """Take a line of Blogger's old list: `dt.comment-author` opens a comment, `dd.comment-body` is its text."""
    names = classes(tag)
    if tag.name == "dt" and "comment-author" in names:
        found.append(FoundComment(tag, 0))
    elif tag.name == "dd" and "comment-body" in names and found and found[-1].box.name == "dt":
        found[-1].body = found[-1].body or tag


def boxes_of(found: list[FoundComment]) -> set[int]:
    """Return the identities of all tags that hold a comment, for walks that must not enter them."""
    return {id(each.box) for each in found} | {id(each.body) for each in found if each.body}


def number_of(page_id: str) -> str | None:
    """Return the number at the end of a page's id of a comment, or None."""
    digits = _DIGITS.search(page_id)
    return digits.group() if digits else None


def form_lines(soup: BeautifulSoup, found: list[FoundComment]) -> list[str]:
    """Return the lines of the comment form and of what stands around it below the comments.

    WordPress keeps the ways to sign in hidden until a reader picks one, so hidden lines of a form are read.
    """
    not_form = boxes_of(found)
    lines: list[str] = []
    for form in outermost(soup, is_form):
        lines += text_of(form, is_unseen).split("\n")
    for section in outermost(soup, is_section):
        below = text_of(section, lambda tag: id(tag) in not_form or is_unseen(tag)).split("\n")
        start = furniture.form_start(below)
        lines += below[start:] if start is not None else []
    stated = (_SIGNED_IN_AS.sub("", line.strip()) for line in lines)
    return [line for line in dict.fromkeys(stated) if 0 < len(line) <= _MAX_FORM_LINE]


def who_may_comment(lines: list[str]) -> tuple[str, ...]:
    """Return who may comment as the lines of the form say."""
    ways = furniture.who_may_comment(lines)
    if any(_MUST_LOG_IN.search(line) for line in lines):
        ways = (*ways, furniture.REGISTERED)
    return tuple(dict.fromkeys(ways))
