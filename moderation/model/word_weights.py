"""What each different word adds to the scores: found out once, looked up after that."""

from __future__ import annotations

from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from moderation.model.features import NGrams
from moderation.model.grams import letter_grams
from moderation.text.hashing import Places
from moderation.text.sums import summed
from moderation.text.words import Words, longer

Floats = NDArray[np.float64]
Labels = NDArray[np.intp] | slice
"""Numbers of labels: a slice, which is quicker, where they stand side by side."""


class Block(NamedTuple):
    """The weights of one kind of n-grams, times what each is worth: for whole comments and for passages.

    `whole` has shape (columns, labels that look at it), numbered by `labels`; likewise `passage`, numbered among the passage
    labels.
    """

    grams: NGrams
    whole: Floats
    labels: Labels
    passage: Floats
    passage_labels: Labels


class WordWeights:
    """A table with one row for each row of a table of `Words`, filled when a word is first asked for.

    A row has what the word itself adds, for comments and for passages, and 1; then what all its runs of characters add, for
    comments and for passages, and how many they are.
    """

    def __init__(self, words: Block, chars: Block) -> None:
        self._words, self._chars = (
            (block.grams, np.concatenate([block.whole, block.passage], axis=1)) for block in (words, chars)
        )
        self._width = self._words[1].shape[1] + self._chars[1].shape[1] + 2
        self._lock = Lock()
        self._of, self._known, self._rows = self._nothing(Words())

    def of(self, table: Words, rows: Places) -> Floats:
        """Return the table, of shape (rows of `table`, columns), which has the words at some rows of `table`."""
        with self._lock:
            if table is not self._of:
                self._of, self._known, self._rows = self._nothing(table)
            if len(self._known) < table.size:
                self._known, self._rows = longer(self._known, len(table.form)), longer(self._rows, len(table.form))
            new = rows[~self._known[rows]]
            if len(new):
                self._fill(np.unique(new))
            return self._rows

    def _nothing(self, table: Words) -> tuple[Words, NDArray[np.bool_], Floats]:
        return table, np.zeros(0, dtype=bool), np.zeros((0, self._width))

    def _fill(self, new: Places) -> None:
        (words, by_word), (chars, by_run) = self._words, self._chars
        own = by_word.shape[1]
        self._rows[new, :own] = by_word[words.columns(self._of.form[new])]
        self._rows[new, own] = 1
        for form, owner in letter_grams(self._of.codes, *self._of.letters[new].T):
            borders = owner.searchsorted(np.arange(len(new) + 1))
            self._rows[new, own + 1 : -1] += summed(borders, chars.columns(form), by_run)
            self._rows[new, -1] += borders[1:] - borders[:-1]
        self._known[new] = True
