"""A batch of texts -> their tokens, all at once.

The texts are laid behind one another in one array of character codes, and everything that is asked of a token (where it
stands, its hash, the classes of the lexicon it belongs to) is answered for all of them together.
A token is a word, a number, an address, a handle, a blotted-out word, a picture or a run of `!` and `?`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moderation.text.hashing import Codes, Hashes, Places, hashes, running_sums, where
from moderation.text.kinds import ADDRESS, MARK, PICTURE, Kinds, kinds_of
from moderation.text.normal import Normals, normalise_all
from moderation.text.sums import summed
from moderation.text.words import STRONG_BITS, Words, words

MIN_WORDS = 4
"""A sentence of fewer tokens is read together with the next one."""

_ENDS = np.zeros(0x100, dtype=bool)
_ENDS[[ord(character) for character in ".!?\n"]] = True


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of `len(normals)` texts, in order; `n` tokens in all.

    `text[i]` is the text that token `i` belongs to, `first[t]` to `first[t + 1]` are the tokens of text `t`. `start` and
    `end` are places in `codes`, the texts laid behind one another. `typed` is the row of the token in the table `words`,
    `word` that of what it is read as (another one inside quotation marks); `form` is its hash, `classes` the bits of its
    classes. `passage[i]` numbers the sentences of all texts; `owner[p]` is the text of passage `p`; a text without tokens
    has one passage without tokens.
    """

    normals: Normals
    codes: Codes
    first: Places
    text: Places
    start: Places
    end: Places
    kind: Kinds
    words: Words
    typed: Places
    word: Places
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
        begin = int(self.normals.start[text])
        return self.normals[text].source(int(self.start[token]) - begin, int(self.end[token]) - begin)

    def spelling(self, token: int) -> str:
        """Return the token as it is read."""
        return "".join(map(chr, self.codes[self.start[token] : self.end[token]]))

    def prefix(self, length: int, tokens: Places) -> Hashes:
        """Return the hash of the first `length` characters of some tokens, of the whole token where it is shorter."""
        start = self.start[tokens]
        return hashes(self.sums, start, np.minimum(start + length, self.end[tokens]))

    def also(self, tokens: Places, bit: np.uint64) -> None:
        """Some tokens are of one more class."""
        if len(tokens):
            self.word[tokens] = self.words.also(self.word[tokens], bit)
            self.classes[tokens] |= bit

    def facts(self) -> NDArray[np.float64]:
        """Return how many tokens of each text there are of each of `FACTS`, shape (texts, facts)."""
        return summed(self.first, self.word, self.words.facts)


def tokenise(texts: Sequence[str]) -> Tokens:
    """Return the tokens of some texts."""
    normals = normalise_all(texts)
    try:
        codes: Codes = np.frombuffer(normals.joined.encode("latin-1"), dtype=np.uint8)
    except UnicodeEncodeError:
        joined = normals.joined.encode("utf-32-le", "surrogatepass")
        codes = np.frombuffer(joined, dtype="<u4").astype(np.uint32, copy=False)
    kinds = kinds_of(codes)
    inside = kinds != 0
    border = (kinds[1:] != kinds[:-1]) | (kinds[1:] == PICTURE)
    start, end = (where(border & part) + 1 for part in (inside[1:], inside[:-1]))
    kind = kinds[start]
    first = start.searchsorted(np.concatenate([normals.start, [len(codes)]]))
    text = np.arange(len(normals)).repeat(first[1:] - first[:-1])
    sums, table = running_sums(codes), words()
    typed = table.find(codes, sums, start, end, kind)
    word = typed.copy()
    classes = table.classes[word]
    strong = where((classes & STRONG_BITS) != 0)
    quoted = strong[_quoted(normals, codes, text[strong], start[strong])]
    if len(quoted):
        word[quoted] = table.quoted
        classes[quoted] = table.classes[table.quoted]
    passage, owner = _passages(codes, start, end, kind, text, first)
    return Tokens(
        normals=normals,
        codes=codes,
        first=first,
        text=text,
        start=start,
        end=end,
        kind=kind,
        words=table,
        typed=typed,
        word=word,
        form=table.form[word],
        classes=classes,
        passage=passage,
        owner=owner,
        sums=sums,
    )


_QUOTATION = re.compile(r'"[^"\n]{1,400}"|(?<![^\s(])\'[^\n"]{1,400}?[a-z.,!?]\'(?!\w)')


def _quoted(normals: Normals, codes: Codes, texts: Places, places: Places) -> NDArray[np.bool_]:
    """Whether each of some places, ascending, stands inside quotation marks; `texts` are those they stand in."""
    inside = np.zeros(len(places), dtype=bool)
    # An apostrophe opens a quotation only after white space or a bracket.
    marks = where((codes == ord("'")) | (codes == ord('"')))
    before = codes[marks - 1]
    marks = marks[(codes[marks] == ord('"')) | (before <= ord(" ")) | (before == ord("("))]
    having = np.zeros(len(normals), dtype=bool)
    having[texts] = True
    done, quotations = 0, []
    for mark in marks[having[normals.start.searchsorted(marks, side="right") - 1]].tolist():
        found = _QUOTATION.match(normals.joined, mark) if mark >= done else None
        if found:
            done = found.end()
            quotations.append((mark, done))
    for first, last in np.searchsorted(places, np.array(quotations).reshape(-1, 2)):
        inside[first:last] = True
    return inside


def _passages(
    codes: Codes, start: Places, end: Places, kind: Kinds, text: Places, first: Places
) -> tuple[Places, Places]:
    """The passage of each token, and the text of each passage."""
    count = len(start)
    opens = np.zeros(count, dtype=bool)
    opens[first[:-1][first[:-1] < first[1:]]] = True
    begins = opens.copy()
    stops = where(_ENDS.take(codes, mode="clip"))
    after = start.searchsorted(stops, side="right")
    inner = (after > 0) & (after < count)
    after, stops = after[inner], stops[inner]
    begins[after[stops >= end[after - 1]]] = True
    begins[1:] |= kind[:-1] == MARK
    # A sentence of few words is joined to the next one; what is left of a text after that, to the one before.
    places = where(begins)
    after_short = places[1:][places[1:] - places[:-1] < MIN_WORDS]
    begins[after_short[~opens[after_short]]] = False
    places = where(begins)
    short = np.concatenate([places[1:], [count]]) - places < MIN_WORDS
    begins[places[short & ~opens[places]]] = False
    number = begins.cumsum() - 1
    owner = text[begins]
    empty = first[1:] == first[:-1]
    if empty.any():
        # A text without tokens has a passage of its own.
        number += (empty.cumsum() - empty)[text]
        owner = np.sort(np.concatenate([owner, where(empty)]))
    return number, owner


def count_links(text: str) -> int:
    """Return how many addresses of web pages a text has."""
    return int((tokenise([text]).kind == ADDRESS).sum())
