"""One comment at a time in process, beside alt-profanity-check on the same text: medians of processor time.

    python -m tests.benchmarks.single

In its thread: with parent and article, as an owner's blog would ask. Bare: the text alone, which is all theirs gets. Every
comment is new to both; comments of a thread come one after the other.
"""

from __future__ import annotations

import argparse
import statistics

from profanity_check import predict_prob

from moderation import Comment, load_moderator
from tests.benchmarks import results

COMMENTS = 2_400
WARMING = 400
ASKED = 2.0
"""At most half of their median."""


def measure(asked: argparse.Namespace) -> list[results.Row]:
    results.on_one_core()
    results.progress("single comments")
    moderator = load_moderator("default")
    comments = results.in_their_threads(COMMENTS + WARMING, seed=1)
    ways = {
        "in its thread, verdict": lambda comment: moderator.score([comment], spans=False),
        "in its thread, verdict with spans": lambda comment: moderator.score([comment]),
        "bare, verdict": lambda comment: moderator.score([Comment(comment.text)], spans=False),
        "bare, verdict with spans": lambda comment: moderator.score([Comment(comment.text)]),
    }
    for comment in comments[:WARMING]:
        for ours in ways.values():
            ours(comment)
        predict_prob([comment.text])
    rows = []
    for number, (way, ours) in enumerate(ways.items()):
        # Stretches of a thread rather than every fourth comment: the next one of a thread comes next.
        stretch = COMMENTS // len(ways)
        own = comments[WARMING + number * stretch :][:stretch]
        mine, theirs = results.in_turn([ours, lambda comment: predict_prob([comment.text])], own)
        figures = [f"{1_000 * statistics.median(times):.2f} ms" for times in (mine, theirs)]
        ratio = statistics.median(theirs) / statistics.median(mine)
        rows.append(results.at_least(f"one comment {way}", *figures, ratio, ASKED))
    return rows


if __name__ == "__main__":
    results.main(measure, __doc__ or "")
