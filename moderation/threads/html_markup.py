"""The markup of a saved page -> a tree that is safe to walk.

Saved pages come from anywhere, so nothing here recurses and every step takes time in proportion to the page: the markup
is first reduced to whole tags and text (scripts, comments and declarations go), which is also how a cut is noticed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.exceptions import ParserRejectedMarkup

from moderation.errors import PageError
from moderation.threads.html_text import words

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_TAG_STOP = re.compile(r""">|=\s*["']""")
# What a browser never shows as text, and whose content is not markup: dropped before anything is parsed.
_RAW = words("script style iframe noembed noframes noscript textarea")
# A tag inside these is text; html.parser would read it as markup.
_PLAIN = frozenset({"title", "xmp"})
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW | _PLAIN}
_VOID = words("area base br col embed hr img input link meta param source track wbr")
# HTML lets these end without an end tag; unclosed letter styles are common in hand-written pages and end nothing.
_MAY_STAY_OPEN = words(
    "html head body p li dt dd option optgroup tr td th thead tbody tfoot colgroup caption rt rp a b i u s em "
    "strong small big font tt code nobr strike"
)
# Which open element a start tag ends, when its end tag was left out, and what keeps an element outside it open.
_ENDS = {
    "li": "li",
    "dt": "dt dd",
    "dd": "dt dd",
    "tr": "tr",
    "td": "td th",
    "th": "td th",
    "option": "option",
    "a": "a",
}
_ENDS_PARAGRAPH = words(
    "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hr li main nav ol p pre section table ul"
)
_SCOPES = words(
    "html body ol ul dl table tr td th caption select button object article aside blockquote details fieldset "
    "figure footer form header main nav section"
)
MAX_NESTING = 512
"""Elements inside one another, as many as Chrome keeps apart; more is no page of a blog, and slow to read."""

# The references that Python's parser chokes on: a huge number raises, and what is left of the page becomes text behind `&#`
# without a number, and behind a number without a semicolon where a letter follows that could be a digit ("caf&#233es").
_BAD_REFERENCE = re.compile(r"&#(?![0-9]|[xX][0-9a-fA-F])")
_HUGE_REFERENCE = re.compile(r"&#(?:[0-9]{9,}|[xX][0-9a-fA-F]{9,});?")
_OPEN_REFERENCE = re.compile(r"&#([0-9]++|[xX][0-9a-fA-F]++)(?!;)")


@dataclass
class _OpenElements:
    """The elements that are open at a place of the page, innermost last, and whether the page has been closed."""

    names: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    closed: bool = False

    def start(self, name: str) -> list[str]:
        """Open an element; return the end tags that were left out before it."""
        ended = [each for each in (_ENDS.get(name), "p" if name in _ENDS_PARAGRAPH else None) if each]
        implied = [f"</{last}>" for names in ended if (last := self._innermost(names)) and self.end(last)]
        self.names.append(name)
        self.counts[name] += 1
        return implied

    def end(self, name: str) -> bool:
        """Close an element and all in it; return whether it was open."""
        self.closed = self.closed or name in ("body", "html")
        if not self.counts[name]:
            return False
        last = ""
        while last != name:
            last = self.names.pop()
            self.counts[last] -= 1
        return True

    def unfinished(self) -> str | None:
        """The innermost open element that HTML wants closed, or None."""
        return next((name for name in reversed(self.names) if name not in _MAY_STAY_OPEN), None)

    def _innermost(self, names: str) -> str | None:
        """The innermost open element among `names`, if it is open here and not outside a list, table or quotation."""
        wanted = names.split()
        if not any(self.counts[name] for name in wanted):
            return None
        for name in reversed(self.names):
            if name in wanted:
                return name
            if name in _SCOPES or (names == "a" and name in _ENDS_PARAGRAPH):
                return None
        return None


