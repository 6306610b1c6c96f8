"""Addresses of web pages, handles and blotted-out words -> marks that say so, as long as what they stand for."""

from __future__ import annotations

import re

from moderation.text.edits import substitute
from moderation.text.obfuscation import is_strong

URL, USER, MASK = "\ue000", "\ue001", "\ue002"
"""What an address of a web page, a handle and a blotted-out word (`****`) are read as, each as long as it was."""
DOMAINS = ("com", "net", "org", "info", "biz", "ru", "xyz", "shop", "example", "co.uk", "ly", "be", "me", "io", "tv")
"""What ends an address that says neither `http` nor `www`."""

# No label of an address is longer than 63 characters (RFC 1035); without a limit each hyphen would be a place to begin anew.
_MARKED = re.compile(
    rf"(?P<url>https?://\S+|www\.\S+|\b[\w-]{{1,63}}\.(?:{'|'.join(map(re.escape, DOMAINS))})\b\S*)"
    r"|(?P<user>(?<!\w)@\w+)"
    r"|(?P<mask>(?<!\w)(?:\*{3,}|#{3,}|[@#$%&*!]{4,}(?<!!))(?!\w))"
)
_MARKABLE = re.compile(r"[.@]|://|[@#$%&*!]{3}")
"""What stands in every text with something to mark; looked for first, as most have none."""
_MARK_OF = {"url": URL, "user": USER, "mask": MASK}


def with_marks(text: str) -> str:
    """Return a folded text with its marks."""
    return substitute(_MARKED, _as_mark, text)[0] if _MARKABLE.search(text) else text


def _as_mark(found: re.Match[str]) -> str | None:
    if found.lastgroup == "user" and is_strong("a" + found.group()[1:]):
        return None  # @sshole
    return _MARK_OF[str(found.lastgroup)] * len(found.group())
