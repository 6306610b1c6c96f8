"""Comments a second on one core, in batches, beside alt-profanity-check's own batch call.

    python -m tests.benchmarks.throughput [--corpora FOLDER]

Ours answers six labels, then whole verdicts without and with the words that weighed; theirs gives one score. Both get the
same texts, without their threads, piece by piece in turn. No text is there twice, and every way begins in a process of its
own: what is remembered of words must help with new comments. Medians of processor time over the pieces.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from profanity_check import predict_prob

from moderation import Comment, load_moderator
from moderation.corpora.registry import read_corpus
from moderation.examples import in_test
from moderation.sources import seed_sets
from tests.benchmarks import results
from tests.benchmarks.shapes import TALK

PIECE, LARGE_PIECE = 500, 2_000
"""As many comments as `moderation score` has in one batch; and more, which is where their batch call is quickest."""
PIECES = 24
BEGINNING = 1_000
"""Comments that do not count: libraries are still being loaded, and every word is new."""
MIDDLE = 10_000
"""Comments before those that stand in the middle of an archive."""


def written_texts() -> list[str]:
    """What was written for this project, in an order by chance."""
    return _by_chance([row.situation.text for part in seed_sets() for row in part.examples])


def held_out_texts(corpora: Path) -> list[str]:
    """Comments of published corpora whose threads were kept out of training."""
    return _talk(corpora, held_out=True)


def _talk(corpora: Path, held_out: bool) -> list[str]:
    rows = [row for name in TALK for row in read_corpus(name, corpora) if in_test(row) == held_out]
    return _by_chance([row.situation.text for row in rows])


def in_an_archive(corpora: Path) -> list[str]:
    """The same comments where they stand in the middle of an archive, behind those of other threads."""
    return _talk(corpora, held_out=False)[:MIDDLE] + held_out_texts(corpora)


def _by_chance(texts: Sequence[str]) -> list[str]:
    different = list(dict.fromkeys(texts))
    return [different[index] for index in np.random.default_rng(0).permutation(len(different)).tolist()]


SETS: dict[str, tuple[Callable[[Path], list[str]], int]] = {
    "synthetic": (lambda _: results.synthetic_texts(BEGINNING + PIECE * PIECES), BEGINNING),
    "written for this project": (lambda _: written_texts(), BEGINNING),
    "held-out rows of published corpora": (held_out_texts, BEGINNING),
    f"the same after {MIDDLE:,} others": (in_an_archive, MIDDLE),
}
"""Texts, and how many of them do not count."""
WAYS = {
    "six labels": PIECE,
    f"six labels, {LARGE_PIECE:,} at a time": LARGE_PIECE,
    "verdicts": PIECE,
    "verdicts with spans": PIECE,
}
"""What is asked for, and of how many comments at a time."""


def timed(name: str, way: str, corpora: Path) -> tuple[float, list[float], list[float]]:
    """Return the characters of a comment of a set, and the seconds that each piece takes us one way, and
    them, for a comment."""
    results.on_one_core()
    results.progress(f"throughput: {way}, {name}")
    made, uncounted = SETS[name]
    texts = made(corpora)
    moderator = load_moderator("default")

    def ours(texts: Sequence[str]) -> object:
        comments = [Comment(text) for text in texts]
        return moderator.scores(comments) if "labels" in way else moderator.score(comments, spans="spans" in way)

    for start in range(0, uncounted, PIECE):
        ours(texts[start : start + PIECE])
        predict_prob(texts[start : start + PIECE])
    counted, size = texts[uncounted:], WAYS[way]
    pieces = [counted[start : start + size] for start in range(0, len(counted) - size + 1, size)]
    times = results.in_turn([ours, predict_prob], pieces)
    mine, theirs = ([seconds / size for seconds in part] for part in times)
    return statistics.mean(map(len, counted)), mine, theirs


def measure(asked: argparse.Namespace) -> list[results.Row]:
    found = asked.corpora and asked.corpora.is_dir()
    names = [name for name, (made, _) in SETS.items() if found or made not in (held_out_texts, in_an_archive)]
    rows = []
    for name in names:
        for way in WAYS:
            with ProcessPoolExecutor(1, get_context("spawn")) as alone:
                characters, mine, theirs = alone.submit(timed, name, way, asked.corpora).result()
            ratio = float(np.median(np.divide(theirs, mine)))
            what = f"{way}, {name} ({characters:.0f} characters)"
            figures = [f"{1 / statistics.median(times):,.0f}/s" for times in (mine, theirs)]
            if "labels" in way:
                rows.append(results.at_least(what, *figures, ratio, 1))
            else:
                rows.append(results.Row(what, *figures, ratio))
    return rows


if __name__ == "__main__":
    results.main(measure, __doc__ or "", corpora={"type": Path, "help": "folder with the published corpora"})
