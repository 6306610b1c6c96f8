"""What `shapes` says of real comments, measured again, and how fast new words turn up in real and in synthetic text.

python -m tests.benchmarks.measure_shapes CORPORA
"""

from __future__ import annotations

import argparse
import bisect
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from moderation.corpora.registry import read_corpus
from tests.benchmarks.shapes import BACK_LEVELS, CHARACTERS, LEVELS, TALK, drawn
from tests.benchmarks.words import Words

WORDS = (10_000, 30_000, 100_000, 300_000, 550_000)
COMMENTS = 10_000


def real_texts(corpora: Path, name: str) -> list[str]:
    """The comments of a corpus in an order by chance, without the variants that its reader makes of some."""
    first = {example.thread if name == "toxic_spans" else example.id: example.situation.text
             for example in reversed(read_corpus(name, corpora))}  # fmt: skip
    texts = list(dict.fromkeys(first.values()))
    return [texts[index] for index in np.random.default_rng(0).permutation(len(texts)).tolist()]


def growth(texts: Sequence[str], pattern: str, at: Sequence[int]) -> list[int | None]:
    """Distinct words among the first so many words, None where there are not that many."""
    found = re.findall(pattern, "\n".join(texts))
    return [len(set(found[:count])) if len(found) >= count else None for count in at]


def _measured(corpora: Path) -> None:
    texts = {name: real_texts(corpora, name) for name in TALK}
    sizes = np.concatenate([[len(text) for text in rows] for rows in texts.values()])
    weight = np.concatenate([np.full(len(rows), 1 / len(rows) / len(texts)) for rows in texts.values()])
    order = np.argsort(sizes)
    reached = np.cumsum(weight[order]).tolist()
    found = [int(sizes[order][min(bisect.bisect(reached, level), len(order) - 1)]) for level in LEVELS]
    print(f"characters at {LEVELS}: {found}, mean {float(weight @ sizes):.0f}")
    fox = read_corpus("fox_news", corpora)
    print("comments of a thread:", sorted(Counter(row.thread for row in fox).values()))
    titles = {row.situation.article.title or "" for row in fox if row.situation.article}
    print("characters of a title:", sorted(map(len, titles)))
    place: dict[tuple[str, str], tuple[int, int]] = {}
    back = []
    for index, row in enumerate(fox):
        depth, stands = place.get((row.thread, row.situation.parent or ""), (-1, 0))
        if depth >= 0:
            back.append(index - stands)
        place[row.thread, row.situation.text] = depth + 1, index
    depths = Counter(depth for depth, _ in place.values())
    print("depths (texts that stand twice count once):", sorted(depths.items()))
    print(f"back at {BACK_LEVELS}: {np.quantile(back, BACK_LEVELS).round().astype(int).tolist()}")


def _new_words(corpora: Path) -> None:
    """How many distinct words there are in equally much real and synthetic text."""
    words, random = Words(), np.random.default_rng(1)
    made = [" ".join(text) for text in words.take(random, drawn(random, LEVELS, CHARACTERS, COMMENTS))]
    everyone = {"synthetic": made, **{name: real_texts(corpora, name) for name in TALK}}
    for kind, pattern in (("as they stand", r"\S+"), ("letters and digits, lower case", r"[\w']+")):
        print(f"distinct words, {kind}, among the first {WORDS}:")
        for name, texts in everyone.items():
            lines = texts if pattern == r"\S+" else [text.lower() for text in texts]
            print(f"  {name:<18}", *(f"{count or '-':>8}" for count in growth(lines, pattern, WORDS)))
    print(f"distinct words to words, lower case, of {COMMENTS:,} comments (all there are, where there are fewer):")
    for name, texts in everyone.items():
        found = re.findall(r"[\w']+", "\n".join(texts[:COMMENTS]).lower())
        print(f"  {name:<18} {len(set(found)):,} of {len(found):,}: {len(set(found)) / len(found):.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Lengths, thread shapes and new words of real comments.")
    parser.add_argument("corpora", type=Path, help="folder with the published corpora")
    corpora = parser.parse_args().corpora
    _measured(corpora)
    _new_words(corpora)


if __name__ == "__main__":
    main()
