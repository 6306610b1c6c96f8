"""A synthetic WordPress export: `python -m tests.benchmarks.archive 100000 OUT.xml`.

So many comments, with pingbacks among them that count extra; the same seed gives the same bytes. Lengths and thread shapes
are those of `shapes`, the text that of `words`. Post by post: memory does not grow with the number of comments.
Shares that no corpus has (statuses, pingbacks, accounts, links) are guesses, marked as such.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np

from tests.benchmarks import shapes
from tests.benchmarks.words import Words

SEED = 20_140_305
STATUSES = ("1", "0", "spam", "trash", "post-trashed")
STATUS_SHARES = (0.89, 0.03, 0.05, 0.02, 0.01)
"""A guess: WordPress itself leaves out what is marked as spam, plugins do not."""
PINGBACKS = 0.02
REGISTERED = 0.2
QUOTING = 0.05
ADDRESSING = 0.08
LINKED = 0.02
SECTION_ENDS = 0.001
"""Guesses too: comments that are pingbacks, by an account, quote whom they answer, name them, have a link in HTML, have a
`]]>` in them, which ends a CDATA section unless the section is split there."""
DEEPEST = 10
"""WordPress nests ten levels at most. One post in `DUELS` has two who answer each other down to there."""
DUELS = 20
PARAGRAPH = 60
"""Words of a paragraph, at least."""
FIRST_DAY = 1_262_304_000
TEN_YEARS = 3_650 * 86_400

_HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- Made by tests/benchmarks/archive.py: names, texts and numbers are invented. -->
<rss version="2.0"
\txmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:wfw="http://wellformedweb.org/CommentAPI/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:wp="http://wordpress.org/export/1.2/"
>
<channel>
\t<title>An invented blog</title>
\t<link>https://blog.example.org</link>
\t<wp:wxr_version>1.2</wp:wxr_version>
\t<wp:base_site_url>https://blog.example.org</wp:base_site_url>
"""
_ITEM = """\t<item>
\t\t<title>{title}</title>
\t\t<link>https://blog.example.org/{number}/</link>
\t\t<dc:creator><![CDATA[owner]]></dc:creator>
\t\t<guid isPermaLink="false">https://blog.example.org/?p={number}</guid>
\t\t<description></description>
\t\t<content:encoded>{article}</content:encoded>
\t\t<excerpt:encoded><![CDATA[]]></excerpt:encoded>
\t\t<wp:post_id>{number}</wp:post_id>
\t\t<wp:post_date><![CDATA[{date}]]></wp:post_date>
\t\t<wp:post_date_gmt><![CDATA[{date}]]></wp:post_date_gmt>
\t\t<wp:comment_status><![CDATA[open]]></wp:comment_status>
\t\t<wp:status><![CDATA[publish]]></wp:status>
\t\t<wp:post_type><![CDATA[post]]></wp:post_type>
"""
_COMMENT = """\t\t<wp:comment>
\t\t\t<wp:comment_id>{id}</wp:comment_id>
\t\t\t<wp:comment_author>{author}</wp:comment_author>
\t\t\t<wp:comment_author_email><![CDATA[reader{user}@example.org]]></wp:comment_author_email>
\t\t\t<wp:comment_author_url></wp:comment_author_url>
\t\t\t<wp:comment_author_IP><![CDATA[192.0.2.{address}]]></wp:comment_author_IP>
\t\t\t<wp:comment_date><![CDATA[{date}]]></wp:comment_date>
\t\t\t<wp:comment_date_gmt><![CDATA[{date}]]></wp:comment_date_gmt>
\t\t\t<wp:comment_content>{text}</wp:comment_content>
\t\t\t<wp:comment_approved><![CDATA[{status}]]></wp:comment_approved>
\t\t\t<wp:comment_type><![CDATA[{kind}]]></wp:comment_type>
\t\t\t<wp:comment_parent>{parent}</wp:comment_parent>
\t\t\t<wp:comment_user_id>{account}</wp:comment_user_id>
\t\t</wp:comment>
"""
_TAIL = "</channel>\n</rss>\n"


@dataclass(frozen=True, slots=True)
class Made:
    """What an export holds: comments to be scored, and pingbacks beside them."""

    comments: int
    pingbacks: int


def write_archive(path: Path, comments: int, seed: int = SEED) -> Made:
    """Write an export with so many comments; return what is in it."""
    words, made, pingbacks, number = Words(), 0, 0, 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD)
        while made < comments:
            # Each post draws from a stream of its own: all but the last post of an export are in a longer one too.
            random = np.random.default_rng([seed, number])
            size = min(int(shapes.evenly(random, shapes.COMMENTS, 1)[0]), comments - made)
            links = int(random.binomial(size, PINGBACKS))
            file.writelines(_post(words, random, number + 1, size, links, made + pingbacks + 1))
            made, pingbacks, number = made + size, pingbacks + links, number + 1
        file.write(_TAIL)
    return Made(made, pingbacks)


