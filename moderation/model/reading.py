"""Situations -> the tokens of the comments and what is known of the texts around them, shared by all features."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from moderation.model.kept import Kept
from moderation.records import Situation
from moderation.text.hashing import Places, where
from moderation.text.lexicon import CLASSES
from moderation.text.tokens import Tokens, tokenise
from moderation.text.words import CLASS_BIT, FACTS, class_table

BUCKETS = 2**16
KINDS = ("parent", "title", "article", "thread")
"""What may surround a comment: `article` includes the title, `thread` the parent."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is kept of a text around a comment: its different stems (buckets, ascending), and how often each class occurs.

    Of several texts together only the stems are kept.
    """

    stems: NDArray[np.int64]
    classes: NDArray[np.int64]
    tokens: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A batch of comments as they are read.

    `facts` counts each of `FACTS` in each comment, shape (comments, facts). `around[kind]` numbers, for each comment, the
    place in `places[kind]` that surrounds it; -1 where there is none or it has no word to compare with.
    """

    situations: Sequence[Situation]
    tokens: Tokens
    facts: NDArray[np.float64]
    around: Mapping[str, Places]
    places: Mapping[str, Sequence[Place]]
    own: OwnPlaces

    def __len__(self) -> int:
        return len(self.situations)

    def count(self, fact: str) -> NDArray[np.float64]:
        """Return how often each comment has one of `FACTS`."""
        return np.asarray(self.facts[:, FACTS.index(fact)])

    @property
    def stems(self) -> NDArray[np.int64]:
        """The different stems of all comments (buckets)."""
        return self.own.stems

    @property
    def owners(self) -> NDArray[np.int64]:
        """The comment of each of `stems`."""
        return self.own.owners

    @property
    def has_surroundings(self) -> NDArray[np.bool_]:
        """Whether there is an article or a thread to compare each comment with."""
        return np.asarray((self.around["article"] >= 0) | (self.around["thread"] >= 0))


