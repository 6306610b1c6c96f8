"""Text as people type it -> text as it is read, and the way back to the characters typed.

1. unmark: HTML tags and entities (markup.py)
2. fold: look-alikes, accents, case (fold.py)
3. mark: addresses, handles and blotted-out words (here)
4. reveal: words spelled around a filter (obfuscation.py)
5. spell: one spelling for antisemitism, one word for a people of two (here)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from moderation.text.edits import Edit, matches, substitute, to_source
from moderation.text.fold import fold
from moderation.text.markup import unmark
from moderation.text.obfuscation import is_strong, reveal
from moderation.text.plain import suspects

ANTISEMIT = "antisemit"
"""How every spelling of antisemitism, antisemitic, antisemite ... begins."""
URL, USER, MASK = "\ue000", "\ue001", "\ue002"
"""What an address of a web page, a handle and a blotted-out word (`****`) are read as, each as long as it was."""

_MARKED = re.compile(
    r"(?P<url>https?://\S+|www\.\S+|\b[\w-]+\.(?:com|net|org|info|biz|ru|xyz|shop|example|co\.uk|ly|be|me|io|tv)\b\S*)"
    r"|(?P<user>(?<!\w)@\w+)"
    r"|(?P<mask>(?<!\w)(?:\*{3,}|#{3,}|[@#$%&*!]{4,}(?<!!))(?!\w))"
)
_MARK_OF = {"url": URL, "user": USER, "mask": MASK}
_SPELLINGS = re.compile(
    r"\b(?:(?P<antisemit>anti[\s\-]{0,2}s[ei]m[ei]t)|(?P<region>middle[\s\-]eastern\b)|(?P<age>middle[\s\-]aged\b)"
    r"|(?P<people>african|asian|native|mexican|arab|irish|italian|chinese|japanese|korean|indian)[\s\-]americans?\b)"
)
_UNMOVED: list[Edit] = []
_SPELT = {"antisemit": ANTISEMIT, "region": "mideastern", "age": "aged"}


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


def normalise(text: str) -> Normal:
    """Return the text as it is read. Linear in the length of the text; never raises."""
    return normalise_all([text])[0]


def normalise_all(texts: Sequence[str]) -> list[Normal]:
    """Return each text as it is read."""
    unmarked = [unmark(text) if "<" in text or "&" in text else (text, _UNMOVED) for text in texts]
    folded = [fold(text) for text, _ in unmarked]
    found = []
    everywhere = suspects([text for text, _ in folded])
    for (_, first), (text, second), places in zip(unmarked, folded, everywhere, strict=True):
        passes = [first, second]
        if places:
            # An address is as long as what is put in its place: the places stay where they are.
            text, edits = substitute(_MARKED, _as_mark, text, matches(_MARKED, text, places))
            text, more = reveal(text, places)
            passes += [edits, more]
        if "anti" in text or "americ" in text or "middle" in text:
            text, edits = _spell(text)
            passes.append(edits)
        found.append(Normal(text, tuple(edits for edits in reversed(passes) if edits)))
    return found


def _as_mark(found: re.Match[str]) -> str | None:
    if found.lastgroup == "user" and is_strong("a" + found.group()[1:]):
        return None  # @sshole
    return _MARK_OF[str(found.lastgroup)] * len(found.group())


def _spell(text: str) -> tuple[str, list[Edit]]:
    return substitute(_SPELLINGS, lambda found: _SPELT.get(str(found.lastgroup)) or found.group("people"), text)
