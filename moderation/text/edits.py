"""Replacing parts of a text while knowing where everything stood before."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

Replace = Callable[[re.Match[str]], str | None]
Change = tuple[int, int, str]
"""Where something begins and ends, and what comes in its place."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` of the new text stand for `source_start` to `source_end` of the old one."""

    start: int
    end: int
    source_start: int
    source_end: int


def changes(
    pattern: re.Pattern[str], replace: Replace, text: str, start: int = 0, end: int = sys.maxsize
) -> Iterator[Change]:
    """Yield what is to be replaced between two places: every match for which `replace` gives a text, not None."""
    for match in pattern.finditer(text, start, end):
        new = replace(match)
        if new is not None:
            yield match.start(), match.end(), new


def replaced(text: str, wanted: Iterable[Change]) -> tuple[str, list[Edit]]:
    """Return the text with some changes made, in order, and what moved.

    A replacement as long as what it replaces moves nothing and is no edit.
    """
    parts: list[str] = []
    edits: list[Edit] = []
    source = length = 0
    for first, last, new in wanted:
        parts += (text[source:first], new)
        start = length + first - source
        length = start + len(new)
        source = last
        if len(new) != last - first:
            edits.append(Edit(start, length, first, last))
    if not parts:
        return text, []
    return "".join([*parts, text[source:]]), edits


def substitute(pattern: re.Pattern[str], replace: Replace, text: str) -> tuple[str, list[Edit]]:
    """Return the text with every match replaced (by itself where `replace` gives None), and what moved, in order."""
    return replaced(text, changes(pattern, replace, text))


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
