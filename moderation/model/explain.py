"""Which words weighed how much: the exact contributions of the linear model, word by word."""

from __future__ import annotations

import numpy as np

from moderation.model.grams import GRAMS
from moderation.model.reading import Reading
from moderation.model.scoring import Scorer, Sums
from moderation.model.word_weights import Floats
from moderation.text.hashing import Places


def explain(scorer: Scorer, reading: Reading, sums: Sums | None = None) -> Floats:
    """Return what each token adds to the decision values of its comment, in log-odds, shape (tokens, labels).

    The contribution of an n-gram, coefficient times value, is shared equally among the tokens it spans; the strongest
    passage adds what its words contribute there. Together with `Scorer.rest` they add up to `Scorer.decisions`. `sums` are
    those of the reading, where the caller has them.
    """
    tokens = reading.tokens
    weights = np.zeros((len(tokens), len(scorer.labels)))
    strongest = (sums or scorer.sums(reading)).strongest_passage()
    for name, block in scorer.blocks.items():
        if name == "chars":
            values, count = scorer.of_characters(tokens)
            first = last = np.arange(len(tokens))
        else:
            form, first, last = GRAMS[name](tokens)
            column = block.grams.columns(form)
            values, count = np.concatenate([block.whole[column], block.passage[column]], axis=1), np.ones(len(column))
        border = block.whole.shape[1]
        owner, passage = tokens.text[first], tokens.passage[first]
        inside = passage == tokens.passage[last]
        scale = block.grams.scale(np.bincount(owner, count, len(reading)))[owner]
        within = block.grams.scale(np.bincount(passage, count * inside, len(tokens.owner)))[passage]
        mine = inside[:, None] & (passage[:, None] == strongest[owner][:, block.passage_labels])
        values[:, :border] *= scale[:, None]
        values[:, border:] *= within[:, None] * mine
        shares = _shared_out(values, first, last, len(tokens))
        weights[:, block.labels] += shares[:, :border]
        weights[:, np.array(scorer.passage_labels)[block.passage_labels]] += shares[:, border:]
    return weights


def _shared_out(values: Floats, first: Places, last: Places, size: int) -> Floats:
    """The values of n-grams, a column a label, shared equally among the tokens that each spans, added up for each token."""
    spanned: Places = last - first + 1
    token: Places = first
    if len(spanned) and spanned.max() > 1:
        ends: Places = spanned.cumsum()
        token = (first - (ends - spanned)).repeat(spanned) + np.arange(ends[-1])
        values = (values / spanned[:, None]).repeat(spanned, axis=0)
    columns = values.shape[1]
    cell = (token[:, None] * columns + np.arange(columns)).ravel()
    return np.asarray(np.bincount(cell, values.ravel(), size * columns), dtype=np.float64).reshape(size, columns)
