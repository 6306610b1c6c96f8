"""Which words weighed how much: the exact contributions of the linear model, word by word."""

from __future__ import annotations

import numpy as np

from moderation.model.grams import GRAMS, Grams
from moderation.model.reading import Reading
from moderation.model.scoring import Scorer, Sums
from moderation.model.word_weights import Floats
from moderation.text.hashing import Places, where


def explain(scorer: Scorer, reading: Reading, sums: Sums | None = None) -> Floats:
    """Return what each token adds to the decision values of its comment, in log-odds, shape (tokens, labels).

    The contribution of an n-gram, coefficient times value, is shared equally among the tokens it spans; the strongest
    passage adds what its words contribute there. Together with `Scorer.rest` they add up to `Scorer.decisions`. `sums` are
    those of the reading, where the caller has them.
    """
    tokens = reading.tokens
    weights = np.zeros((len(tokens), len(scorer.labels)))
    strongest = (sums or scorer.sums(reading)).strongest_passage()
    for block in scorer.blocks.values():
        found = GRAMS[block.grams.grams](tokens)
        column, owner = block.grams.columns(found.form), tokens.text[found.first]
        scale = block.grams.scale(np.bincount(owner, minlength=len(reading)))[owner]
        weights[:, block.labels] += _shared_out(block.whole[column] * scale[:, None], found, len(tokens))
        passage = tokens.passage[found.first]
        inside = where(passage == tokens.passage[found.last])
        within = Grams(found.form[inside], found.first[inside], found.last[inside])
        passage, owner = passage[inside], owner[inside]
        scale = block.grams.scale(np.bincount(passage, minlength=len(tokens.owner)))[passage]
        mine = passage[:, None] == strongest[owner][:, block.passage_labels]
        values = block.passage[column[inside]] * scale[:, None] * mine
        labels = np.array(scorer.passage_labels)[block.passage_labels]
        weights[:, labels] += _shared_out(values, within, len(tokens))
    return weights


def _shared_out(values: Floats, found: Grams, size: int) -> Floats:
    """The values of n-grams, a column a label, shared equally among the tokens that each spans, added up for each token."""
    spanned: Places = found.last - found.first + 1
    token = found.first
    if len(spanned) and spanned.max() > 1:
        token = np.repeat(found.first - (np.cumsum(spanned) - spanned), spanned) + np.arange(spanned.sum())
        values = np.repeat(values / spanned[:, None], spanned, axis=0)
    columns = values.shape[1]
    cell = (token[:, None] * columns + np.arange(columns)).ravel()
    return np.asarray(np.bincount(cell, values.ravel(), size * columns), dtype=np.float64).reshape(size, columns)
