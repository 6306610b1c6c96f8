"""Readings -> decision values, as `LabelwiseLogistic` gives them for `Features`, without making the features.

What a fitted pipeline asks of an n-gram is one row of a table: its inverse document frequency times its weight for each
label. So a batch is scored by looking rows up and adding them: a product of a sparse matrix and a table. What a word and its
characters weigh is the same wherever it stands, and kept for the next batch; so is what each pair of classes weighs.
"""

from __future__ import annotations

import numpy as np
from sklearn.pipeline import Pipeline

from moderation.model.grams import (
    ALONE,
    CLOSE,
    FAR,
    NAMED,
    Grams,
    around_grams,
    class_forms,
    class_pairs,
    framed,
    neighbour_forms,
    scene_grams,
    unnamed,
)
from moderation.model.reading import Reading
from moderation.model.word_weights import Block, Floats, Labels, WordWeights
from moderation.text.hashing import Places, where
from moderation.text.sums import summed
from moderation.text.tokens import Tokens


class Scorer:
    """Scores with the fitted steps of one pipeline. Safe to share between threads.

    `labels` are the names of the labels, `passage_labels` the numbers of those that a single passage can decide, `blocks`
    the weights of each kind of n-grams.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        steps = pipeline.named_steps
        self._features, self._classifier = steps["features"], steps["labels"]
        self.labels: tuple[str, ...] = self._classifier.labels
        self.passage_labels = [self.labels.index(label) for label in self._classifier.passage_labels]
        self._in_place = [self.labels.index(label) for label in self._classifier.tail_labels]
        coef = self._classifier.coef_.astype(np.float64)
        passage_coef = self._classifier.passage_coef_.astype(np.float64)
        self.blocks: dict[str, Block] = {}
        begin = 0
        for grams in self._features.blocks:
            columns = slice(begin, begin + grams.n_features)
            worth = grams.idf_.astype(np.float64)[:, None]
            whole, labels = _used(coef[:, columns])
            passage, passage_labels = _used(passage_coef[:, columns])
            self.blocks[grams.grams] = Block(grams, whole * worth, labels, passage * worth, passage_labels)
            begin += grams.n_features
        words = self.blocks["words"]
        self._words = WordWeights(words, self.blocks["chars"])
        self._neighbours = np.concatenate([words.whole, words.passage, np.ones((len(words.whole), 1))], axis=1)
        self._pairs = _pair_table(self.blocks["classes"], self.blocks["frames"])
        self._rest = np.ascontiguousarray(coef[:, begin:].T)

    def probabilities(self, reading: Reading, sums: Sums | None = None) -> Floats:
        """Return calibrated probabilities, shape (comments, labels).

        NaN for the labels that compare a comment with what surrounds it (`off_topic`) where nothing does. `sums` are those
        of the reading, where the caller has them.
        """
        placed = reading.has_surroundings
        found = np.asarray(self._classifier.probabilities(self.decisions(reading, sums), placed))
        for label in self._in_place:
            found[~placed, label] = np.nan
        return found

    def decisions(self, reading: Reading, sums: Sums | None = None) -> Floats:
        """Return the uncalibrated log-odds, shape (comments, labels), up to rounding as `decision_function` does.

        Of comments that nothing surrounds, those of `off_topic` mean nothing.
        """
        sums = sums or self.sums(reading)
        decisions: Floats = sums.whole + self.rest(reading)
        decisions[:, self.passage_labels] += sums.strongest()
        return decisions

    def sums(self, reading: Reading) -> Sums:
        """Return what the n-grams of comments and of passages add."""
        tokens = reading.tokens
        sums = Sums(tokens, len(self.labels), len(self.passage_labels))
        self._add_words(sums)
        self._add_classes(sums)
        scenes = self.blocks["scenes"]
        sums.add(scenes, *sums.scattered(scenes, scene_grams(tokens)))
        return sums

    def rest(self, reading: Reading) -> Floats:
        """Return what no word adds: context, topicality and the intercept, shape (comments, labels)."""
        context, topicality = self._features.context, self._features.topicality
        if reading.has_surroundings.any():
            columns = np.concatenate([context.columns_of(reading), topicality.columns_of(reading)], axis=1)
        else:
            columns = context.own_columns_of(reading)
        # Not `@`: how BLAS rounds hangs on the number of rows, and a score must not hang on the batch.
        added = np.einsum("ij,jk->ik", columns, self._rest[: columns.shape[1]])
        return np.asarray(added + self._classifier.intercept_)

    def of_characters(self, tokens: Tokens) -> tuple[Floats, Floats]:
        """Return what the runs of characters inside each token weigh, and how many they are.

        The former has shape (tokens, labels that look at them for comments and those for passages).
        """
        rows = self._words.of(tokens.words, tokens.word)[tokens.word, self._neighbours.shape[1] :]
        return rows[:, :-1], rows[:, -1]

    def _add_words(self, sums: Sums) -> None:
        """What words, their characters and pairs of neighbours add."""
        tokens, words, chars = sums.tokens, self.blocks["words"], self.blocks["chars"]
        left = where(tokens.text[1:] == tokens.text[:-1])
        column = words.grams.columns(neighbour_forms(tokens.form[left], tokens.form[left + 1]))
        alone = sums.of_tokens(self._words.of(tokens.words, tokens.word), tokens.word)
        paired = sums.of(self._neighbours, column, left, left + 1)
        width = self._neighbours.shape[1]
        sums.add(words, *(part[:, :width] + more for part, more in zip(alone, paired, strict=True)))
        sums.add(chars, *(part[:, width:] for part in alone))

    def _add_classes(self, sums: Sums) -> None:
        """What the classes of words, and the frames of words for antisemitism and for Jews, add."""
        tokens, classes, frames = sums.tokens, self.blocks["classes"], self.blocks["frames"]
        pairs = class_pairs(tokens)
        found = sums.of(self._pairs, _pair_row(pairs.left, pairs.right, pairs.near), pairs.first, pairs.last)
        width = classes.whole.shape[1] + classes.passage.shape[1] + 1
        around = sums.scattered(frames, around_grams(tokens))
        sums.add(classes, *(part[:, :width] for part in found))
        sums.add(frames, *(part[:, width:] + more for part, more in zip(found, around, strict=True)))


class Sums:
    """What has been added up so far for each comment and each passage, before the intercept.

    What is still to be scaled stands in tables with a row a comment or a passage, and these columns: the weights of a block
    for comments, those for passages, and the number of n-grams.
    """

    def __init__(self, tokens: Tokens, labels: int, passage_labels: int) -> None:
        self.tokens = tokens
        self._borders = tokens.passage.searchsorted(np.arange(len(tokens.owner) + 1))
        self._first = tokens.owner.searchsorted(np.arange(len(tokens.normals)))
        self.whole = np.zeros((len(tokens.normals), labels))
        self._passage = np.zeros((len(tokens.owner), passage_labels))

    def of_tokens(self, table: Floats, rows: Places) -> tuple[Floats, Floats]:
        """Return the sums of some rows of a table, one for each token, for comments and for passages."""
        passages = summed(self._borders, rows, table)
        return self._together(passages), passages

    def of(self, table: Floats, rows: Places, first: Places, last: Places) -> tuple[Floats, Floats]:
        """Return the same of n-grams from token `first`, ascending, to token `last`, which may stand in another passage."""
        inside = self.tokens.passage[first] == self.tokens.passage[last]
        within, across = where(inside), where(~inside)
        passages = summed(first[within].searchsorted(self._borders), rows[within], table)
        others = summed(first[across].searchsorted(self.tokens.first), rows[across], table)
        return self._together(passages) + others, passages

    def _together(self, passages: Floats) -> Floats:
        """The sums of the passages of each comment."""
        return summed(np.append(self._first, len(passages)), np.arange(len(passages)), passages)

    def scattered(self, block: Block, found: Grams) -> tuple[Floats, Floats]:
        """Return the same of a block's n-grams that stand in any order."""
        tokens, column = self.tokens, block.grams.columns(found.form)
        parts = []
        for row, rows, table, begin in (
            (tokens.text, len(tokens.normals), block.whole, 0),
            (tokens.passage, len(tokens.owner), block.passage, block.whole.shape[1]),
        ):
            inside = where(row[found.first] == row[found.last])
            owner, used = row[found.first[inside]], column[inside]
            sums = np.zeros((rows, block.whole.shape[1] + block.passage.shape[1] + 1))
            for label in range(table.shape[1] if len(used) else 0):
                sums[:, begin + label] = np.bincount(owner, table[used, label], rows)
            sums[:, -1] = np.bincount(owner, minlength=rows)
            parts.append(sums)
        return parts[0], parts[1]

    def add(self, block: Block, whole: Floats, passage: Floats) -> None:
        """Add what the n-grams of a block weigh, for the labels that look at them."""
        border = block.whole.shape[1]
        self.whole[:, block.labels] += whole[:, :border] * block.grams.scale(whole[:, -1])[:, None]
        self._passage[:, block.passage_labels] += passage[:, border:-1] * block.grams.scale(passage[:, -1])[:, None]

    def strongest_passage(self) -> Places:
        """Return the number of that passage of each comment, the first of several, shape (comments, passage labels)."""
        highest = self._passage == self.strongest()[self.tokens.owner]
        number = np.where(highest, np.arange(len(highest))[:, None], len(highest))
        return np.asarray(np.minimum.reduceat(number, self._first))

    def strongest(self) -> Floats:
        """Return what the strongest passage of each comment weighs, shape (comments, passage labels)."""
        return np.asarray(np.maximum.reduceat(self._passage, self._first))


