"""A batch of texts -> their tokens, all at once.

The texts are laid behind one another in one array of character codes, and everything that is asked of a token (where it
stands, its hash, that of its first letters, the classes of the lexicon it belongs to) is answered for all of them together.
A token is a word, a number, an address, a handle, a blotted-out word, a picture or a run of `!` and `?`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moderation.text.lexicon import CLASSES, IDENTITY, QUOTED, STRONG_CLASSES
from moderation.text.normal import MASK, URL, USER, Normal, normalise_all

Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]
Places = NDArray[np.intp]

WORD, NUMBER, MARK, PICTURE, ADDRESS, HANDLE, BLOT = range(1, 8)
"""Kinds of tokens."""
MIN_WORDS = 4
"""A sentence of fewer tokens is read together with the next one."""

_MULTIPLIER = 0x9E3779B97F4A7C15


def _kinds() -> NDArray[np.uint8]:
    kinds = np.zeros(0x10000, dtype=np.uint8)
    for code in range(0x10000):
        character = chr(code)
        if character.isalpha():
            kinds[code] = WORD
        elif character.isdigit():
            kinds[code] = NUMBER
    kinds[[ord("!"), ord("?")]] = MARK
    kinds[0x2600:0x27C0] = PICTURE
    for mark, kind in ((URL, ADDRESS), (USER, HANDLE), (MASK, BLOT)):
        kinds[ord(mark)] = kind
    return kinds


_KINDS = _kinds()
_ENDS = np.zeros(0x10000, dtype=bool)
_ENDS[[ord(character) for character in ".!?\n\u2026"]] = True


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of `len(normals)` texts, in order; `n` tokens in all.

    `text[i]` is the text that token `i` belongs to, `first[t]` to `first[t + 1]` are the tokens of text `t`. `start` and
    `end` are places in `codes`, the texts laid behind one another; those of text `t` begin at `offset[t]`. `form` is the
    hash of the token, `classes` the bits of its classes. `passage[i]` numbers the sentences of all texts; `owner[p]` is the
    text of passage `p`; a text without tokens has one passage without tokens.
    """

    normals: Sequence[Normal]
    codes: Codes
    offset: Places
    first: Places
    text: Places
    start: Places
    end: Places
    kind: NDArray[np.uint8]
    form: Hashes
    classes: Hashes
    passage: Places
    owner: Places
    sums: Hashes

    def __len__(self) -> int:
        return len(self.start)

    def span(self, token: int) -> tuple[int, int]:
        """Return where a token stands in its text as it was typed."""
        text = int(self.text[token])
        begin = int(self.offset[text])
        return self.normals[text].source(int(self.start[token]) - begin, int(self.end[token]) - begin)

    def word(self, token: int) -> str:
        """Return the token as it is read."""
        return "".join(map(chr, self.codes[self.start[token] : self.end[token]]))

    def prefix(self, length: int) -> Hashes:
        """Return the hash of the first `length` characters of each token, of the whole token where it is shorter."""
        return hashes(self.sums, self.start, np.minimum(self.start + length, self.end))


