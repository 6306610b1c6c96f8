"""The numbered comment list of a page saved as text -> a tree of comments.

Browsers and text dumps print nested ordered lists as `  1. ` with the replies indented one step further. A level that
is skipped (a reply two steps in where its parent is not on the page) is a missing parent: the reply is kept under the
nearest ancestor that is there. The text of a comment is indented as far as its first reply, so a numbered list inside a
comment cannot be told from replies: its items are read as such, and no word is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from moderation.records import ThreadComment

_ITEM = re.compile(r"^( +)(\d{1,6})\. (?=\S)")
_MAX_FOOTER_WORDS = 8
"""A line below the comments with at most so many words is the foot of the page ("Powered by ..."), not more article."""

MAX_DEPTH = 100
"""Replies nested deeper than this are text of the comment above: blogs stop at 10, and a number grows with each level."""


@dataclass
class _Open:
    """A comment being read: its place as a path of numbers (6.1.1 is `(6, 1, 1)`) and its lines so far."""

    path: tuple[int, ...]
    lines: list[str] = field(default_factory=list)


def find_list(lines: list[str]) -> tuple[int, int] | None:
    """Return the index of the first line of the page's comment list and of the line after it, or None.

    The list is the last run of numbered items that nothing but indented or blank lines and the foot of the page follow:
    a numbered list in the middle of an article is followed by more of the article. Where the numbers of the outermost
    level begin again at 1, what stands before is a list of the article.
    """
    end = len(lines)
    while end and not lines[end - 1].startswith(" ") and len(lines[end - 1].split()) <= _MAX_FOOTER_WORDS:
        end -= 1
    start = end
    while start and (not lines[start - 1] or lines[start - 1].startswith(" ")):
        start -= 1
    items = [index for index in range(start, end) if _ITEM.match(lines[index])]
    if not items:
        return None
    outermost = min(len(lines[index]) - len(lines[index].lstrip(" ")) for index in items)
    begins = [index for index in items if re.match(rf" {{{outermost}}}1\. ", lines[index])]
    return (begins[-1] if begins else items[0]), end


def read_list(lines: list[str]) -> tuple[ThreadComment, ...]:
    """Return the comments of the list, in page order; `lines` starts with an item.

    Comment text is byte for byte what stands on the page, without the indentation of its lines.
    """
    first = _ITEM.match(lines[0])
    if first is None:
        raise ValueError("lines do not start with a numbered item")
    step = len(first.group(1)) + len(first.group(2)) - 1
    found: list[_Open] = []
    last: dict[tuple[int, ...], int] = {}
    current: tuple[int, ...] = (0,)
    for line in lines:
        item = _ITEM.match(line)
        path = _place(item, step, current, last) if item else None
        if item and path:
            current = path
            last[path[:-1]] = path[-1]
            found.append(_Open(path, [line[item.end() :]]))
        else:
            found[-1].lines.append(_without_indent(line, step * (len(current) + 1)))
    return _tree(found)


def _place(
    item: re.Match[str], step: int, current: tuple[int, ...], last: dict[tuple[int, ...], int]
) -> tuple[int, ...] | None:
    """The path of an item, or None where the line is text of the current comment that begins with a number."""
    indent, number = len(item.group(1)), int(item.group(2))
    # Numbers of two digits may be aligned by their last one.
    depth, remainder = divmod(indent if indent % step == 0 else indent + len(item.group(2)) - 1, step)
    if remainder or not 1 <= depth <= MAX_DEPTH:
        return None
    if depth > len(current):
        # As deep as the text of the current comment: only a reply numbered 1 opens a level.
        return (*current, *(1 for _ in range(depth - len(current) - 1)), 1) if number == 1 else None
    above = current[: depth - 1]
    return (*above, max(number, last.get(above, current[depth - 1]) + 1))


def _without_indent(line: str, width: int) -> str:
    return line[min(width, len(line) - len(line.lstrip(" "))) :]


def _tree(found: list[_Open]) -> tuple[ThreadComment, ...]:
    present: set[tuple[int, ...]] = set()
    comments = []
    for entry in found:
        parent = entry.path[:-1]
        nearest = parent
        while nearest and nearest not in present:
            nearest = nearest[:-1]
        present.add(entry.path)
        number = _number(entry.path)
        comments.append(
            ThreadComment(
                id=number,
                number=number,
                text="\n".join(entry.lines).strip("\n"),
                parent_id=_number(nearest) or None,
                parent_missing=nearest != parent,
            )
        )
    return tuple(comments)


def _number(path: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in path)