def _used(coefficients: Floats) -> tuple[Floats, Labels]:
    """The weights of the labels that look at a block at all, shape (columns, labels), and which labels those are."""
    labels = np.flatnonzero(coefficients.any(axis=1))
    if len(labels) and labels[-1] - labels[0] + 1 == len(labels):
        return np.ascontiguousarray(coefficients[labels].T), slice(int(labels[0]), int(labels[-1]) + 1)
    return np.ascontiguousarray(coefficients[labels].T), labels


_CLASSES = NAMED + 1
_NEARNESS = (ALONE, FAR, CLOSE)


def _pair_row(left: Places, right: Places, near: Places) -> Places:
    """The row of a pair of classes in `_pair_table`."""
    return (near * _CLASSES + left) * _CLASSES + right


def _pair_table(classes: Block, frames: Block) -> Floats:
    """What every pair of classes weighs and counts, as one of `classes`, then as one of `frames`; see `Sums`."""
    near, left, right = (part.ravel() for part in np.indices((max(_NEARNESS) + 1, _CLASSES, _CLASSES)))
    form = class_forms(left, right, near)
    seen = (unnamed(left) & unnamed(right))[:, None]
    column, company = classes.grams.columns(form), frames.grams.columns(framed(form))
    as_class = [classes.whole[column] * seen, classes.passage[column] * seen, seen]
    return np.concatenate([*as_class, frames.whole[company], frames.passage[company], np.ones(seen.shape)], axis=1)
