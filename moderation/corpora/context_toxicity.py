"""Context Toxicity (Pavlopoulos et al. 2020): Wikipedia talk page comments, most of them ordinary talk, many with parent.

The small set of Xenos et al. 2021 (`cat_small.csv`) has no row ids: its rows are named by their place in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from moderation.corpora.corpus import Corpus, example, find, rows
from moderation.records import Example, Situation

_CORPUS = ("context_toxicity", "Apache-2.0 (texts CC BY-SA)")


def _read(folder: Path) -> Iterator[Example]:
    for name in ("gc.csv", "gn.csv"):
        for row in rows(find(folder, name)):
            if not row["text"].strip():
                continue
            yield _example(f"{name}:{row['id']}", row["text"], row["parent"], row["label"])
    for number, row in enumerate(rows(find(folder, "cat_small.csv")), start=1):
        if row["text"].strip():
            yield _example(f"cat_small.csv:{number}", row["text"], row["parent_text"], row["label_ic"])


def _example(row: str, text: str, parent: str, toxic: str) -> Example:
    # "Toxic" does not say whether the comment was aimed at a person, so it leaves personal_attack unknown.
    labels = {"abuse": 1} if int(toxic) else {"abuse": 0, "personal_attack": 0}
    return example(_CORPUS, row, Situation(text, parent if parent.strip() else None), labels)


CONTEXT_TOXICITY = Corpus(
    name=_CORPUS[0],
    licence=_CORPUS[1],
    origin="github.com/ipavlopoulos/context_toxicity @ 5df49c2",
    domain="Wikipedia talk pages",
    files=("gc.csv", "gn.csv", "cat_small.csv"),
    speaks_about=("personal_attack", "abuse"),
    read=_read,
    context=("parent comment",),
)
