"""Context Toxicity (Pavlopoulos et al. 2020): Wikipedia talk page comments, most of them ordinary talk, some with parent."""

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
            # "Toxic" does not say whether the comment was aimed at a person, so it leaves personal_attack unknown.
            labels = {"abuse": 1} if row["label"] == "1" else {"abuse": 0, "personal_attack": 0}
            yield example(_CORPUS, f"{name}:{row['id']}", Situation(row["text"], row["parent"] or None), labels)


CONTEXT_TOXICITY = Corpus(
    name=_CORPUS[0],
    licence=_CORPUS[1],
    origin="github.com/ipavlopoulos/context_toxicity @ 5df49c2",
    domain="Wikipedia talk pages",
    files=("gc.csv", "gn.csv"),
    speaks_about=("personal_attack", "abuse"),
    read=_read,
)
