"""Text as people type it -> text as it is read, and the way back to the characters typed.

1. unmark: HTML tags and entities (markup.py)
2. fold: look-alikes, accents, case (fold.py)
3. mark: addresses, handles and blotted-out words (marks.py)
4. reveal: words spelled around a filter (obfuscation.py)
5. spell: one spelling for antisemitism, one word for a people of two (here)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from moderation.text.edits import Change, Edit, changes, replaced, to_source
from moderation.text.fold import fold
from moderation.text.marks import with_marks
from moderation.text.markup import unmark
from moderation.text.obfuscation import hidden
from moderation.text.plain import suspects

ANTISEMIT = "antisemit"
"""How every spelling of antisemitism, antisemitic, antisemite ... begins."""
_SPELLINGS = re.compile(
    r"\b(?:(?P<antisemit>anti[\s\-]{0,2}s[ei]m[ei]t)|(?P<region>middle[\s\-]eastern\b)|(?P<age>middle[\s\-]aged\b)"
    r"|(?P<people>african|asian|native|mexican|arab|irish|italian|chinese|japanese|korean|indian)[\s\-]americans?\b)"
)
_SPELT = {"antisemit": ANTISEMIT, "region": "mideastern", "age": "aged"}
_SPELLED = ("anti", "american", "middle")
"""What stands in every text that `_SPELLINGS` changes."""
_SPELLED_BEFORE, _SPELLED_AFTER = 12, 20
"""Characters before and after the beginning of one of these that what it changes can reach over."""
_CACHED = 40
"""Longer words than this hardly come twice."""


@dataclass(frozen=True, slots=True)
class Normal:
    """A text as it is read, and the edits of each pass that led there, last pass first."""

    text: str
    passes: tuple[list[Edit], ...] = ()

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Return where the characters `start` to `end` (not empty) stood in the text as it was typed."""
        for edits in self.passes:
            start, end = to_source(edits, start, end)
        return start, end


@dataclass(frozen=True, slots=True)
class Normals:
    """Some texts as they are read, laid behind one another in `joined` with a line end before and behind each.

    Text `i` stands from `start[i]` on, `size[i]` characters. `passes` are the edits of those in which something moved, as in
    `Normal`.
    """

    joined: str
    start: NDArray[np.intp]
    size: NDArray[np.intp]
    passes: Mapping[int, tuple[list[Edit], ...]]

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, index: int) -> Normal:
        start = int(self.start[index])
        return Normal(self.joined[start : start + int(self.size[index])], self.passes.get(index, ()))


def normalise(text: str) -> Normal:
    """Return the text as it is read. Linear in the length of the text; never raises."""
    return normalise_all([text])[0]


def normalise_all(texts: Sequence[str]) -> Normals:
    """Return the texts as they are read."""
    passes: dict[int, list[list[Edit]]] = {}
    read = [text.lower() for text in texts]
    for index, text in enumerate(texts):
        if not text.isascii() or "<" in text or "&" in text or "`" in text:
            plain, first = unmark(text) if "<" in text or "&" in text else (text, [])
            read[index], second = fold(plain)
            if first or second:
                passes[index] = [first, second]
    joined, start = _joined(read)
    revealed = _revealed(read, joined, start)
    for index, (plain, edits) in revealed.items():
        read[index] = plain
        if edits:
            passes.setdefault(index, []).append(edits)
    if revealed:
        joined, start = _joined(read)
    spelt = _spelt(joined, start)
    for index, respelt in spelt.items():
        read[index], edits = replaced(read[index], respelt)
        passes.setdefault(index, []).append(edits)
    if spelt:
        joined, start = _joined(read)
    moved = {index: tuple(edits for edits in reversed(each) if edits) for index, each in passes.items()}
    return Normals(joined, start, np.diff(start, append=len(joined)) - 1, moved)


def _joined(texts: Sequence[str]) -> tuple[str, NDArray[np.intp]]:
    """The texts with a line end before and behind each, and where each begins."""
    ends = (np.fromiter(map(len, texts), dtype=np.intp, count=len(texts)) + 1).cumsum()
    return "\n".join(["", *texts, ""]), np.concatenate([[1], ends + 1])[: len(texts)]


def _spelt(joined: str, start: NDArray[np.intp]) -> dict[int, list[Change]]:
    """What is spelt otherwise, in which texts."""
    places = []
    for part in _SPELLED:
        place = joined.find(part)
        while place >= 0:
            if not joined.startswith(ANTISEMIT, place):
                places.append(place)
            place = joined.find(part, place + 1)
    found: dict[int, list[Change]] = {}
    done = 0
    for place in sorted(places):
        index = int(start.searchsorted(place, side="right")) - 1
        first = int(start[index])
        last = int(start[index + 1]) - 1 if index + 1 < len(start) else len(joined) - 1
        within = max(done, first, place - _SPELLED_BEFORE), min(last, place + _SPELLED_AFTER)
        for begin, end, new in changes(_SPELLINGS, _spelling, joined, *within):
            found.setdefault(index, []).append((begin - first, end - first, new))
            done = end
    return found


def _revealed(read: Sequence[str], joined: str, start: NDArray[np.intp]) -> dict[int, tuple[str, list[Edit]]]:
    """The texts in which something is marked or hidden, as they are read, and what moved."""
    revealed: dict[int, tuple[str, list[Edit]]] = {}
    wanted: dict[int, list[tuple[int, str, tuple[Change, ...]]]] = {}
    begin, end = suspects(joined)
    texts = start.searchsorted(begin, side="right") - 1
    for index, first, last in zip(texts.tolist(), begin.tolist(), end.tolist(), strict=True):
        part = joined[first:last]
        marked, words = _open_cached(part) if len(part) <= _CACHED else _open(part)
        if words or marked != part:
            wanted.setdefault(index, []).append((first - int(start[index]), marked, words))
    for index, parts in wanted.items():
        # A mark is as long as what it stands for: the places stay where they are.
        text, _ = replaced(read[index], ((place, place + len(marked), marked) for place, marked, _ in parts))
        moved = ((place + first, place + last, new) for place, _, words in parts for first, last, new in words)
        revealed[index] = replaced(text, moved)
    return revealed


def _open(text: str) -> tuple[str, tuple[Change, ...]]:
    """A text with marks, and the hidden words in it."""
    marked = with_marks(text)
    return marked, tuple(hidden(marked))


_open_cached = lru_cache(maxsize=16_384)(_open)


def _spelling(found: re.Match[str]) -> str | None:
    new = _SPELT.get(str(found.lastgroup)) or found.group("people")
    return None if new == found.group() else new
