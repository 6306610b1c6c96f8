"""The different tokens met so far, and what is known of each whatever stands around it.

Ten thousand comments have some thousand different words: what is asked of a word (the classes of the lexicon it belongs to,
its letters, whether it is an address) is found out once, and looked up by its hash after that.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from moderation.text.hashing import Codes, Hashes, Places, hash_of, hashes, mixed, where
from moderation.text.kinds import ADDRESS, BLOT, HANDLE, MARK, NUMBER, WORD, Kinds
from moderation.text.lexicon import BEGINNINGS, CLASSES, IDENTITY, QUOTED, STRONG_CLASSES, WHOLE
from moderation.text.marks import MASK, URL, USER
from moderation.text.normal import ANTISEMIT

CLASS_BIT = {name: np.uint64(1 << bit) for bit, name in enumerate(CLASSES)}
"""The bit of each class of the lexicon in `Tokens.classes`."""
IDENTITY_BIT = CLASS_BIT[IDENTITY]
"""Bit of the tokens that name who somebody is: their form is one and the same."""
QUOTED_BIT = CLASS_BIT[QUOTED]
"""Bit of the strong words inside quotation marks: whose voice they are is another question than which they are."""
MASKED_BITS = IDENTITY_BIT | QUOTED_BIT
"""Bits of the tokens whose letters are not looked at."""
STRONG_BITS = np.bitwise_or.reduce([CLASS_BIT[name] for name in STRONG_CLASSES])
"""Bits of the words that insult, threaten or are obscene."""
STEM = 6
"""Words are compared by their first letters, a crude stem that serves inflected English well enough."""
FACTS = ("word", "address", "handle", "shout", "ask", "strong", "you", "i", "antisemitic", "english")
"""What is counted of the tokens of a text: kinds, `!` and `?`, and some classes."""

_ROOM, _LETTERS = 2**16, 2**21
"""Different tokens, and letters of all together, from which on all are forgotten: some 20 MB. A million comments have ten
times as many, most of them met once."""
_ALIKE = np.zeros(BLOT + 1, dtype=np.uint64)
for _kind, _text in ((NUMBER, "0"), (ADDRESS, URL), (HANDLE, USER), (BLOT, MASK)):
    _ALIKE[_kind] = hash_of(_text)
"""What all tokens of one kind are read as, 0 for kinds whose tokens differ."""
_ANTISEMIT = hash_of(ANTISEMIT)
_MULTIPLIER = np.uint64(int.from_bytes(os.urandom(8), "little") | 1)
_MOST = 4
"""Classes that a word can have: two of the lexicon (tests/text/test_words.py), and `you` and `they` for a name."""


def class_table(classes: Hashes) -> NDArray[np.bool_]:
    """Return whether each token belongs to each class, shape (tokens, classes of the lexicon)."""
    return np.asarray((classes[:, None] & _BITS) != 0)


_BITS = np.array([CLASS_BIT[name] for name in CLASSES])


class Words:
    """A table of different tokens, numbered as they come; it only grows. Safe to share between threads.

    What is known of token `i` stands in row `i`. `form` is the hash of what it is read as, `classes` the bits of its
    classes, `listed` their numbers in order but for `english`, -1 behind them. `facts` are its `FACTS`, of shape (rows,
    facts). `stem` is the hash of its first letters, 0 where it is no word of more than two; `antisemit` says whether it
    begins like that. `letters` are the places in `codes` where its letters stand, none where they are not looked at.
    `size` rows and `used` letters are there. `quoted` is the number of what every strong word inside quotation marks is
    read as.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._slots = np.full(2**10, -1, dtype=np.int32)
        self._keys = np.zeros(0, dtype=np.uint64)
        self.size = 0
        self.form = np.zeros(0, dtype=np.uint64)
        self.classes = np.zeros(0, dtype=np.uint64)
        self.stem = np.zeros(0, dtype=np.uint64)
        self.antisemit = np.zeros(0, dtype=bool)
        self.facts = np.zeros((0, len(FACTS)))
        self.letters = np.zeros((0, 2), dtype=np.intp)
        self.listed = np.zeros((0, _MOST), dtype=np.int8)
        self.codes = np.zeros(0, dtype=np.uint32)
        self.used = 0
        self.quoted = self._new_quoted()

    def find(self, codes: Codes, sums: Hashes, start: Places, end: Places, kind: Kinds) -> Places:
        """Return the number of each token; those not met before get one."""
        # Of a run of marks only the first two count: "!!!!" is "!!".
        marks = where(kind == MARK)
        until = end.copy()
        until[marks] = np.minimum(start[marks] + 2, end[marks])
        keys = hashes(sums, start, until)
        alike = where(_ALIKE[kind] != 0)
        keys[alike] = _ALIKE[kind[alike]]
        with self._lock:
            found = self._look(keys)
            missing = where(found < 0)
            if len(missing):
                new = missing[np.unique(keys[missing], return_index=True)[1]]
                self._add(keys[new], codes, sums, start[new], end[new], kind[new])
                found[missing] = self._look(keys[missing])
        return found.astype(np.intp)

    def also(self, numbers: Places, bit: np.uint64) -> Places:
        """Return the numbers of the same tokens where they are of one more class."""
        keys = mixed(self._keys[numbers] ^ mixed(np.array([bit])))
        with self._lock:
            found = self._look(keys)
            missing = where(found < 0)
            if len(missing):
                new = missing[np.unique(keys[missing], return_index=True)[1]]
                rows, like = self._grown(keys[new]), numbers[new]
                for table in (self.form, self.stem, self.antisemit, self.facts, self.letters):
                    table[rows] = table[like]
                self.classes[rows] = self.classes[like] | bit
                self._count_classes(rows)
                found[missing] = self._look(keys[missing])
        return found.astype(np.intp)

    def _new_quoted(self) -> int:
        form = hash_of(f"<{QUOTED}>")
        rows = self._grown(mixed(np.array([form])))
        self.form[rows], self.classes[rows] = form, QUOTED_BIT
        self.facts[rows, FACTS.index("word")] = 1
        self._count_classes(rows)
        return int(rows.start)

    def _look(self, keys: Hashes) -> NDArray[np.int32]:
        """The number of each key, -1 where it is not there (open addressing, linear probing)."""
        last, slots = len(self._slots) - 1, self._slot(keys)
        found = self._slots[slots]
        if not self.size:
            return found
        wrong = where((self._keys[found] != keys) & (found >= 0))
        while len(wrong):
            slots[wrong] = (slots[wrong] + 1) & last
            found[wrong] = self._slots[slots[wrong]]
            wrong = wrong[(self._keys[found[wrong]] != keys[wrong]) & (found[wrong] >= 0)]
        return found

    def _slot(self, keys: Hashes) -> Places:
        """Where to look first: nobody knows the multiplier, so that nobody can make words that all meet there."""
        return ((keys * _MULTIPLIER) >> np.uint64(65 - len(self._slots).bit_length())).astype(np.intp)

    def _put(self, keys: Hashes, numbers: NDArray[np.int32]) -> None:
        last, slots = len(self._slots) - 1, self._slot(keys)
        left = np.arange(len(keys))
        while len(left):
            free = left[self._slots[slots[left]] < 0]
            # Where two want the same one, the last gets it.
            self._slots[slots[free]] = numbers[free]
            left = left[self._slots[slots[left]] != numbers[left]]
            slots[left] = (slots[left] + 1) & last

    def _grown(self, keys: Hashes) -> slice:
        """New rows, of nothing, for some different keys; tables that others hold stay what they are."""
        size = self.size + len(keys)
        if size > len(self.form):
            room = max(2 * len(self.form), size, 2**9)
            for name in ("_keys", "form", "classes", "stem", "antisemit", "facts", "letters", "listed"):
                setattr(self, name, longer(getattr(self, name), room))
        rows = slice(self.size, size)
        self._keys[rows] = keys
        self.size = size
        if 2 * size > len(self._slots):
            self._slots = np.full(1 << (4 * size).bit_length(), -1, dtype=np.int32)
            self._put(self._keys[:size], np.arange(size, dtype=np.int32))
        else:
            self._put(keys, np.arange(rows.start, rows.stop, dtype=np.int32))
        return rows

    def _add(self, keys: Hashes, codes: Codes, sums: Hashes, start: Places, end: Places, kind: Kinds) -> None:
        rows = self._grown(keys)
        classes = _classes(sums, start, end, kind)
        self.form[rows] = np.where((classes & IDENTITY_BIT) != 0, _IDENTITY, keys)
        self.classes[rows] = classes
        is_word, size = kind == WORD, end - start
        self.stem[rows] = np.where(is_word & (size > 2), hashes(sums, start, np.minimum(start + STEM, end)), 0)
        self.antisemit[rows] = hashes(sums, start, np.minimum(start + len(ANTISEMIT), end)) == _ANTISEMIT
        for name, fact in (
            ("word", is_word),
            ("address", kind == ADDRESS),
            ("handle", kind == HANDLE),
            ("shout", (kind == MARK) & (codes[start] == ord("!"))),
            ("ask", (kind == MARK) & (codes[start] != ord("!"))),
        ):
            self.facts[rows, FACTS.index(name)] = fact
        self._count_classes(rows)
        self._spell(rows, codes, start, np.where(is_word & ((classes & MASKED_BITS) == 0), size, 0))

    def _count_classes(self, rows: slice) -> None:
        classes, listed = self.classes[rows], self.listed[rows]
        for name in ("you", "i", "antisemitic", "english"):
            self.facts[rows, FACTS.index(name)] = (classes & CLASS_BIT[name]) != 0
        self.facts[rows, FACTS.index("strong")] = (classes & STRONG_BITS) != 0
        listed[:] = -1
        having = where((classes & ~CLASS_BIT["english"]) != 0)
        table = class_table(classes[having] & ~CLASS_BIT["english"])
        row, number = np.nonzero(table)
        count = table.sum(axis=1)
        listed[having[row], np.arange(len(row)) - (count.cumsum() - count).repeat(count)] = number

    def _spell(self, rows: slice, codes: Codes, start: Places, size: Places) -> None:
        ends = self.used + size.cumsum()
        self.letters[rows] = np.stack([ends - size, ends], axis=1)
        total = int(size.sum())
        if self.used + total > len(self.codes):
            self.codes = longer(self.codes, max(2 * len(self.codes), self.used + total))
        source = (start - (ends - size)).repeat(size) + np.arange(self.used, self.used + total)
        self.codes[self.used : self.used + total] = codes[source]
        self.used += total