def tokenise(texts: Sequence[str]) -> Tokens:
    """Return the tokens of some texts."""
    normals = normalise_all(texts)
    joined = "\n" + "\n".join(normal.text for normal in normals) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32, copy=False)
    lengths = np.fromiter((len(normal.text) for normal in normals), dtype=np.intp, count=len(normals))
    offset = 1 + np.concatenate([[0], np.cumsum(lengths + 1)]).astype(np.intp)[: len(normals)]
    kinds = _kinds_of(codes)
    starts_here = (kinds[1:] != 0) & ((kinds[1:] != kinds[:-1]) | (kinds[1:] == PICTURE))
    ends_here = (kinds[:-1] != 0) & ((kinds[1:] != kinds[:-1]) | (kinds[:-1] == PICTURE))
    start, end = np.flatnonzero(starts_here) + 1, np.flatnonzero(ends_here) + 1
    text = np.searchsorted(offset, start, side="right") - 1
    sums = running_sums(codes)
    kind = kinds[start]
    # Of a run of marks only the first two count: "!!!!" is "!!".
    form = hashes(sums, start, np.where(kind == MARK, np.minimum(start + 2, end), end))
    for same, code in ((NUMBER, "0"), (ADDRESS, URL), (HANDLE, USER), (BLOT, MASK)):
        form[kind == same] = hash_of(code)
    classes = _classes(sums, start, end, kind)
    form[(classes & IDENTITY_BIT) != 0] = hash_of(f"<{IDENTITY}>")
    strong = np.flatnonzero((classes & STRONG_BITS) != 0)
    quoted = strong[_quoted(normals, offset, np.unique(text[strong]), start[strong])]
    form[quoted], classes[quoted] = hash_of(f"<{QUOTED}>"), QUOTED_BIT
    passage, owner = _passages(codes, start, end, kind, text, len(normals))
    return Tokens(
        normals=normals,
        codes=codes,
        offset=offset,
        first=np.searchsorted(text, np.arange(len(normals) + 1)),
        text=text,
        start=start,
        end=end,
        kind=kind,
        form=form,
        classes=classes,
        passage=passage,
        owner=owner,
        sums=sums,
    )


def _kinds_of(codes: Codes) -> NDArray[np.uint8]:
    kinds = _KINDS[np.minimum(codes, 0xFFFF)]
    high = np.flatnonzero(codes > 0xFFFF)
    if len(high):
        kinds[high] = np.where((codes[high] >= 0x1F300) & (codes[high] <= 0x1FAFF), PICTURE, WORD)
    # An apostrophe between letters, a point or comma between digits belong to the token.
    for signs, kind in (("'", WORD), (".,", NUMBER)):
        for sign in signs:
            places = np.flatnonzero(codes == ord(sign))
            inside = places[(kinds[places - 1] == kind) & (kinds[np.minimum(places + 1, len(codes) - 1)] == kind)]
            kinds[inside] = kind
    return kinds


_POWERS = np.ones(1, dtype=np.uint64)
_INVERSES = np.ones(1, dtype=np.uint64)


def _powers(size: int) -> tuple[Hashes, Hashes]:
    """The powers of the multiplier and of its inverse modulo 2**64, at least `size` of each."""
    global _POWERS, _INVERSES
    if len(_POWERS) < size:
        count = 1 << (size - 1).bit_length()
        both = []
        for base in (_MULTIPLIER, pow(_MULTIPLIER, -1, 2**64)):
            powers = np.full(count, base, dtype=np.uint64)
            powers[0] = 1
            both.append(np.multiply.accumulate(powers))
        _POWERS, _INVERSES = both
    return _POWERS, _INVERSES


def running_sums(codes: Codes) -> Hashes:
    """Return the sums that `hashes` needs, one longer than `codes`: of code times power of the multiplier, modulo 2**64."""
    powers, _ = _powers(len(codes) + 1)
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    # Codes are spread first: neighbouring letters differ in many bits then.
    np.cumsum((codes.astype(np.uint64) + 1) * np.uint64(0xD6E8FEB86659FD93) * powers[: len(codes)], out=sums[1:])
    return sums


def hashes(sums: Hashes, start: Places, end: Places) -> Hashes:
    """Return a 64-bit hash of each run of characters, equal wherever the same characters stand (Karp and Rabin 1987)."""
    _, inverses = _powers(len(sums))
    return mixed((sums[end] - sums[start]) * inverses[start])


def mixed(values: Hashes) -> Hashes:
    """Return the values with every bit depending on every other (the finaliser of MurmurHash3)."""
    values = values ^ (values >> np.uint64(33))
    values *= np.uint64(0xFF51AFD7ED558CCD)
    values ^= values >> np.uint64(33)
    values *= np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


def hash_of(text: str) -> np.uint64:
    """Return the hash of one run of characters."""
    codes = np.array([ord(character) for character in text], dtype=np.uint32)
    return np.uint64(hashes(running_sums(codes), np.array([0]), np.array([len(codes)]))[0])


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
_QUOTATION = re.compile(r'"[^"\n]{1,400}"|(?<![^\s(])\'[^\n"]{1,400}?[a-z.,!?]\'(?!\w)')


