"""Tokens -> n-grams, for a whole batch at once. Every n-gram is a hash and the first and last token it spans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from moderation.text.lexicon import CLASSES
from moderation.text.normal import ANTISEMIT
from moderation.text.tokens import (
    CLASS_BIT,
    MARK,
    MASKED_BITS,
    WORD,
    Hashes,
    Places,
    Tokens,
    class_table,
    hash_of,
    mixed,
)

_CHAR_SIZES = (3, 4, 5)
_FRAME = 10
"""Words on either side that a frame takes in: about one clause each way."""
_NEAR = 3
"""Up to here a frame notes exactly how far a word stands from its centre."""
_SCENE = 8
"""Words on either side of which two are taken together: about as far as a verb stands from what it denies."""
_STEM = 5
_REACH = 7
"""Words over which one class still has to do with another."""
_CLOSE = 2


class Grams(NamedTuple):
    """N-grams: their hashes, and the first and last token of each, all of shape (n-grams,)."""

    form: Hashes
    first: Places
    last: Places


def word_grams(tokens: Tokens) -> Grams:
    """Return single words and pairs of neighbours."""
    single = np.arange(len(tokens))
    left = np.flatnonzero(tokens.text[1:] == tokens.text[:-1])
    pairs = _pair(tokens.form[left], tokens.form[left + 1], 1)
    return Grams(
        np.concatenate([tokens.form, pairs]), np.concatenate([single, left]), np.concatenate([single, left + 1])
    )


def spelt(tokens: Tokens) -> Places:
    """Return the tokens whose characters are looked at: words, unless another word stands in their place."""
    return np.flatnonzero((tokens.kind == WORD) & ((tokens.classes & MASKED_BITS) == 0))


def char_grams(tokens: Tokens, words: Places | None = None) -> Grams:
    """Return the runs of 3 to 5 characters inside each of some words (of all `spelt`), with its borders marked."""
    words = spelt(tokens) if words is None else words
    # Each word with one border in front and one behind: its characters, then a border that serves as the next one's first.
    size = tokens.end[words] - tokens.start[words]
    place = np.concatenate([[0], np.cumsum(size + 1)])
    codes = np.zeros(place[-1] + 1, dtype=np.uint64)
    owner = np.full(place[-1] + 1, -1, dtype=np.intp)
    inside = np.ones(place[-1] + 1, dtype=bool)
    inside[place] = False
    owner[inside] = np.repeat(words, size)
    source = np.repeat(tokens.start[words] - place[:-1] - 1, size) + np.flatnonzero(inside)
    codes[inside] = tokens.codes[source] + np.uint64(1)
    border = np.concatenate([[0], np.cumsum(~inside)])
    form, first = [], []
    running = codes
    for length in range(2, max(_CHAR_SIZES) + 1):
        running = running[: len(codes) - length + 1] * np.uint64(0x100000001B3) + codes[length - 1 :]
        if length in _CHAR_SIZES:
            begin = np.arange(len(running))
            whole = np.flatnonzero(border[begin + length - 1] - border[begin + 1] == 0)
            form.append(mixed(running[whole] + np.uint64(length << 56)))
            first.append(owner[whole + 1])
    forms, firsts = np.concatenate(form), np.concatenate(first)
    return Grams(forms, firsts, firsts)


def frame_grams(tokens: Tokens) -> Grams:
    """Return the company that words for antisemitism and for Jews keep: which words stand around them, where and how near.

    Denying, reporting and accusing use the same key word; what differs is the words around it. Only here is it seen which
    identity a word names.
    """
    centre, named = _centres(tokens)
    says = np.zeros(len(tokens.normals), dtype=bool)
    says[tokens.text[named]] = True
    around = _around(tokens, centre, named, says) if len(centre) else []
    pairs = _class_pairs(tokens, ~_ENGLISH, says)
    found = [*around, Grams(_pair(pairs.form, pairs.form, 7), pairs.first, pairs.last)]
    return Grams(*map(np.concatenate, zip(*found, strict=True)))


def _around(tokens: Tokens, centre: Places, named: NDArray[np.bool_], says: NDArray[np.bool_]) -> list[Grams]:
    """The words around each centre."""
    key = np.where(named[centre], 1, np.where(says[tokens.text[centre]], 2, 3)).astype(np.uint64)
    stem = tokens.prefix(_STEM)
    found = [Grams(mixed(tokens.form[centre] + key), centre, centre)]
    for distance in (*range(-_FRAME, 0), *range(1, _FRAME + 1)):
        other, near = _neighbours(tokens, centre, distance)
        side = key[near] + np.uint64(8 if distance < 0 else 16)
        found.append(Grams(_pair(stem[other], key[near], 2), other, other))
        found.append(Grams(_pair(stem[other], side, 3), other, other))
        if abs(distance) <= _NEAR:
            found.append(Grams(_pair(stem[other], key[near] + np.uint64(32 * (distance + 8)), 4), other, other))
    for before, after in ((-2, -1), (-1, 1), (1, 2)):
        left, near = _neighbours(tokens, centre, before)
        right, both = _neighbours(tokens, centre[near], after)
        left, near = left[both], near[both]
        form = _pair(_pair(tokens.form[left], tokens.form[right], 5 + before), key[near], 6)
        found.append(Grams(form, left, right))
    return found


def scene_grams(tokens: Tokens) -> Grams:
    """Return the pairs of words, reduced to what they do, around each word for antisemitism or for Jews.

    "Nobody", "called" and "antisemite" together say another thing than each two of them. A word is reduced to its class, the
    commonest English words stand for themselves, other words are passed over.
    """
    centre, named = _centres(tokens)
    if not len(centre):
        return Grams(np.empty(0, np.uint64), np.empty(0, np.intp), np.empty(0, np.intp))
    around = centre[:, None] + _AROUND
    within = (around >= 0) & (around < len(tokens))
    around = np.clip(around, 0, max(len(tokens) - 1, 0))
    within &= tokens.text[around] == tokens.text[centre][:, None]
    does = np.zeros(around.shape, dtype=np.uint64)
    does[within] = _doings(tokens, named, around[within])
    left, right = does[:, _LEFT], does[:, _RIGHT]
    row, pair = np.nonzero((left != 0) & (right != 0))
    where = np.where(named[centre[row]], 1, 2) + 16 * _SIDES[pair]
    return Grams(
        _pair(_pair(left[row, pair], right[row, pair], 11), where.astype(np.uint64), 12),
        around[row, _LEFT[pair]],
        around[row, _RIGHT[pair]],
    )


def _centres(tokens: Tokens) -> tuple[Places, NDArray[np.bool_]]:
    """The words for antisemitism and for Jews, and whether each token is one of the former."""
    named = tokens.prefix(len(ANTISEMIT)) == _ANTISEMIT
    return np.flatnonzero(named | ((tokens.classes & _JEWISH) != 0)), named


def _doings(tokens: Tokens, named: NDArray[np.bool_], places: Places) -> Hashes:
    """What some words do: the first of its classes, the word itself if it is one of the commonest, else 0."""
    classes = tokens.classes[places]
    doing = class_table(classes)[:, _DOING]
    does = np.where(doing.any(axis=1), _DOING[np.argmax(doing, axis=1)] + 1, 0).astype(np.uint64)
    does = np.where((does == 0) & ((classes & _ENGLISH) != 0), tokens.form[places], does)
    does = np.where((does == 0) & (tokens.kind[places] == MARK), np.uint64(len(CLASSES) + 1), does)
    return np.asarray(np.where(named[places], np.uint64(len(CLASSES) + 2), does))


def class_grams(tokens: Tokens) -> Grams:
    """Return the classes of words, and which class follows which within a few words, close by or further off."""
    return _class_pairs(tokens, ~_ENGLISH & ~_JEWISH, None)


def _class_pairs(tokens: Tokens, seen: np.uint64, says: NDArray[np.bool_] | None) -> Grams:
    """Classes and pairs of them; words for Jews are another class in the texts that `says` antisemitism."""
    place, number = _occurrences(tokens.classes & seen)
    number = number.astype(np.uint64)
    if says is not None:
        number[(number == _JEWISH_NUMBER) & says[tokens.text[place]]] = len(CLASSES)
    form, first, last = [mixed((number + np.uint64(1000)).astype(np.uint64))], [place], [place]
    for step in range(1, len(place)):
        left, right = place[:-step], place[step:]
        near = np.flatnonzero((right - left <= _REACH) & (right > left) & (tokens.text[left] == tokens.text[right]))
        if not len(near) and (right - left > _REACH).all():
            break
        close = (right[near] - left[near] <= _CLOSE).astype(np.uint64)
        form.append(
            mixed(number[near] * np.uint64(64) + number[near + step] + (close + np.uint64(2)) * np.uint64(65536))
        )
        first.append(left[near])
        last.append(right[near])
    return Grams(np.concatenate(form), np.concatenate(first), np.concatenate(last))


GRAMS: Mapping[str, Callable[[Tokens], Grams]] = {
    "words": word_grams,
    "chars": char_grams,
    "frames": frame_grams,
    "scenes": scene_grams,
    "classes": class_grams,
}

_ANTISEMIT = hash_of(ANTISEMIT)
_JEWISH_NUMBER = list(CLASSES).index("jewish")
_JEWISH, _ENGLISH = CLASS_BIT["jewish"], CLASS_BIT["english"]
_DOING = np.array([number for number, name in enumerate(CLASSES) if name not in ("english", "identity")])
_AROUND = np.array([distance for distance in range(-_SCENE, _SCENE + 1) if distance])
_LEFT, _RIGHT = np.triu_indices(len(_AROUND), k=1)
_SIDES = 2 * (_AROUND[_LEFT] < 0) + (_AROUND[_RIGHT] < 0)
"""Of each pair, which of the two stand before the word they surround."""


def _pair(left: Hashes, right: Hashes, salt: int) -> Hashes:
    return mixed(left * np.uint64(0x9E3779B97F4A7C15) + right + np.uint64(salt))


def _neighbours(tokens: Tokens, centre: Places, distance: int) -> tuple[Places, NDArray[np.intp]]:
    """The tokens that far from the centres within their texts, and which centres have one."""
    other = centre + distance
    inside = np.flatnonzero((other >= 0) & (other < len(tokens)))
    near = inside[tokens.text[other[inside]] == tokens.text[centre[inside]]]
    return other[near], near


def _occurrences(classes: Hashes) -> tuple[Places, Places]:
    """Token and class of every class that a token belongs to, by token."""
    having = np.flatnonzero(classes)
    row, number = np.nonzero(class_table(classes[having]))
    return having[row], number
