"""Fox News comments (Gao and Huang 2017): hateful or not, with the article's title, the previous comment, and what came
before it in the file, which lists the comments of each article together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from moderation.corpora.corpus import Corpus, example, find, json_lines
from moderation.limits import MAX_EARLIER
from moderation.records import Article, Example, Situation

_CORPUS = ("fox_news", "MIT")


def _read(folder: Path) -> Iterator[Example]:
    threads: dict[str, str] = {}  # numbered: a title is the paper's text
    before: dict[str, list[str]] = defaultdict(list)
    for number, row in enumerate(json_lines(find(folder, "fox-news-comments.json"))):
        thread = threads.setdefault(row["title"], f"article-{len(threads) + 1}")
        if not row["text"].strip():
            continue
        earlier = tuple(before[thread][-MAX_EARLIER:])
        situation = Situation(row["text"], row["prev"] or None, Article(row["title"], row["meta"] or None), earlier)
        before[thread].append(row["text"])
        yield example(_CORPUS, str(number), situation, {"abuse": int(row["label"])}, thread=thread)


FOX_NEWS = Corpus(
    name=_CORPUS[0],
    licence=_CORPUS[1],
    origin="github.com/sjtuprog/fox-news-comments @ 914b6bc",
    domain="comments under a news site, 10 threads",
    files=("fox-news-comments.json",),
    speaks_about=("abuse",),
    read=_read,
    context=("article title and summary", "previous comment", "earlier comments"),
)