class _Table:
    """Which classes the beginnings and the whole words of the lexicon belong to, by their hashes."""

    def __init__(self) -> None:
        whole: dict[int, int] = {}
        beginnings: dict[int, dict[int, int]] = {}
        for bit, listed in enumerate(CLASSES.values()):
            for entry in listed.split():
                word = entry.rstrip(".")
                table = whole if entry.endswith(".") else beginnings.setdefault(len(word), {})
                key = int(hash_of(word))
                table[key] = table.get(key, 0) | 1 << bit
        self.whole = _sorted(whole)
        self.beginnings = {length: _sorted(table) for length, table in sorted(beginnings.items())}


def _sorted(table: dict[int, int]) -> tuple[Hashes, Hashes]:
    keys = sorted(table)
    return np.array(keys, dtype=np.uint64), np.array([table[key] for key in keys], dtype=np.uint64)


def _found(table: tuple[Hashes, Hashes], wanted: Hashes) -> Hashes:
    keys, values = table
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], np.uint64(0))


_TABLE = _Table()


def _classes(sums: Hashes, start: Places, end: Places, kind: NDArray[np.uint8]) -> Hashes:
    classes = np.zeros(len(start), dtype=np.uint64)
    words = np.flatnonzero(kind == WORD)
    start, end = start[words], end[words]
    found = _found(_TABLE.whole, hashes(sums, start, end))
    for length, table in _TABLE.beginnings.items():
        long = np.flatnonzero(end - start >= length)
        found[long] |= _found(table, hashes(sums, start[long], start[long] + length))
    classes[words] = found
    return classes


def _quoted(normals: Sequence[Normal], offset: Places, texts: Places, places: Places) -> NDArray[np.bool_]:
    """Whether each of some places, ascending, stands inside quotation marks; `texts` are those that have any."""
    inside = np.zeros(len(places), dtype=bool)
    for index in texts.tolist():
        text, begin = normals[index].text, int(offset[index])
        if '"' in text or "'" in text:
            for found in _QUOTATION.finditer(text):
                first, last = np.searchsorted(places, (begin + found.start(), begin + found.end()))
                inside[first:last] = True
    return inside


def _passages(
    codes: Codes, start: Places, end: Places, kind: NDArray[np.uint8], text: Places, texts: int
) -> tuple[Places, Places]:
    """The passage of each token, and the text of each passage."""
    count = len(start)
    ends = np.zeros(len(codes) + 1, dtype=np.intp)
    np.cumsum(_ENDS[np.minimum(codes, 0xFFFF)], out=ends[1:])
    opens = np.ones(count, dtype=bool)
    opens[1:] = text[1:] != text[:-1]
    begins = opens.copy()
    begins[1:] |= (ends[start[1:]] - ends[end[:-1]] > 0) | (kind[:-1] == MARK)
    # A sentence of few words is joined to the next one; what is left of a text after that, to the one before.
    places = np.flatnonzero(begins)
    short = np.diff(np.append(places, count)) < MIN_WORDS
    after_short = places[1:][short[:-1]]
    begins[after_short[~opens[after_short]]] = False
    places = np.flatnonzero(begins)
    short = np.diff(np.append(places, count)) < MIN_WORDS
    begins[places[short & ~opens[places]]] = False
    number = np.cumsum(begins) - 1
    # A text without tokens has a passage of its own.
    empty = np.ones(texts, dtype=bool)
    empty[text] = False
    before = np.concatenate([[0], np.cumsum(empty)])
    passage = number + before[text]
    owner = np.sort(np.concatenate([text[begins], np.flatnonzero(empty)]))
    return passage.astype(np.intp), owner.astype(np.intp)


def class_table(classes: Hashes) -> NDArray[np.int64]:
    """Return 1 for each class that a token belongs to, shape (tokens, classes of the lexicon)."""
    return ((classes[:, None] >> np.arange(len(CLASSES), dtype=np.uint64)) & np.uint64(1)).astype(np.int64)


def count_links(text: str) -> int:
    """Return how many addresses of web pages a text has."""
    return int((tokenise([text]).kind == ADDRESS).sum())