class Reader(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """First step of the pipeline: a sequence of `Situation` becomes a `Reading`."""

    def fit(self, X: Sequence[Situation], y: Any = None) -> Reader:
        """Nothing to learn."""
        return self

    def transform(self, X: Sequence[Situation]) -> Reading:
        """Return the reading of all situations together."""
        return read(X)

    def __sklearn_is_fitted__(self) -> bool:
        return True


def read(situations: Sequence[Situation]) -> Reading:
    """Return the reading of some situations."""
    tokens = tokenise([situation.text for situation in situations])
    placed = [
        index
        for index, one in enumerate(situations)
        if one.article is not None or one.parent is not None or one.earlier or one.names or one.parent_author
    ]
    texts = {kind: [_texts(situations[index], kind) for index in placed] for kind in KINDS}
    # What one comment replies to is often another one of the batch. It is read without the names of its own thread.
    own = OwnPlaces(tokens)
    known = _read_places({text for rows in texts.values() for row in rows for text in row}, situations, own)
    _mark_names(tokens, situations, placed)
    around: dict[str, Places] = {}
    places: dict[str, Sequence[Place]] = {}
    for kind, rows in texts.items():
        around[kind] = np.full(len(situations), -1, dtype=np.intp)
        around[kind][placed], places[kind] = _numbered(rows, known)
    return Reading(situations, tokens, tokens.facts(), around, places, own)


def shared(reading: Reading, kind: str) -> NDArray[np.bool_]:
    """Return whether each of `reading.stems` occurs in what surrounds its comment, a kind of `KINDS`."""
    own = (place.stems + number * BUCKETS for number, place in enumerate(reading.places[kind]))
    keys = np.concatenate([np.empty(0, dtype=np.int64), *own])
    if not len(keys):
        return np.zeros(len(reading.stems), dtype=bool)
    wanted = reading.around[kind][reading.owners] * BUCKETS + reading.stems
    at = np.minimum(keys.searchsorted(wanted), len(keys) - 1)
    return np.asarray((keys[at] == wanted) & (wanted >= 0))


def stems_of(tokens: Tokens) -> tuple[NDArray[np.int64], Places]:
    """Return the stems of the words in order (buckets), and the text of each; words of two letters do not count."""
    stems = tokens.words.stem[tokens.typed]
    long = where(stems != 0)
    return (stems[long] >> np.uint64(48)).astype(np.int64), tokens.text[long]


def _texts(situation: Situation, kind: str) -> tuple[str, ...]:
    article = situation.article
    found: Iterable[str | None]
    if kind == "parent":
        found = (situation.parent,)
    elif kind == "thread":
        found = (*situation.earlier, situation.parent)
    else:
        found = (article.title, article.text if kind == "article" else None) if article else ()
    return tuple(text for text in found if text)


def _numbered(rows: Sequence[tuple[str, ...]], known: Mapping[str, Place]) -> tuple[Places, list[Place]]:
    numbers: dict[Hashable, int] = {(): -1}
    places: list[Place] = []
    for row in rows:
        if row not in numbers:
            place = _together([known[text] for text in row])
            numbers[row] = len(places) if place.tokens else -1
            if place.tokens:
                places.append(place)
    return np.fromiter((numbers[row] for row in rows), dtype=np.intp, count=len(rows)), places


def _together(places: Sequence[Place]) -> Place:
    if len(places) == 1:
        return places[0]
    # Quicker than sorting: there are few buckets.
    there = np.zeros(BUCKETS, dtype=bool)
    there[np.concatenate([place.stems for place in places])] = True
    return Place(where(there), _NO_CLASSES, sum(place.tokens for place in places))


_NO_CLASSES = np.zeros(len(CLASSES), dtype=np.int64)


_places: Kept[Place] = Kept(10_000_000)  # 2,000 articles
_names: Kept[tuple[int, ...]] = Kept(5_000_000)  # 10,000 people


def _read_places(texts: set[str], situations: Sequence[Situation], own: OwnPlaces) -> Mapping[str, Place]:
    """The place of each text, `own` of those that are comments of the batch themselves. Articles and parents recur."""
    known = {}
    if texts:
        known = {one.text: own.place(index) for index, one in enumerate(situations) if one.text in texts}
    others = texts - known.keys()
    known |= _places.known(others)
    missing = sorted(others - known.keys())
    if missing:
        read_now = OwnPlaces(tokenise(missing))
        found = {text: read_now.place(index) for index, text in enumerate(missing)}
        known |= found
        _places.keep(found)
    return known


class OwnPlaces:
    """The texts of some tokens as places, made when they are asked for: most batches have no text that surrounds another."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    @cached_property
    def stems(self) -> NDArray[np.int64]:
        """The different stems of each text (buckets), ascending."""
        return self._keys % BUCKETS

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """The text of each of `stems`."""
        return self._keys // BUCKETS

    def place(self, text: int) -> Place:
        """Return the place that a text is."""
        first, last = self._borders[text : text + 2]
        size = int(self._tokens.first[text + 1] - self._tokens.first[text])
        return Place(self.stems[first:last], self._classes[text], size)

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        """The different stems of each text, ascending: text times `BUCKETS` plus bucket."""
        stems, text = stems_of(self._tokens)
        keys = text * BUCKETS + stems
        # NumPy sorts numbers of 32 bits several times as fast.
        if len(self._tokens.normals) <= 2**15:
            keys = keys.astype(np.int32)
        keys.sort()
        different = np.ones(len(keys), dtype=bool)
        np.not_equal(keys[1:], keys[:-1], out=different[1:])
        return keys[different].astype(np.int64)

    @cached_property
    def _borders(self) -> list[int]:
        borders: list[int] = self.owners.searchsorted(np.arange(len(self._tokens.normals) + 1)).tolist()
        return borders

    @cached_property
    def _classes(self) -> NDArray[np.int64]:
        having = where(self._tokens.classes != 0)
        token, number = np.nonzero(class_table(self._tokens.classes[having]))
        texts = len(self._tokens.normals)
        owner = self._tokens.text[having[token]]
        counts = np.bincount(owner * len(CLASSES) + number, minlength=texts * len(CLASSES))
        return counts.reshape(texts, len(CLASSES))


def _mark_names(tokens: Tokens, situations: Sequence[Situation], placed: Sequence[int]) -> None:
    """Who is replied to is a `you` when named, and any other author of the thread a `they`."""
    named = [
        (CLASS_BIT[name], index, called)
        for index in placed
        for one in (situations[index],)
        for name, called in (*(("they", called) for called in one.names), ("you", one.parent_author))
        if called
    ]
    if not named:
        return
    parts = _parts_of({called for _, _, called in named})
    # A word of a text, as one number: what somebody is called in one thread is any word in the next.
    words = tokens.form + tokens.text.astype(np.uint64) * _APART
    for bit in (CLASS_BIT["they"], CLASS_BIT["you"]):
        found = [(index, part) for kind, index, called in named if kind == bit for part in parts[called]]
        if found:
            texts, forms = np.array(found, dtype=np.uint64).T
            wanted = np.sort(forms + texts * _APART)
            place = np.minimum(wanted.searchsorted(words), len(wanted) - 1)
            tokens.also(where(wanted[place] == words), bit)


_APART = np.uint64(0x9E3779B97F4A7C15)


def _parts_of(names: set[str]) -> Mapping[str, tuple[int, ...]]:
    """The forms of the words of each name; initials and the like say nothing. Names recur from call to call."""
    known = _names.known(names)
    missing = sorted(names - known.keys())
    if missing:
        tokens = tokenise(missing)
        telling = tokens.words.stem[tokens.typed] != 0
        found = {}
        for index, name in enumerate(missing):
            own = slice(int(tokens.first[index]), int(tokens.first[index + 1]))
            found[name] = tuple(tokens.form[own][telling[own]].tolist())
        known |= found
        _names.keep(found)
    return known
