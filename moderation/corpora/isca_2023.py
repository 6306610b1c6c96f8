"""ISCA 2023 (Jikeli et al.): tweets about Jews and Israel, biased or not by the IHRA definition of antisemitism.

"Biased" is antisemitic content, not the act of accusing somebody of it, and is no label of this project: the rows carry
none of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from moderation.corpora.corpus import Corpus, example, find, rows
from moderation.records import Example, Situation

_CORPUS = ("isca_2023", "CC BY 4.0")


def _read(folder: Path) -> Iterator[Example]:
    seen = set()
    for row in rows(find(folder, "tweets.csv")):
        if int(row["Biased"]) not in (0, 1):
            raise ValueError
        if row["TweetID"] not in seen and row["Text"].strip():
            seen.add(row["TweetID"])  # four tweets are listed twice
            yield example(_CORPUS, row["TweetID"], Situation(row["Text"].replace("\\n", "\n")), {})


ISCA_2023 = Corpus(
    name=_CORPUS[0],
    licence=_CORPUS[1],
    origin="github.com/andwzn/llms-annotating-antisemitism @ 9ad77e0",
    domain="Twitter, 2019 to 2021, by the words Jews, Israel and two slurs",
    files=("tweets.csv",),
    speaks_about=(),
    read=_read,
)