def parse(text: str, shown: str) -> BeautifulSoup:
    """Return the tree of an HTML page, without its scripts, styles, comments and declarations.

    Raises:
        PageError: the page ends in the middle of its markup, has none, or nests deeper than `MAX_NESTING`.
    """
    markup = _whole_tags(text, shown)
    if "<" not in markup:
        raise PageError(f"{shown}: is not a page: no markup found, expected the HTML of an article")
    markup = _HUGE_REFERENCE.sub("\N{REPLACEMENT CHARACTER}", _BAD_REFERENCE.sub("&amp;#", markup))
    markup = _OPEN_REFERENCE.sub(r"&#\1;", markup)
    try:
        return BeautifulSoup(markup, "html.parser", multi_valued_attributes=None)
    except ParserRejectedMarkup:
        raise PageError(f"{shown}: is not a page: its markup cannot be read, expected HTML") from None


def _whole_tags(text: str, shown: str) -> str:
    """Return the text and the whole tags of a page; refuse a page that ends inside one or leaves containers open.

    After `</body>` or `</html>` nothing can be missing: an unfinished rest (a caching plugin's comment) is dropped.
    """
    kept: list[str] = []
    elements = _OpenElements()
    position = 0
    while (start := text.find("<", position)) >= 0:
        kept.append(text[position:start])
        position, inside = _take(text, start, kept, elements)
        if position < 0:
            if elements.closed:
                return "".join(kept)
            raise PageError(f"{shown}: is cut off in the middle: it ends inside {inside}")
        if len(elements.names) > MAX_NESTING:
            raise PageError(f"{shown}: nests its markup too deep, expected at most {MAX_NESTING} levels")
    kept.append(text[position:])
    unfinished = elements.unfinished()
    if unfinished and not elements.closed:
        name = unfinished[:20]
        raise PageError(f"{shown}: is cut off in the middle: <{name}> is still open, expected </{name}>")
    return "".join(kept)


def _take(text: str, start: int, kept: list[str], elements: _OpenElements) -> tuple[int, str]:
    """Keep what begins with the `<` at `start`; return where it ends, or -1 and what it is when the page ends first."""
    if text.startswith("<!--", start):
        # `<!-->` and `<!--->` are whole, empty comments.
        return _after(text, "-->", start + 2), "a comment, expected -->"
    if text.startswith(("<!", "<?"), start):
        return _after(text, ">", start), "a declaration, expected >"
    tag = _TAG.match(text, start)
    if tag is None and text[start : start + 3] not in ("<", "</"):
        kept.append("&lt;")
        return start + 1, ""
    end = _tag_end(text, tag.end()) if tag else -1
    if tag is None or end < 0:
        return -1, "a tag, expected >"
    name = tag.group(2).lower()
    if name in _RAW_END:
        return _take_raw(text, (start, end), name, bool(tag.group(1)), kept)
    if name in _VOID:
        # Written as `<br/>`: beautifulsoup keeps a list of every `<br>` that it searches at each end tag.
        # A browser reads `</br>` as one more line break, and ignores the end tags of the others.
        kept.append("<br />" * (name == "br") if tag.group(1) else text[start : end - 1].rstrip("/") + " />")
    elif tag.group(1):
        elements.end(name)
        kept.append(text[start:end])
    else:
        kept += elements.start(name) if text[end - 2] != "/" else []
        kept.append(text[start:end])
    return end, ""


def _take_raw(text: str, span: tuple[int, int], name: str, is_end: bool, kept: list[str]) -> tuple[int, str]:
    """Keep or drop the element at `span` whose content is not markup, up to its end tag."""
    start, end = span
    if is_end or text[end - 2] == "/":
        return end, ""
    closing = _RAW_END[name].search(text, end)
    after = _tag_end(text, closing.end()) if closing else -1
    if closing is None or after < 0:
        return -1, f"<{name}>, expected </{name}>"
    if name in _PLAIN:
        kept += (text[start:end], text[end : closing.start()].replace("<", "&lt;"), f"</{name}>")
    return after, ""


def _after(text: str, mark: str, start: int) -> int:
    found = text.find(mark, start)
    return found + len(mark) if found >= 0 else -1


def _tag_end(text: str, start: int) -> int:
    """The index after the `>` that ends a tag (one inside a quoted attribute does not), or -1."""
    position = start
    while stop := _TAG_STOP.search(text, position):
        if stop.group() == ">":
            return stop.end()
        position = text.find(stop.group()[-1], stop.end()) + 1
        if not position:
            return -1
    return -1
