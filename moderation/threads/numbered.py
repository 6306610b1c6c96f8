"""The numbered comment list of a page saved as text -> a tree of comments.

Browsers and text dumps print nested ordered lists as `  1. ` with the replies indented one step further. A level that
is skipped (a reply two steps in where its parent is not on the page) is a missing parent: the reply is kept under the
nearest ancestor that is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from moderation.records import ThreadComment

_ITEM = re.compile(r"^( +)(\d{1,6})\. (?=\S)")


@dataclass
class _Open:
    """A comment being read: its place as a path of numbers (6.1.1 is `(6, 1, 1)`) and its lines so far."""

    path: tuple[int, ...]
    lines: list[str] = field(default_factory=list)


def find_list(lines: list[str]) -> int | None:
    """Return the index of the line where the page's comment list starts, or None.

    The list is the last run of numbered items that nothing but indented or blank lines follow: a numbered list in the
    middle of an article is followed by more of the article.
    """
    start = None
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if line and not line.startswith(" "):
            break
        item = _ITEM.match(line)
        if item:
            start = index
    return start


def read_list(lines: list[str]) -> tuple[ThreadComment, ...]:
    """Return the comments of the list, in page order; `lines` starts with an item.

    Comment text is byte for byte what stands on the page, without the indentation of its lines.
    """
    first = _ITEM.match(lines[0])
    if first is None:
        raise ValueError("lines do not start with a numbered item")
    step = len(first.group(1))
    found: list[_Open] = []
    current: tuple[int, ...] = (0,)
    for line in lines:
        item = _ITEM.match(line)
        path = _place(len(item.group(1)), int(item.group(2)), step, current) if item else None
        if item and path:
            current = path
            found.append(_Open(path, [line[item.end() :]]))
        else:
            found[-1].lines.append(_without_indent(line, step * (len(current) + 1)))
    return _tree(found)


def _place(indent: int, number: int, step: int, current: tuple[int, ...]) -> tuple[int, ...] | None:
    """The path of an item at `indent`, or None where the line is text of the current comment that begins with a number."""
    depth, remainder = divmod(indent, step)
    if remainder or depth < 1:
        return None
    if depth == 1:
        return (number,)
    if depth > len(current):
        # The text of a comment is indented as far as its first reply, so only a reply numbered 1 opens a deeper level.
        return (*current, *(1 for _ in range(depth - len(current) - 1)), 1) if number == 1 else None
    expected = current[depth - 1] + 1
    return (*current[: depth - 1], number) if number == expected else None


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