T = TypeVar("T", bound=np.generic)


def longer(table: NDArray[T], size: int) -> NDArray[T]:
    """Return a table with more rows, of nothing."""
    made = np.zeros((size, *table.shape[1:]), dtype=table.dtype)
    made[: len(table)] = table
    return made


_words = Words()


def words() -> Words:
    """Return the table that is filled at present; a full one is replaced, whoever holds it keeps it."""
    global _words
    if _words.size > _ROOM or _words.used > _LETTERS:
        _words = Words()
    return _words


_IDENTITY = hash_of(f"<{IDENTITY}>")


def _hashed(listed: Mapping[str, set[str]]) -> tuple[Hashes, Hashes]:
    """The hashes of some words, ascending, and the bits of their classes."""
    keys = np.array([hash_of(word) for word in listed])
    bits = np.array([np.bitwise_or.reduce([CLASS_BIT[name] for name in names]) for names in listed.values()])
    order = np.argsort(keys)
    return keys[order], bits[order]


def _found(table: tuple[Hashes, Hashes], wanted: Hashes) -> Hashes:
    keys, values = table
    place = np.minimum(keys.searchsorted(wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], np.uint64(0))


_WHOLE_WORDS = _hashed(WHOLE)
# The hash of a beginning tells its length too.
_BEGUN = _hashed({word: names for table in BEGINNINGS.values() for word, names in table.items()})
_LENGTHS = np.array(sorted(BEGINNINGS))
_STARTS = np.unique([hash_of(word[: min(BEGINNINGS)]) for table in BEGINNINGS.values() for word in table])
"""The first letters of all of these: few other words begin like that."""


def _classes(sums: Hashes, start: Places, end: Places, kind: Kinds) -> Hashes:
    classes = np.zeros(len(start), dtype=np.uint64)
    words = where(kind == WORD)
    start, end = start[words], end[words]
    found = _found(_WHOLE_WORDS, hashes(sums, start, end))
    first = hashes(sums, start, np.minimum(start + _LENGTHS[0], end))
    likely = where(_STARTS[np.minimum(_STARTS.searchsorted(first), len(_STARTS) - 1)] == first)
    until = start[likely, None] + _LENGTHS
    row, column = (until <= end[likely, None]).nonzero()
    begun = _found(_BEGUN, hashes(sums, start[likely[row]], until[row, column]))
    np.bitwise_or.at(found, likely[row], begun)
    classes[words] = found
    return classes
