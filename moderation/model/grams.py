"""N-grams of a comment: strings, each with the first and last word it spans."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from moderation.model.lexicon import classes
from moderation.model.text import ANTISEMIT, Word

Gram = tuple[str, int, int]
"""An n-gram and the first and last word it spans."""

_CHAR_SIZES = (3, 4, 5)
_FRAME = 10
"""Words on either side that a frame takes in: about one clause each way."""
_NEAR = 3
"""Up to here a frame notes exactly how far a word stands from its centre."""
_STEM = 5
_REACH = 7
"""Words over which one class still has to do with another."""
_JEWISH = re.compile(r"(?:jew|zion|israel|holocaust|nazi|hitler|semit)")


def word_grams(words: Sequence[Word]) -> Iterator[Gram]:
    """Yield single words and pairs of neighbours."""
    for index, word in enumerate(words):
        yield word.form, index, index
        if index:
            yield f"{words[index - 1].form} {word.form}", index - 1, index


def char_grams(words: Sequence[Word]) -> Iterator[Gram]:
    """Yield the runs of 3 to 5 characters inside each word, with its borders marked by a space."""
    for index, word in enumerate(words):
        for run in _runs(word.form):
            yield run, index, index


@lru_cache(maxsize=65_536)
def _runs(form: str) -> tuple[str, ...]:
    padded = f" {form} "
    return tuple(padded[start : start + size] for size in _CHAR_SIZES for start in range(len(padded) - size + 1))


def frame_grams(words: Sequence[Word]) -> Iterator[Gram]:
    """Yield the company that words for antisemitism and for Jews keep: which words stand around them, where and how near.

    Denying, reporting and accusing use the same key word; what differs is the words around it.
    """
    other = "K" if _names_antisemitism(words) else "J"
    for centre, word in enumerate(words):
        key = "A" if word.form.startswith(ANTISEMIT) else other if _JEWISH.match(word.form) else None
        if key is None:
            continue
        yield f"{key}={word.form}", centre, centre
        for index in range(max(0, centre - _FRAME), min(len(words), centre + _FRAME + 1)):
            distance = index - centre
            if distance == 0:
                continue
            form = words[index].form
            yield f"{key}~{form[:_STEM]}", index, index
            yield f"{key}{'<' if distance < 0 else '>'}{form[:_STEM]}", index, index
            if abs(distance) <= _NEAR:
                yield f"{key}{distance}:{form}", index, index
        for before, after in ((-2, -1), (-1, 1), (1, 2)):
            first, last = centre + before, centre + after
            if first >= 0 and last < len(words):
                yield f"{key}{before}{after}:{words[first].form} {words[last].form}", first, last


def class_grams(words: Sequence[Word]) -> Iterator[Gram]:
    """Yield the classes of words, and which class follows which within a few words, close by or further off."""
    recent: list[tuple[int, tuple[str, ...]]] = []
    named = _names_antisemitism(words)
    for index, word in enumerate(words):
        found = classes(word.form)
        if not found:
            continue
        if named:
            found = tuple("jewish, named" if name == "jewish" else name for name in found)
        recent = [(place, others) for place, others in recent if index - place <= _REACH]
        for name in found:
            yield f"#{name}", index, index
            for place, others in recent:
                link = "+" if index - place <= 2 else ".."
                for other in others:
                    yield f"#{other}{link}#{name}", place, index
        recent.append((index, found))


def _names_antisemitism(words: Sequence[Word]) -> bool:
    """Whether antisemitism is named: where it is not, words for Jews may be how it is hinted at."""
    return any(word.form.startswith(ANTISEMIT) for word in words)


GRAMS: Mapping[str, Callable[[Sequence[Word]], Iterator[Gram]]] = {
    "words": word_grams,
    "chars": char_grams,
    "frames": frame_grams,
    "classes": class_grams,
}
