"""Comments a second on one core, in batches, beside alt-profanity-check's own batch call.

    python -m tests.benchmarks.throughput [--corpora FOLDER]

Ours answers six labels, then whole verdicts without and with the words that weighed; theirs gives one score. Both get the
same texts, without their threads, piece by piece in turn. No text is there twice: what is remembered of words must help
with new comments. Medians of processor time over the pieces.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from profanity_check import predict_prob

from moderation import Comment, load_moderator
from moderation.corpora.registry import read_corpus
from moderation.examples import in_test
from moderation.sources import seed_sets
from tests.benchmarks import results
from tests.benchmarks.shapes import TALK

PIECE = 500
PIECES = 24
WARMING = 2
"""Pieces at the beginning that do not count: libraries are still being loaded, and every word is new."""


def written_texts() -> list[str]:
    """What was written for this project, in an order by chance."""
    return _by_chance([row.situation.text for part in seed_sets() for row in part.examples])


def held_out_texts(corpora: Path) -> list[str]:
    """Comments of published corpora whose threads were kept out of training."""
    rows = [row for name in TALK for row in read_corpus(name, corpora) if in_test(row)]
    return _by_chance([row.situation.text for row in rows])


def _by_chance(texts: Sequence[str]) -> list[str]:
    different = list(dict.fromkeys(texts))
    return [different[index] for index in np.random.default_rng(0).permutation(len(different)).tolist()]


def measure(asked: argparse.Namespace) -> list[results.Row]:
    results.on_one_core()
    sets = {
        "synthetic": results.synthetic_texts(PIECE * (PIECES + WARMING)),
        "written for this project": written_texts(),
    }
    if asked.corpora and asked.corpora.is_dir():
        sets["held-out rows of published corpora"] = held_out_texts(asked.corpora)
    moderator = load_moderator("default")
    ways = {
        "six labels": lambda texts: moderator.scores([Comment(text) for text in texts]),
        "verdicts": lambda texts: moderator.score([Comment(text) for text in texts], spans=False),
        "verdicts with spans": lambda texts: moderator.score([Comment(text) for text in texts]),
    }
    rows = []
    for name, texts in sets.items():
        results.progress(f"throughput: {name}")
        pieces = [texts[start : start + PIECE] for start in range(0, len(texts) - PIECE + 1, PIECE)]
        characters = statistics.mean(map(len, texts))
        for number, (way, ours) in enumerate(ways.items()):
            # The ways share the pieces out: a text that one of them has seen is not new to the next.
            own = pieces[:WARMING] + pieces[WARMING + number :: len(ways)]
            mine, theirs = (times[WARMING:] for times in results.in_turn([ours, predict_prob], own))
            ratio = float(np.median(np.divide(theirs, mine)))
            what = f"{way}, {name} ({characters:.0f} characters)"
            figures = [f"{PIECE / statistics.median(times):,.0f}/s" for times in (mine, theirs)]
            if way == "six labels":
                rows.append(results.at_least(what, *figures, ratio, 1))
            else:
                rows.append(results.Row(what, *figures, ratio))
    return rows


if __name__ == "__main__":
    results.main(measure, __doc__ or "", corpora={"type": Path, "help": "folder with the published corpora"})
