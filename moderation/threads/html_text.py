"""A piece of a page's tree -> the text that a reader sees in it. Nothing here recurses: pages may nest without end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bs4.element import NavigableString, Tag

Skip = Callable[[Tag], bool]


def words(text: str) -> frozenset[str]:
    """Return the words of a text: the names of a table of tags or classes, written on one line."""
    return frozenset(text.split())


_UNSEEN = words("head title script style template select button svg object audio video canvas")
_UNSEEN_CLASSES = frozenset({"screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden"})
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PARAGRAPHS = words(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hr html legend main nav ol p pre section summary table ul"
)
_LINES = frozenset({"li", "tr", "caption"})
_MAX_QUOTE_DEPTH = 8


def attribute(tag: Tag, name: str) -> str:
    """Return the value of an attribute without white space around it; empty when there is none."""
    value = tag.get(name)
    if isinstance(value, list):
        return " ".join(value)
    return (value or "").strip()


def classes(tag: Tag) -> frozenset[str]:
    """Return the class names of a tag."""
    return frozenset(attribute(tag, "class").split())


def is_unseen(tag: Tag) -> bool:
    """Whether a browser never shows the text of this tag."""
    return tag.name in _UNSEEN


def is_hidden(tag: Tag) -> bool:
    """Whether the page hides the text of this tag, or it is one that is never shown."""
    if is_unseen(tag) or "hidden" in tag.attrs or not _UNSEEN_CLASSES.isdisjoint(classes(tag)):
        return True
    return bool(_UNSEEN_STYLE.search(attribute(tag, "style")))


def walk(root: Tag, skip: Skip) -> Iterator[tuple[bool, Tag | NavigableString]]:
    """Yield each node below and including `root`, in page order: `(True, node)`, and `(False, tag)` where a tag ends.

    Tags for which `skip` holds are left out with all that is in them; `root` itself is never left out.
    """
    yield True, root
    open_tags = [(root, iter(root.contents))]
    while open_tags:
        tag, children = open_tags[-1]
        child = next(children, None)
        if child is None:
            open_tags.pop()
            yield False, tag
        elif isinstance(child, Tag):
            if not skip(child):
                yield True, child
                open_tags.append((child, iter(child.contents)))
        elif isinstance(child, NavigableString):
            yield True, child


def outermost(root: Tag, wanted: Skip, skip: Skip = is_unseen) -> list[Tag]:
    """Return the tags below `root` that are wanted, in page order, without those inside one another."""
    found: list[Tag] = []

    def stop(tag: Tag) -> bool:
        if skip(tag):
            return True
        if wanted(tag):
            found.append(tag)
            return True
        return False

    for _ in walk(root, stop):
        pass
    return found


def text_of(root: Tag, skip: Skip = is_hidden, *, mark_quotes: bool = False) -> str:
    """Return the text of a tag as a reader sees it: paragraphs with an empty line between them, one line per list item.

    White space inside a paragraph is collapsed, `<br>` and the lines of `<pre>` are line breaks. `mark_quotes` writes
    "> " before the lines of a block quotation. Emoji that a site shows as pictures are their characters again.
    """
    writer = _Writer(mark_quotes)
    for entering, node in walk(root, skip):
        if isinstance(node, Tag):
            writer.tag(node, entering)
        else:
            writer.text(node)
    return writer.result()


@dataclass
class _Writer:
    """Text being put together: what is done, the paragraph being written, and the line ends owed before the next."""

    mark_quotes: bool
    done: list[str] = field(default_factory=list)
    paragraph: list[str] = field(default_factory=list)
    owed: int = 0
    quotes: int = 0
    preformatted: int = 0

    def text(self, text: str) -> None:
        self.paragraph.append(re.sub(r"[^\S\n]+" if self.preformatted else r"\s+", " ", text))

    def tag(self, tag: Tag, entering: bool) -> None:
        name = tag.name
        if name in _PARAGRAPHS or name in _LINES:
            self._break(1 if name in _LINES else 2)
        if name == "blockquote":
            self.quotes += 1 if entering else -1
        elif name == "pre":
            self.preformatted += 1 if entering else -1
        elif name == "q":
            self.paragraph.append("“" if entering else "”")
        elif name in ("td", "th"):
            self.paragraph.append(" ")
        elif entering and name == "br":
            self.paragraph.append("\n")
        elif entering and name == "img" and not classes(tag).isdisjoint({"emoji", "wp-smiley"}):
            self.paragraph.append(attribute(tag, "alt"))

    def result(self) -> str:
        self._break(0)
        return "".join(self.done)

    def _break(self, lines: int) -> None:
        text = re.sub(" ?\n ?", "\n", re.sub(" {2,}", " ", "".join(self.paragraph))).strip()
        self.paragraph.clear()
        if text:
            if self.mark_quotes and self.quotes:
                prefix = "> " * min(self.quotes, _MAX_QUOTE_DEPTH)
                text = "\n".join(prefix + line for line in text.split("\n"))
            self.done += ("\n" * self.owed if self.done else "", text)
            self.owed = 0
        self.owed = max(self.owed, lines)
