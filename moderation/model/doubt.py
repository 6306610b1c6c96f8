"""What cannot be judged: a comment with too few known words, in another language, or of nothing but links."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from moderation.model.reading import Reading
from moderation.text.hashing import where
from moderation.text.kinds import WORD
from moderation.text.tokens import Tokens

MIN_KNOWN = 3
"""Known words that a comment must have to be judged."""
MIN_SHARE = 0.6
"""Share of its words that must be known."""
SURE_SHARE = 0.85
"""Below this share of known words, one word in ten must be a little one that only English has (`the`, `you`): other
languages share words with English, but not those (tests/model/test_doubt.py has sentences in twenty of them)."""
MIN_ENGLISH = 0.1

_BITS = 20
_LEAST = 3
"""Comments a word must occur in to be known."""


class Vocabulary(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """The words that occurred in several training comments, as bits of a table that their hashes point to."""

    def fit(self, X: Reading, y: Any = None) -> Vocabulary:
        """Learn the words of some comments."""
        tokens = X.tokens
        words = where(tokens.kind == WORD)
        slots = (tokens.form[words] >> np.uint64(64 - _BITS)).astype(np.int64)
        different = np.unique(tokens.text[words] * 2**_BITS + slots) % 2**_BITS
        self.bits_ = np.packbits(np.bincount(different, minlength=2**_BITS) >= _LEAST)
        return self

    def known(self, tokens: Tokens) -> NDArray[np.bool_]:
        """Return whether each token is a known word."""
        slots = (tokens.form >> np.uint64(64 - _BITS)).astype(np.int64)
        bits = (self.bits_[slots >> 3] >> (7 - (slots & 7)).astype(np.uint8)) & 1
        return np.asarray((bits == 1) & (tokens.kind == WORD))


def doubts(reading: Reading, vocabulary: Vocabulary) -> list[str | None]:
    """Return for each comment why it cannot be judged; None where it can."""
    tokens, size = reading.tokens, len(reading)
    words, english, links = (reading.count(fact).astype(np.intp) for fact in ("word", "english", "address"))
    known = np.bincount(tokens.text[vocabulary.known(tokens)], minlength=size)
    found: list[str | None] = [None] * size
    foreign = (known < MIN_SHARE * words) | ((known < SURE_SHARE * words) & (english < MIN_ENGLISH * words))
    for index in where((known < MIN_KNOWN) | foreign).tolist():
        if words[index] == 0 and links[index]:
            found[index] = "nothing but links"
        elif known[index] < MIN_KNOWN:
            found[index] = f"{known[index]} known words, expected at least {MIN_KNOWN}"
        else:
            found[index] = f"seems to be no English: {known[index]} of {words[index]} words known"
    return found
