"""Comments written in Markdown -> plain text."""

from __future__ import annotations

import re

from moderation.threads.exports.json_values import clean
from moderation.threads.exports.texts import body_text

# A link in Markdown, which looks like a tag: dropping it would hide what spam is about.
_LINK = re.compile(r"<((?:https?://|www\.)[^<>\s]*)>", re.IGNORECASE)


def markdown_text(source: str) -> str:
    """Return Markdown as it was written: lines that begin with ">" are quotations already. HTML in it is gone."""
    return body_text(_LINK.sub(r"\1", clean(source)), keep_lines=True)
