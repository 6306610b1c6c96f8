"""Tokens -> n-grams, for a whole batch at once. Every n-gram is a hash and the first and last token it spans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from moderation.text.hashing import Codes, Hashes, Places, mixed, where
from moderation.text.kinds import MARK, WORD
from moderation.text.lexicon import CLASSES
from moderation.text.tokens import Tokens
from moderation.text.words import CLASS_BIT, MASKED_BITS

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
    left = where(tokens.text[1:] == tokens.text[:-1])
    pairs = neighbour_forms(tokens.form[left], tokens.form[left + 1])
    return _all(Grams(tokens.form, single, single), Grams(pairs, left, left + 1))


def neighbour_forms(left: Hashes, right: Hashes) -> Hashes:
    """Return the hashes of pairs of words, one after the other."""
    return _pair(left, right, 1)


def char_grams(tokens: Tokens) -> Grams:
    """Return the runs of characters inside each word, unless another word stands in its place."""
    words = where((tokens.kind == WORD) & ((tokens.classes & MASKED_BITS) == 0))
    found = letter_grams(tokens.codes, tokens.start[words], tokens.end[words])
    return _all(*(Grams(form, words[owner], words[owner]) for form, owner in found))


def letter_grams(codes: Codes, start: Places, end: Places) -> Iterator[tuple[Hashes, Places]]:
    """Yield the runs of 3, of 4 and of 5 characters inside some words, their borders marked, and the word of each."""
    # Each word with one border in front and one behind: its characters, then a border that serves as the next one's first.
    size = end - start
    place = np.concatenate([[0], (size + 1).cumsum()])
    letters = np.zeros(place[-1] + 1, dtype=np.uint64)
    owner = np.full(place[-1] + 1, -1, dtype=np.intp)
    inside = np.ones(place[-1] + 1, dtype=bool)
    inside[place] = False
    owner[inside] = np.arange(len(size)).repeat(size)
    source = (start - place[:-1] - 1).repeat(size) + where(inside)
    letters[inside] = codes[source].astype(np.uint64) + np.uint64(1)
    border = np.concatenate([[0], (~inside).cumsum()])
    running = letters
    for length in range(2, max(_CHAR_SIZES) + 1):
        count = max(len(letters) - length + 1, 0)
        running = running[:count] * np.uint64(0x100000001B3) + letters[length - 1 :]
        if length in _CHAR_SIZES:
            whole = where(border[length - 1 : length - 1 + count] == border[1 : 1 + count])
            yield mixed(running[whole] + np.uint64(length << 56)), owner[whole + 1]


def frame_grams(tokens: Tokens) -> Grams:
    """Return the company that words for antisemitism and for Jews keep: which words stand around them, where and how near.

    Denying, reporting and accusing use the same key word; what differs is the words around it. Only here is it seen which
    identity a word names.
    """
    pairs = class_pairs(tokens)
    form = framed(class_forms(pairs.left, pairs.right, pairs.near))
    return _all(around_grams(tokens), Grams(form, pairs.first, pairs.last))


def framed(form: Hashes) -> Hashes:
    """Return the hashes of classes and pairs of classes as they stand among the frames."""
    return _pair(form, form, 7)


def around_grams(tokens: Tokens) -> Grams:
    """Return the words around each word for antisemitism and for Jews."""
    centre, named = _centres(tokens)
    if not len(centre):
        return NO_GRAMS
    says = _says(tokens, centre[named])
    key = np.where(named, 1, np.where(says[tokens.text[centre]], 2, 3)).astype(np.uint64)
    row, step, other = _neighbours(tokens, centre, _WITHIN_FRAME)
    stem, distance = tokens.prefix(_STEM, other), _WITHIN_FRAME[step]
    side = key[row] + np.where(distance < 0, 8, 16).astype(np.uint64)
    near = where(np.abs(distance) <= _NEAR)
    exactly = key[row[near]] + (32 * (distance[near] + 8)).astype(np.uint64)
    found = [
        Grams(mixed(tokens.form[centre] + key), centre, centre),
        Grams(_pair(stem, key[row], 2), other, other),
        Grams(_pair(stem, side, 3), other, other),
        Grams(_pair(stem[near], exactly, 4), other[near], other[near]),
    ]
    for before, after in ((-2, -1), (-1, 1), (1, 2)):
        left, right = centre + before, centre + after
        both = where((left >= 0) & (right < len(tokens)))
        both = both[tokens.text[left[both]] == tokens.text[right[both]]]
        both = both[tokens.text[left[both]] == tokens.text[centre[both]]]
        left, right = left[both], right[both]
        form = _pair(_pair(tokens.form[left], tokens.form[right], 5 + before), key[both], 6)
        found.append(Grams(form, left, right))
    return _all(*found)


def scene_grams(tokens: Tokens) -> Grams:
    """Return the pairs of words, reduced to what they do, around each word for antisemitism or for Jews.

    "Nobody", "called" and "antisemite" together say another thing than each two of them. A word is reduced to its class, the
    commonest English words stand for themselves, other words are passed over.
    """
    centre, named = _centres(tokens)
    if not len(centre):
        return NO_GRAMS
    row, step, other = _neighbours(tokens, centre, _WITHIN_SCENE)
    does = _doings(tokens, other)
    doing = where(does != 0)
    row, other, does, before = row[doing], other[doing], does[doing], _WITHIN_SCENE[step[doing]] < 0
    left, right = _pairs_up_to(row.searchsorted(row, side="right"), 1)
    side = np.where(named[row[left]], 1, 2) + 16 * (2 * before[left] + before[right])
    return Grams(_pair(_pair(does[left], does[right], 11), side.astype(np.uint64), 12), other[left], other[right])


def _pairs_up_to(border: Places, skip: int) -> tuple[Places, Places]:
    """Each number paired with every one from `skip` behind it up to a border, by the first of them."""
    begin = np.arange(len(border)) + skip
    many = border - begin
    left = (begin - skip).repeat(many)
    return left, np.arange(len(left)) + (begin - (many.cumsum() - many)).repeat(many)


def _centres(tokens: Tokens) -> tuple[Places, NDArray[np.bool_]]:
    """The words for antisemitism and for Jews, and which of them are the former."""
    named = tokens.words.antisemit[tokens.word]
    centre = where(named | ((tokens.classes & _JEWISH) != 0))
    return centre, named[centre]


def _says(tokens: Tokens, named: Places) -> NDArray[np.bool_]:
    """Which texts say antisemitism, given the tokens that do."""
    says = np.zeros(len(tokens.normals), dtype=bool)
    says[tokens.text[named]] = True
    return says


def _neighbours(tokens: Tokens, centre: Places, distances: Places) -> tuple[Places, Places, Places]:
    """The tokens at some distances within the texts of the centres: number of the centre, of the distance, and token."""
    other = centre[:, None] + distances
    text = tokens.text[centre][:, None]
    row, step = np.nonzero((other >= tokens.first[text]) & (other < tokens.first[text + 1]))
    return row, step, other[row, step]


def _doings(tokens: Tokens, places: Places) -> Hashes:
    """What some words do: the first of its classes, the word itself if it is one of the commonest, else 0."""
    listed = tokens.words.listed[tokens.word[places], :2].astype(np.intp)
    first = np.where(listed[:, 0] == _NO_DOING, listed[:, 1], listed[:, 0])
    does = (first + 1).astype(np.uint64)
    does = np.where((does == 0) & ((tokens.classes[places] & _ENGLISH) != 0), tokens.form[places], does)
    does = np.where((does == 0) & (tokens.kind[places] == MARK), np.uint64(len(CLASSES) + 1), does)
    return np.asarray(np.where(tokens.words.antisemit[tokens.word[places]], np.uint64(len(CLASSES) + 2), does))


class ClassPairs(NamedTuple):
    """Classes of words, and which class follows which within a few words: numbers of two classes, how `near` they stand
    (`ALONE`, `FAR` or `CLOSE`), and the first and last token, all of shape (pairs,). A class alone is its own pair.

    Words for Jews are of the class `NAMED` where the text says antisemitism.
    """

    left: Places
    right: Places
    near: Places
    first: Places
    last: Places


def class_pairs(tokens: Tokens) -> ClassPairs:
    """Return the classes of words and the pairs of them, by their first token."""
    having = where((tokens.classes & ~_ENGLISH) != 0)
    listed = tokens.words.listed[tokens.word[having]]
    row, nth = np.nonzero(listed >= 0)
    place, number = having[row], listed[row, nth].astype(np.intp)
    says = _says(tokens, where(tokens.words.antisemit[tokens.word]))
    number[(number == JEWISH) & says[tokens.text[place]]] = NAMED
    # Each class with itself and every later one in reach: those up to a border, as they stand in the order of their tokens.
    border = place.searchsorted(np.minimum(place + _REACH, tokens.first[tokens.text[place] + 1] - 1), side="right")
    left, right = _pairs_up_to(border, 0)
    distance = place[right] - place[left]
    found = where((distance > 0) | (left == right))
    left, right, distance = left[found], right[found], distance[found]
    near = np.where(distance > _CLOSE, FAR, np.where(distance > 0, CLOSE, ALONE))
    return ClassPairs(number[left], number[right], near, place[left], place[right])


def class_forms(left: Places, right: Places, near: Places) -> Hashes:
    """Return the hashes of pairs of classes, see `ClassPairs`."""
    pair = left * 64 + right + near * 65536
    return mixed(np.where(near == ALONE, left + 1000, pair).astype(np.uint64))


def class_grams(tokens: Tokens) -> Grams:
    """Return the classes of words, and which class follows which within a few words, close by or further off."""
    pairs = class_pairs(tokens)
    seen = unnamed(pairs.left) & unnamed(pairs.right)
    return Grams(class_forms(pairs.left, pairs.right, pairs.near)[seen], pairs.first[seen], pairs.last[seen])


def unnamed(number: Places) -> NDArray[np.bool_]:
    """Return which classes do not tell that somebody is a Jew."""
    return np.asarray((number != JEWISH) & (number != NAMED))


def _all(*found: Grams) -> Grams:
    return Grams(*map(np.concatenate, zip(*found, strict=True)))


GRAMS: Mapping[str, Callable[[Tokens], Grams]] = {
    "words": word_grams,
    "chars": char_grams,
    "frames": frame_grams,
    "scenes": scene_grams,
    "classes": class_grams,
}

NO_GRAMS = Grams(np.empty(0, np.uint64), np.empty(0, np.intp), np.empty(0, np.intp))
JEWISH, NAMED = list(CLASSES).index("jewish"), len(CLASSES)
"""Numbers of the class of words for Jews, and of these in a text that says antisemitism."""
ALONE, FAR, CLOSE = 0, 2, 3
_JEWISH, _ENGLISH = CLASS_BIT["jewish"], CLASS_BIT["english"]
_NO_DOING = list(CLASSES).index("identity")
_WITHIN_FRAME, _WITHIN_SCENE = (
    np.array([distance for distance in range(-far, far + 1) if distance]) for far in (_FRAME, _SCENE)
)


def _pair(left: Hashes, right: Hashes, salt: int) -> Hashes:
    return mixed(left * np.uint64(0x9E3779B97F4A7C15) + right + np.uint64(salt))
