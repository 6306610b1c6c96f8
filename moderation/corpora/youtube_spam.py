"""YouTube Spam Collection (Alberto et al. 2015): comments under five music videos, spam or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from moderation.corpora.corpus import Corpus, example, find, rows
from moderation.records import Example, Situation

_CORPUS = ("youtube_spam", "UCI ML repository, citation requested")
_VIDEOS = ("Youtube01-Psy", "Youtube02-KatyPerry", "Youtube03-LMFAO", "Youtube04-Eminem", "Youtube05-Shakira")


def _read(folder: Path) -> Iterator[Example]:
    seen = set()
    for video in _VIDEOS:
        for row in rows(find(folder, f"{video}.csv")):
            if row["COMMENT_ID"] not in seen and row["CONTENT"].strip():
                seen.add(row["COMMENT_ID"])  # three comments are listed twice
                labels = {"spam": int(row["CLASS"])}
                yield example(_CORPUS, row["COMMENT_ID"], Situation(row["CONTENT"]), labels, thread=video)


YOUTUBE_SPAM = Corpus(
    name=_CORPUS[0],
    licence=_CORPUS[1],
    origin="github.com/ScribbleDribble/Spam-Detector-Text-Classification @ 565940d",
    domain="comments under five YouTube videos",
    files=tuple(f"{video}.csv" for video in _VIDEOS),
    speaks_about=("spam",),
    read=_read,
)
