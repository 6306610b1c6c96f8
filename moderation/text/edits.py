"""Replacing parts of a text while knowing where everything stood before."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass

Replace = Callable[[re.Match[str]], str | None]


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` of the new text stand for `source_start` to `source_end` of the old one."""

    start: int
    end: int
    source_start: int
    source_end: int


def substitute(pattern: re.Pattern[str], replace: Replace, text: str) -> tuple[str, list[Edit]]:
    """Return the text with every match replaced (by itself where `replace` gives None), and what moved, in order.

    A replacement as long as what it replaces moves nothing and is no edit.
    """
    parts: list[str] = []
    edits: list[Edit] = []
    source = length = 0
    for found in pattern.finditer(text):
        new = replace(found)
        if new is None:
            continue
        parts += (text[source : found.start()], new)
        start = length + found.start() - source
        length = start + len(new)
        source = found.end()
        if len(new) != found.end() - found.start():
            edits.append(Edit(start, length, found.start(), found.end()))
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
