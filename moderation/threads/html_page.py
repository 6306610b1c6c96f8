"""A page saved from a browser as HTML -> Thread."""

from __future__ import annotations

import re

from moderation.errors import PageError
from moderation.records import Thread
from moderation.threads import furniture
from moderation.threads.html_article import read_article
from moderation.threads.html_boxes import find_comments, form_lines, who_may_comment
from moderation.threads.html_comments import read_comments
from moderation.threads.html_markup import parse
from moderation.threads.html_text import words

_PROLOGUE = re.compile(r"\s*(?:<!--(?:[^-]|-(?!->))*-->|<\?[^>]*>)")
_FIRST_TAG = re.compile(r"\s*<(!doctype\s+)?([a-z][a-z0-9]*(?::[a-z]+)?)\b", re.IGNORECASE)
_PAGE_TAGS = words("html head body article main section title meta link base header nav script style")
_PIECE_TAGS = words("p div h1 h2 h3 h4 h5 h6 ul ol dl table blockquote center form aside footer a span img")
_BLOCK_TAG = re.compile(r"</?(?:p|div|h[1-6]|ul|ol|li|dl|d[td]|table|t[rd]|blockquote|article)\b", re.IGNORECASE)
_WEB_ARCHIVE = re.compile(r"\s*(?:From|MIME-Version|Subject|Snapshot-Content-Location): ")


def looks_like_html(text: str) -> bool:
    """Whether a text is an HTML page, judged by how it begins; an export in XML is not."""
    start = text[:20_000].lstrip("\ufeff")
    if _is_web_archive(start):
        return True
    position, is_xml = 0, False
    while prologue := _PROLOGUE.match(start, position):
        is_xml = is_xml or prologue.group().lstrip().lower().startswith("<?xml")
        position = prologue.end()
    first = _FIRST_TAG.match(start, position)
    if first is None:
        # A piece of a page may begin with a line of text; a text that only mentions a few tags is no page.
        return not is_xml and len(_BLOCK_TAG.findall(start[:2_000])) >= 6
    name = first.group(2).lower()
    if first.group(1) or is_xml:
        return name == "html"
    return name in _PAGE_TAGS or (name in _PIECE_TAGS and len(_BLOCK_TAG.findall(start[:5_000])) >= 2)


def read_html_page(text: str, source: str, shown: str) -> Thread:
    """Return the thread of a page saved as HTML; `source` names it in the thread, `shown` in errors.

    Nothing is fetched and no script runs; text that the page hides is not read.

    Raises:
        PageError: the page is cut off in the middle, has no article text, or nests replies without end.
    """
    if _is_web_archive(text[:2_000]):
        raise PageError(f"{shown}: is a web archive (MHTML), expected a page saved as HTML")
    soup = parse(text, shown)
    found = find_comments(soup)
    article, quotations = read_article(soup, text)
    if not article.text and not quotations:
        raise PageError(f"{shown}: is not a page: no article text found, expected an article")
    form = form_lines(soup, found)
    return Thread(
        source=source,
        article=article,
        policy_text=furniture.policy_text(form),
        who_may_comment=who_may_comment(form),
        quotations=quotations,
        comments=read_comments(found, shown),
    )


def _is_web_archive(start: str) -> bool:
    return bool(_WEB_ARCHIVE.match(start)) and "multipart/related" in start[:2_000]
