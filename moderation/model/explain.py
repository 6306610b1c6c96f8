"""Which words weighed how much: the exact contributions of the linear model, word by word."""

from __future__ import annotations

import numpy as np

from moderation.model.grams import GRAMS, Grams
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
    for block in scorer.blocks.values():
        found = GRAMS[block.grams.grams](tokens)
        column, owner = block.grams.columns(found.form), tokens.text[found.first]
        scale = block.grams.scale(np.bincount(owner, minlength=len(reading)))[owner]
        for index, label in enumerate(np.arange(len(scorer.labels))[block.labels]):
            weights[:, label] += _shared_out(block.whole[column, index] * scale, found, len(tokens))
        passage = tokens.passage[found.first]
        inside = np.flatnonzero(passage == tokens.passage[found.last])
        scale = block.grams.scale(np.bincount(passage[inside], minlength=len(tokens.owner)))
        for index, label in enumerate(np.arange(len(scorer.passage_labels))[block.passage_labels]):
            mine = inside[passage[inside] == strongest[owner[inside], label]]
            values = block.passage[column[mine], index] * scale[passage[mine]]
            only = Grams(*(part[mine] for part in found))
            weights[:, scorer.passage_labels[label]] += _shared_out(values, only, len(tokens))
    return weights


def _shared_out(values: Floats, found: Grams, size: int) -> Floats:
    """The values of n-grams shared equally among the tokens that each spans, added up for each token."""
    spanned: Places = found.last - found.first + 1
    if len(spanned) and spanned.max() > 1:
        token = np.repeat(found.first - (np.cumsum(spanned) - spanned), spanned) + np.arange(spanned.sum())
        return np.asarray(np.bincount(token, np.repeat(values / spanned, spanned), size), dtype=np.float64)
    return np.asarray(np.bincount(found.first, values, size), dtype=np.float64)
