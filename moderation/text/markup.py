"""HTML in a comment -> what a reader sees of it."""

from __future__ import annotations

import html
import re

from moderation.text.edits import Edit, substitute

_TAG_OR_ENTITY = re.compile(
    r"<(?P<close>/?)(?P<name>[a-z][a-z0-9]{0,15})(?P<rest>(?:\s[^<>]{0,500})?/?)>|<!--.{0,500}?-->"
    r"|&(?:\#\d{1,7}|\#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});",
    re.IGNORECASE | re.DOTALL,
)
_INSIDE_WORDS = frozenset(
    ("a", "b", "i", "u", "s", "em", "strong", "span", "font", "small", "big", "mark", "del", "wbr")
)
_HREF = re.compile(r"href\s*=\s*[\"']?(https?://[^\"'\s>]{1,500})", re.IGNORECASE)


def unmark(text: str) -> tuple[str, list[Edit]]:
    """Return the text with entities decoded and tags taken out, and what moved. The address of a link is kept."""
    return substitute(_TAG_OR_ENTITY, _seen, text)


def _seen(found: re.Match[str]) -> str | None:
    if found.group().startswith("&"):
        decoded = html.unescape(found.group())
        return decoded if decoded != found.group() else None
    name = (found.group("name") or "").lower()
    if name in _INSIDE_WORDS:
        link = _HREF.search(found.group("rest")) if name == "a" else None
        return f" {link.group(1)} " if link else ""
    return "\n" if name in ("p", "br", "div", "li", "blockquote") else " "
