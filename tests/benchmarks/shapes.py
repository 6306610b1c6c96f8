"""How long comments are, how they hang together, and what they are about, as measured on real ones.

`python -m tests.benchmarks.measure_shapes CORPORA` prints the figures again, from the published corpora. Only figures are
here, no rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

TALK = ("fox_news", "toxic_spans", "context_toxicity", "ukp_ad_hominem")
"""News sites, Wikipedia's talk pages and a forum: what is nearest to a blog's comments. Each weighs the same."""

LEVELS = (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1)
CHARACTERS = (1, 11, 14, 24, 37, 61, 86, 115, 150, 199, 268, 373, 722, 1_211, 2_300, 3_441, 4_727, 7_607, 19_000)
"""Characters of a comment at `LEVELS`, over `TALK`. The longest has 23,812: more than is scored, so 19,000 here."""
COMMENTS = (13, 65, 114, 122, 141, 157, 162, 163, 165, 193, 246)
"""Comments of a post: the ten threads of fox_news and the one whole thread of the seeds."""
DEPTHS = (715, 524, 224, 45, 20)
"""Comments of fox_news that answer the article, a comment, an answer to one, and so on: 53% are replies."""
BACK_LEVELS = (0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1)
BACK = (1, 1, 7, 46, 111, 148, 223, 234)
"""How many comments back the one stands that is replied to, at `BACK_LEVELS`, in fox_news."""
ARTICLES = (1_662, 3_074, 3_651, 9_714)
"""Characters of the four articles of the seeds."""
TITLES = (37, 53, 55, 60, 68, 68, 70, 71, 75, 91, 104, 104)
"""Characters of the titles of fox_news and of the seeds."""


def drawn(random: np.random.Generator, levels: Sequence[float], values: Sequence[int], size: int) -> np.ndarray:
    """Return whole numbers that have these quantiles, shape (size,); between two levels on a logarithmic scale."""
    return np.exp(np.interp(random.random(size), levels, np.log(values))).round().astype(np.int64)


def evenly(random: np.random.Generator, values: Sequence[int], size: int) -> np.ndarray:
    """Return whole numbers from a small sample of measured ones: anything between two neighbours, shape (size,)."""
    return drawn(random, np.linspace(0, 1, len(values)), values, size)
