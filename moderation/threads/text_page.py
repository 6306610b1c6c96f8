"""A page saved as text -> Thread."""

from __future__ import annotations

import json
import re

from moderation.errors import PageError
from moderation.records import Article, Thread
from moderation.threads import furniture, numbered

MAX_TITLE = 250
"""Characters of a first line that may still be a title; a longer one is the first paragraph of an untitled article."""

_CODE = re.compile(r"[{};<>]|^\s*(?:#!|import |from \w+ import|def |class |function |var |const )|\w\(.*\)$")
_WORD = re.compile(r"[^\W\d_]{2,}")
_UNFINISHED = re.compile(r"[\w,;:(\[\-–—“‘&/£$#@ ]$|\s[\"']$")
_MIN_PROSE_WORDS = 20


def read_text_page(text: str, source: str, shown: str) -> Thread:
    """Return the thread of a page saved as text; `source` names it in the thread, `shown` in errors.

    Raises:
        PageError: the text is not a page (no prose in it) or is cut off in the middle.
    """
    _check_is_prose(text, shown)
    lines = text.split("\n")
    list_start = numbered.find_list(lines)
    comments = numbered.read_list(lines[list_start:]) if list_start is not None else ()
    body = lines[:list_start]
    form = furniture.form_start(body)
    below = body[form:] if form is not None else []
    _check_is_whole(text, below, shown)
    article_lines, quotations = furniture.take_tweets(body[:form])
    return Thread(
        source=source,
        article=_article(article_lines),
        policy_text=furniture.policy_text(below),
        who_may_comment=furniture.who_may_comment(below),
        quotations=quotations,
        comments=comments,
    )


def _article(lines: list[str]) -> Article:
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return Article()
    title = lines[first].strip()
    body = lines[first + 1 :]
    if len(title) > MAX_TITLE or not any(line.strip() for line in body):
        return Article(text="\n".join(lines).strip("\n"))
    published_at = None
    dateline = next((index for index, line in enumerate(body) if line.strip()), 0)
    published_at, rest = furniture.leading_date(body[dateline])
    if published_at:
        body = [rest, *body[dateline + 1 :]] if rest.strip() else body[dateline + 1 :]
    else:
        published_at = next(filter(None, (furniture.credit_date(line.strip()) for line in reversed(body))), None)
    return Article(title=title, text="\n".join(body).strip("\n"), published_at=published_at)


def _check_is_prose(text: str, shown: str) -> None:
    """Refuse what is text but no page: data, program code, a word or two."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            json.loads(text.splitlines()[0] if text.lstrip()[0] == "{" else text)
        except ValueError:
            pass
        else:
            raise PageError(f"{shown}: is JSON, expected the text or HTML of a saved page")
    prose = sum(len(words) for words in map(_prose_words, text.split("\n")) if len(words) >= 5)
    if prose < _MIN_PROSE_WORDS or prose < 0.3 * len(text.split()):
        raise PageError(f"{shown}: is not a page: {prose} words of prose found, expected an article")


def _prose_words(line: str) -> list[str]:
    return [] if _CODE.search(line) or line.count(",") > len(line.split()) else _WORD.findall(line)


def _check_is_whole(text: str, form: list[str], shown: str) -> None:
    """Refuse a page whose last line stops in the middle of a sentence or of a quotation, without a line end after it."""
    if text.endswith("\n"):
        return
    last = text.rsplit("\n", 1)[-1]
    open_quote = last.count("“") > last.count("”")
    if (open_quote or _UNFINISHED.search(last)) and not (form and furniture.is_page_end(last)):
        tail = re.sub(r"\s+", " ", last[-30:])
        raise PageError(
            f"{shown}: is cut off in the middle: it ends in {tail!r}, expected the end of a sentence "
            "(if the page is whole, end the file with a line break)"
        )
