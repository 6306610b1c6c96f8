"""What exports say in HTML and in many kinds of dates -> plain text, and times in UTC.

A comment's HTML is a few tags in short text, a million times over: it is read by one regular expression that looks at each
character once, not by the reader of whole pages.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import TypeVar

from moderation.threads.html_text import words

# No "<" inside a tag: whatever somebody wrote, a tag that does not end is text, and is looked at once.
_TAG = re.compile(r"""<!--|<(/?)([a-zA-Z][a-zA-Z0-9:]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>""")
_UNSEEN = ("script", "style", "noscript", "template", "svg")
_UNSEEN_BODY = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in _UNSEEN}
_PARAGRAPHS = words(
    "address article aside blockquote center dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr ol p "
    "pre section table ul"
)
_LINES = frozenset({"li", "tr"})
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_PADDED = re.compile(r"&#([xX]?)0+(?=[0-9a-fA-F])")
_NO_CHARACTER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")
_HREF = re.compile(r"""\bhref\s*=\s*["']?(https?://[^"'\s<>]{1,2000})""", re.IGNORECASE)
_ISO = re.compile(r"(?:\d{4}-\d\d-\d\d|\d{8}(?=T))(?:[T ].+)?")
_RFC = re.compile(
    r"(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d\d:\d\d(?::\d\d)?(?:\s+(?:[+-]\d{4}|[A-Za-z]{1,5}))?"
)
_MAX_QUOTES = 8

T = TypeVar("T", str, None, str | None)


def body_text(markup: str, *, keep_lines: bool = False) -> str:
    """Return the text of a comment's HTML as a reader sees it.

    Paragraphs have an empty line between them, `<br>` and list items are lines, block quotations have "> " before each line,
    scripts and styles are gone, entities are their characters, and a link's address stands behind its words where it is not
    among them. `keep_lines` says that the line ends of the source count too, as in WordPress.
    """
    if "<" not in markup and "&" not in markup:
        return _tidy(markup, keep_lines)
    writer = _Writer(keep_lines)
    position, last_comment = 0, markup.rfind("-->")
    while found := _TAG.search(markup, position):
        writer.text(markup[position : found.start()])
        position = found.end()
        name = (found.group(2) or "").lower()
        if found.group() == "<!--":
            # One that does not end is text, as far as is known.
            if position > last_comment:
                writer.text(found.group())
            else:
                position = markup.index("-->", position) + 3
            continue
        if name in _UNSEEN_BODY and not found.group(1) and not found.group(3).endswith("/"):
            end = _UNSEEN_BODY[name].search(markup, position)
            position = end.end() if end else len(markup)
        elif name:
            writer.tag(name, bool(found.group(1)), found.group(3))
    writer.text(markup[position:])
    return writer.result()


class _Writer:
    """Text being put together: what is done, and the paragraph being written."""

    def __init__(self, keep_lines: bool) -> None:
        self._keep_lines = keep_lines
        self._done: list[str] = []
        self._paragraph: list[str] = []
        self._owed = self._quotes = 0
        self._broken = False
        self._link, self._link_start = "", 0

    def text(self, markup: str) -> None:
        if markup:
            # A line end behind `<br>` is the same one.
            text = _unescaped(markup.lstrip("\r\n") if self._broken and self._keep_lines else markup)
            self._broken = False
            self._paragraph.append(text if self._keep_lines else re.sub(r"\s+", " ", text))

    def tag(self, name: str, closing: bool, rest: str) -> None:
        if name in _PARAGRAPHS or name in _LINES:
            self._break(1 if name in _LINES else 2)
        if name == "blockquote":
            self._quotes = max(self._quotes + (-1 if closing else 1), 0)
        elif name == "q":
            self._paragraph.append("”" if closing else "“")
        elif name == "br" and not closing:
            self._paragraph.append("\n")
            self._broken = True
        elif name == "a":
            self._end_link()
            href = None if closing else _HREF.search(rest)
            if href:
                self._link, self._link_start = _unescaped(href.group(1)), len(self._paragraph)
        elif name in ("td", "th"):
            self._paragraph.append(" ")
        elif name == "img" and ("wp-smiley" in rest or "emoji" in rest):
            found = _ALT.search(rest)
            self._paragraph.append(_unescaped(found.group(1) or found.group(2) or "") if found else "")

    def result(self) -> str:
        self._break(0)
        return "".join(self._done)

    def _end_link(self) -> None:
        shown = "".join(self._paragraph[self._link_start :])
        if self._link and self._link.split("://", 1)[1].removesuffix("/") not in shown:
            self._paragraph.append(f" ({self._link})")
        self._link = ""

    def _break(self, lines: int) -> None:
        self._end_link()
        text = _tidy("".join(self._paragraph), keep_lines=True)
        self._paragraph.clear()
        if text:
            if self._quotes:
                prefix = "> " * min(self._quotes, _MAX_QUOTES)
                text = "\n".join((prefix + line).rstrip() for line in text.split("\n"))
            self._done += ("\n" * self._owed if self._done else "", text)
            self._owed = 0
        self._owed = max(self._owed, lines)


def _unescaped(markup: str) -> str:
    """The characters that entities stand for."""
    if "&" not in markup:
        return markup
    # Python refuses to read a number of thousands of digits; no character has one of eight.
    markup = _PADDED.sub(r"&#\1", markup)
    return html.unescape(_NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", markup))


def _tidy(text: str, keep_lines: bool) -> str:
    """Text with white space collapsed; with `keep_lines` line ends stay, at most two on end."""
    if not keep_lines:
        return " ".join(text.split())
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()


def shortened(text: T, limit: int) -> T:
    """Return a text cut at the end of a character to at most `limit` bytes of UTF-8."""
    if text is None or len(text) * 4 <= limit:
        return text
    return text.encode()[:limit].decode(errors="ignore")


def utc(text: str, zone: tzinfo | None = None) -> str | None:
    """Return a date and time as ISO 8601 in UTC (`2014-03-05T10:11:12Z`), or None where it cannot be read.

    ISO 8601 and RFC 2822 are read, with the offset they state; `zone` is where a time without one was taken. Without either
    there is no telling, and the answer is None. WordPress's `0000-00-00 00:00:00` is no time.
    """
    value = text.strip()
    if value.startswith("0000"):
        return None
    try:
        if _ISO.fullmatch(value):
            when = datetime.fromisoformat(value)
        elif _RFC.fullmatch(value):
            when = parsedate_to_datetime(value)
        else:
            return None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if when.tzinfo is None:
        if zone is None:
            return None
        when = when.replace(tzinfo=zone)
    try:
        return _shown(when.astimezone(UTC))
    except (OverflowError, ValueError):
        return None


def utc_of_seconds(seconds: float) -> str | None:
    """Return seconds since 1970 as ISO 8601 in UTC, or None where no year from 1 to 9999 has them."""
    try:
        return _shown(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, OSError, ValueError):
        return None


def _shown(when: datetime) -> str:
    return when.replace(microsecond=0, tzinfo=None).isoformat() + "Z"
