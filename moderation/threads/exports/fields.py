"""What every export has of a comment beside its text: ids, names, titles, addresses of pages. Somebody typed all of them."""

from __future__ import annotations

import re

from moderation.limits import MAX_NAME_BYTES, MAX_URL_BYTES
from moderation.records import Author
from moderation.threads.exports.texts import body_text, shortened

_ADDRESS = re.compile(
    r"[^\s@＠][@＠][^\s@＠]|\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{1,4}:(?:[0-9a-fA-F]{0,4}:){1,6}[0-9a-fA-F]{0,4}"
)
"""An e-mail or IP address: some blogs show one in place of a name, and it is nobody's business."""
_ID = re.compile(r"(?!0+$)[\w-]{1,60}")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


def known_id(stated: str) -> str | None:
    """Return the id of a comment or post, None for 0, which is none, and for what cannot be one."""
    return stated if _ID.fullmatch(stated) else None


def person(name: str, registered: bool | None) -> Author | None:
    """Return who wrote a comment, without a name that is or contains an address; None where nothing is known."""
    # An address cannot hide behind entities or tags, nor where the name is cut.
    shown = one_line(name)
    author = Author(None if _ADDRESS.search(shown) else cut(shown, MAX_NAME_BYTES), registered)
    return author if author != Author() else None


def author_of(name: str, user: str) -> Author | None:
    """Return who wrote a comment: `user` is the number of an account, 0 for a guest, empty where it is not known."""
    registered = user.strip("0") != "" if user.isdecimal() else None
    return person(name, registered)


def web_address(url: str) -> str | None:
    """Return an address that begins with http and is not too long, None for anything else."""
    return url if fits(url, MAX_URL_BYTES) and _URL.fullmatch(url) else None


def one_line(markup: str) -> str:
    """Return the text of a name's or title's HTML on one line."""
    return " ".join(body_text(markup).split())


def fits(text: str, limit: int) -> bool:
    """Whether there is a text, and it has at most `limit` bytes."""
    return 0 < len(text.encode()) <= limit


def cut(text: str, limit: int) -> str | None:
    """Return the first `limit` bytes, no half a character; None for nothing."""
    return shortened(text, limit) or None