def parents(random: np.random.Generator, size: int) -> list[int | None]:
    """Which earlier comment each of a post's comments answers, None for the article."""
    shares = np.array(shapes.DEPTHS) / sum(shapes.DEPTHS)
    wanted = random.choice(len(shares), size=size, p=shares).tolist()
    back = shapes.drawn(random, shapes.BACK_LEVELS, shapes.BACK, size).tolist()
    duel = random.random() < 1 / DUELS
    levels: list[list[int]] = [[] for _ in range(DEEPEST)]
    found: list[int | None] = []
    for index in range(size):
        deepest = next((depth for depth, level in enumerate(levels) if not level), DEEPEST - 1)
        depth = min(index if duel and index < DEEPEST else wanted[index], deepest)
        parent = None
        if depth:
            # The comment at that depth which stands nearest to as many back as are wanted.
            parent = min(levels[depth - 1][-back[index] :], key=lambda one: abs(index - back[index] - one))
        levels[depth].append(index)
        found.append(parent)
    return found


def section(text: str) -> str:
    """Text as WordPress writes it: a CDATA section, split where the text itself would end it."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _post(
    words: Words, random: np.random.Generator, number: int, size: int, pingbacks: int, first: int
) -> Iterator[str]:
    total = size + pingbacks
    lengths = shapes.drawn(random, shapes.LEVELS, shapes.CHARACTERS, total)
    heading = [shapes.evenly(random, shapes.TITLES, 1), shapes.evenly(random, shapes.ARTICLES, 1)]
    title, article, *texts = words.take(random, np.concatenate([*heading, lengths]))
    begun = FIRST_DAY + int(random.integers(TEN_YEARS))
    body = "".join(f"<!-- wp:paragraph -->\n<p>{part}</p>\n<!-- /wp:paragraph -->\n\n"
                   for part in _paragraphs(escape(" ".join(article), quote=False)))  # fmt: skip
    yield _ITEM.format(
        title=section(escape(" ".join(title), quote=False)), article=section(body), number=number, date=_date(begun)
    )
    # A few regulars write much, and many people once.
    readers = (random.zipf(1.2, total) % 10**6 + 1).tolist()
    statuses = random.choice(STATUSES, size=total, p=STATUS_SHARES).tolist()
    chance = random.random((total, 5))
    times = begun + np.sort(random.exponential(2 * 86_400, total)).astype(np.int64)
    linked = set(random.choice(total, size=pingbacks, replace=False).tolist())
    own = [index for index in range(total) if index not in linked]
    answers = {own[at]: None if to is None else own[to] for at, to in enumerate(parents(random, size))}
    for index in range(total):
        parent, text = answers.get(index), escape(" ".join(texts[index]), quote=False)
        quoting, addressing, link, ends, account = chance[index].tolist()
        text = "\n\n".join(_paragraphs(text))
        if index in linked:
            text = f"[&#8230;] {text} [&#8230;]"
        if parent is not None and addressing < ADDRESSING:
            text = f"@{words.name(readers[parent])}, {text}"
        if parent is not None and quoting < QUOTING:
            text = f"<blockquote>{escape(' '.join(texts[parent][:30]), quote=False)}</blockquote>\n{text}"
        if link < LINKED or statuses[index] == "spam":
            text += f' <a href="https://shop{readers[index]}.example.org/?a=1&amp;b={index}" rel="nofollow">more</a>'
        if ends < SECTION_ENDS:
            text += " <code>a[b[0]]>1</code>"
        yield _COMMENT.format(
            id=first + index,
            author=section(words.name(readers[index])),
            user=readers[index],
            address=readers[index] % 256,
            date=_date(int(times[index])),
            text=section(text),
            status=statuses[index],
            kind="pingback" if index in linked else "comment",
            parent=0 if parent is None else first + parent,
            account=readers[index] if account < REGISTERED else 0,
        )
    yield "\t</item>\n"


def _paragraphs(text: str) -> list[str]:
    """Text in paragraphs that end with a sentence where one ends."""
    found, words, start = [], text.split(" "), 0
    for end, word in enumerate(words, 1):
        if end - start >= PARAGRAPH and word.endswith((".", "!", "?")):
            found.append(" ".join(words[start:end]))
            start = end
    return [*found, " ".join(words[start:])] if start < len(words) else found


def _date(seconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a synthetic WordPress export.")
    parser.add_argument("comments", type=int)
    parser.add_argument("output", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    made = write_archive(asked.output, asked.comments, asked.seed)
    print(f"{made.comments:,} comments and {made.pingbacks:,} pingbacks, {asked.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
