"""A saved page, text or HTML -> Thread."""

from __future__ import annotations

from pathlib import Path

from moderation.records import Thread
from moderation.threads.html_page import looks_like_html, read_html_page
from moderation.threads.source import decode, read_bytes
from moderation.threads.text_page import read_text_page


def read_page(path: Path) -> Thread:
    """Return the thread of a saved page; the format is found from the content, not from the name.

    Raises:
        InputError: the file cannot be opened.
        PageError: it is not a page, is empty, is binary or is cut off in the middle.
    """
    return parse_page(read_bytes(path), path.name, str(path))


def parse_page(raw: bytes, source: str, shown: str | None = None) -> Thread:
    """Return the thread of the bytes of a saved page; `shown` is how errors name it.

    Raises:
        PageError: as `read_page`.
    """
    text = decode(raw, shown or source)
    if looks_like_html(text):
        return read_html_page(text, source, shown or source)
    return read_text_page(text, source, shown or source)
