"""HateXplain (Mathew et al. 2021): posts from Twitter and Gab, normal, offensive or hateful by majority of three."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from moderation.corpora.corpus import Corpus, example, find, rows
from moderation.records import Example, Situation

_CORPUS = ("hatexplain", "CC BY 4.0")
_NORMAL, _OFFENSIVE, _HATE = "0", "1", "2"
_LABELS: dict[str, dict[str, int]] = {
    _NORMAL: {"abuse": 0, "personal_attack": 0},
    _OFFENSIVE: {},  # may be profanity at no one
    _HATE: {"abuse": 1},
}


def _read(folder: Path) -> Iterator[Example]:
    for number, row in enumerate(rows(find(folder, "92_HateXplain.csv"))):
        if row["text"].strip():
            yield example(_CORPUS, str(number), Situation(row["text"]), _LABELS[row["label"]])


HATEXPLAIN = Corpus(
    name=_CORPUS[0],
    licence=_CORPUS[1],
    origin="github.com/Media-Bias-Group/magpie-multi-task @ d9d2164 (as preprocessed there)",
    domain="Twitter and Gab, lower-cased, without punctuation",
    files=("92_HateXplain.csv",),
    speaks_about=("personal_attack", "abuse"),
    read=_read,
)
