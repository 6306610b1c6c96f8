"""A page saved as text -> Thread."""

from __future__ import annotations

import json
import re
from contextlib import suppress

from moderation.errors import PageError
from moderation.records import Article, Thread, ThreadComment
from moderation.threads import furniture, numbered
from moderation.threads.said import read_said

MAX_TITLE = 250
"""Characters of a first line that may still be a title; a longer one is the first paragraph of an untitled article."""

_DATA_LINE = re.compile(
    r"[{};<>]|^\s*(?:#!?|import |from \w+ import|def |class |return |if |for |while |function |var |const |@\w)"
    r"|^\s*[\w.\[\]\"'-]+\s*(?:=|:(?=\s|$))|^\W?\d{4}-\d\d-\d\d[ T]\d\d:|^\s*(?:SELECT|INSERT|CREATE|UPDATE|DELETE) "
)
"""Lines of program code, settings, logs and queries."""
_CALL = re.compile(r"\w\(")
"""With `)` at the end of the line it is a call; looked for in one go, however many there are."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_MIN_PROSE_WORDS = 20
_MAX_DATA_SHARE = 0.4
_SENTENCE_END = re.compile(
    r"(?:[.!?\u2026][\"'\u201d\u2019\u00bb)\]*]*|[:;]-?[)D]|[\u2600-\u27bf\U0001f300-\U0001faff])$"
)


def read_text_page(text: str, source: str, shown: str) -> Thread:
    """Return the thread of a page saved as text; `source` names it in the thread, `shown` in errors.

    Raises:
        PageError: the text is not a page (no prose in it) or is cut off in the middle. A cut behind the end of a
            sentence or of a line leaves no trace and cannot be seen.
    """
    _check_is_prose(text, shown)
    lines = [_spaces_for_tabs(line) for line in text.split("\n")]
    form = furniture.form_start(lines)
    above, below = lines[:form], lines[form:] if form is not None else []
    _check_is_whole(text, below, shown)
    body, comments = _comments(above)
    article_lines, quotations = furniture.take_tweets(body)
    return Thread(
        source=source,
        article=_article(article_lines),
        policy_text=furniture.policy_text(below),
        who_may_comment=furniture.who_may_comment(below),
        quotations=quotations,
        comments=comments,
    )


def _comments(lines: list[str]) -> tuple[list[str], tuple[ThreadComment, ...]]:
    """The lines of the article and the comments below it."""
    count = furniture.comment_count(lines)
    if count is not None:
        said = read_said(lines[count + 1 :])
        if said or not any(line.strip() for line in lines[count + 1 :]):
            return lines[:count], said
    found = numbered.find_list(lines)
    if found is None:
        return lines, ()
    start, end = found
    before = count if count is not None and not any(line.strip() for line in lines[count + 1 : start]) else start
    # The foot of the page stays with the article rather than being lost.
    return lines[:before] + lines[end:], numbered.read_list(lines[start:end])


def _article(lines: list[str]) -> Article:
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return Article()
    title = lines[first].strip()
    body = lines[first + 1 :]
    if len(title) > MAX_TITLE or not any(line.strip() for line in body):
        return Article(text="\n".join(lines).strip("\n"))
    dateline = next((index for index, line in enumerate(body) if line.strip()), 0)
    published_at, rest = furniture.leading_date(body[dateline])
    if published_at:
        body = [rest, *body[dateline + 1 :]] if rest.strip() else body[dateline + 1 :]
    else:
        published_at = next(filter(None, (furniture.credit_date(line.strip()) for line in reversed(body))), None)
    return Article(title=title, text="\n".join(body).strip("\n"), published_at=published_at)


def _spaces_for_tabs(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    return indent.replace("\t", "  ") + line[len(indent) :]


def _check_is_prose(text: str, shown: str) -> None:
    """Refuse what is text but no page: data, program code, a word or two."""
    if text.lstrip()[:1] in ("{", "["):
        for whole in (text, text.lstrip().split("\n", 1)[0]):
            with suppress(ValueError, RecursionError):
                json.loads(whole)
                raise PageError(f"{shown}: is JSON, expected the text or HTML of a saved page")
    lines = [line for line in text.split("\n") if line.strip()]
    data = sum(map(_is_data, lines))
    if data > _MAX_DATA_SHARE * len(lines) or _is_table(lines):
        raise PageError(f"{shown}: is not a page: its lines look like data or program code, expected an article")
    words = sum(len(_WORD.findall(line)) for line in lines)
    if words < _MIN_PROSE_WORDS or max(map(len, lines)) < _MIN_PROSE_WORDS:
        raise PageError(f"{shown}: is not a page: {words} words of prose found, expected an article")


def _is_data(line: str) -> bool:
    return bool(_DATA_LINE.search(line) or (line.endswith(")") and _CALL.search(line, 0, len(line) - 1)))


def _is_table(lines: list[str]) -> bool:
    """Whether the lines are rows of one table: a head of short names, and the same number of cells in each row."""
    return len(lines) > 2 and any(
        mark in lines[0]
        and all(len(cell.split()) <= 3 for cell in lines[0].split(mark))
        and len({line.count(mark) for line in lines[:50]}) == 1
        for mark in ",;\t"
    )


def _check_is_whole(text: str, form: list[str], shown: str) -> None:
    """Refuse a page whose last line stops in the middle of a sentence or of a quotation, without a line end after it."""
    if text.endswith("\n"):
        return
    last = text.rstrip().rsplit("\n", 1)[-1]
    inside = last.count("\u201c") > last.count("\u201d")
    whole = _SENTENCE_END.search(last) and not inside
    if not whole and not (form and furniture.is_page_end(last)) and not furniture.credit_date(last.strip()):
        number = text.rstrip().count("\n") + 1
        raise PageError(
            f"{shown}: is cut off in the middle: line {number} stops inside a sentence, expected its end "
            "(if the page is whole, end the file with a line break)"
        )
