"""Replacing parts of a text while knowing where everything stood before."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

_SPACE = re.compile(r"\s")
Replace = Callable[[re.Match[str]], str | None]


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` of the new text stand for `source_start` to `source_end` of the old one."""

    start: int
    end: int
    source_start: int
    source_end: int


def matches(pattern: re.Pattern[str], text: str, places: Iterable[int]) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern that matches no white space, looked for only in what stands around some places."""
    done = 0
    for place in places:
        if place >= done:
            start = max(text.rfind(" ", done, place), text.rfind("\n", done, place), done - 1) + 1
            done = next((space.start() for space in _SPACE.finditer(text, place)), len(text))
            yield from pattern.finditer(text, start, done)


def substitute(
    pattern: re.Pattern[str], replace: Replace, text: str, found: Iterable[re.Match[str]] | None = None
) -> tuple[str, list[Edit]]:
    """Return the text with every match replaced (by itself where `replace` gives None), and what moved, in order.

    `found` are the matches, where the caller knows a quicker way to them. A replacement as long as what it replaces moves
    nothing and is no edit.
    """
    parts: list[str] = []
    edits: list[Edit] = []
    source = length = 0
    for match in pattern.finditer(text) if found is None else found:
        new = replace(match)
        if new is None:
            continue
        parts += (text[source : match.start()], new)
        start = length + match.start() - source
        length = start + len(new)
        source = match.end()
        if len(new) != match.end() - match.start():
            edits.append(Edit(start, length, match.start(), match.end()))
    if not parts:
        return text, []
    return "".join([*parts, text[source:]]), edits


def to_source(edits: list[Edit], start: int, end: int) -> tuple[int, int]:
    """Return where the characters `start` to `end` (not empty) of the new text stood in the old one."""
    first = bisect_right(edits, start, key=lambda edit: edit.start) - 1
    last = bisect_left(edits, end, key=lambda edit: edit.start) - 1
    return _source(edits, first, start, False), _source(edits, last, end, True)


def _source(edits: list[Edit], index: int, place: int, is_end: bool) -> int:
    if index < 0:
        return place
    edit = edits[index]
    if place < edit.end or (is_end and place == edit.end):
        return edit.source_end if is_end else edit.source_start
    return edit.source_end + place - edit.end
