"""Davidson et al. 2017: tweets, hateful, offensive or neither. "Offensive" is mostly profanity and decides no label here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from moderation.corpora.corpus import Corpus, example, find, rows
from moderation.records import Example, Situation

_CORPUS = ("davidson", "MIT")
_HATE, _OFFENSIVE, _NEITHER = "0", "1", "2"
_LABELS: dict[str, dict[str, int]] = {_HATE: {"abuse": 1}, _OFFENSIVE: {}, _NEITHER: {"abuse": 0, "personal_attack": 0}}


def _read(folder: Path) -> Iterator[Example]:
    for row in rows(find(folder, "labeled_data.csv")):
        if row["tweet"].strip():
            yield example(_CORPUS, row[""], Situation(row["tweet"]), _LABELS[row["class"]])


DAVIDSON = Corpus(
    name=_CORPUS[0],
    licence=_CORPUS[1],
    origin="github.com/t-davidson/hate-speech-and-offensive-language @ cb50f7e",
    domain="Twitter",
    files=("labeled_data.csv",),
    speaks_about=("personal_attack", "abuse"),
    read=_read,
)
