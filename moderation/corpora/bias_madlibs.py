"""Bias madlibs (Dixon et al. 2018): template sentences that name identities, bad or not: for measuring only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from moderation.corpora.corpus import Corpus, example, find, rows
from moderation.records import Example, Situation

_CORPUS = ("bias_madlibs", "Apache-2.0")
_FILES = (
    ("bias_madlibs_77k.csv", "Text", "Label", {"BAD": 1, "NOT_BAD": 0}),
    ("en_sentence_templates.csv", "phrase", "toxicity", {"toxic": 1, "nontoxic": 0}),
)


def _read(folder: Path) -> Iterator[Example]:
    for name, text, label, bad in _FILES:
        for number, row in enumerate(rows(find(folder, name)), start=1):
            yield example(_CORPUS, f"{name}:{number}", Situation(row[text]), {"abuse": bad[row[label]]})


BIAS_MADLIBS = Corpus(
    name=_CORPUS[0],
    licence=_CORPUS[1],
    origin="github.com/conversationai/unintended-ml-bias-analysis @ 9c7d91a",
    domain="synthetic template sentences",
    files=tuple(name for name, *_ in _FILES),
    speaks_about=("abuse",),
    read=_read,
    measuring_only=True,
)
