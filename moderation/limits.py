"""How much text one record may carry, in bytes of UTF-8, and the checks that the command and the API share."""

from __future__ import annotations

import re

from moderation.errors import RecordError

BLANK = (
    r"\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
"""White space, control and format characters, as ranges of a regular expression that clients read in the API's schema."""
_VISIBLE = re.compile(f"[^{BLANK}]")

MAX_TEXT_BYTES = 20_000
"""A comment or its parent: about 3,000 words, ten times the longest comment of the seed thread."""
MAX_ARTICLE_BYTES = 200_000
MAX_TITLE_BYTES = 1_000
MAX_URL_BYTES = 2_000
MAX_NAME_BYTES = 200
MAX_EARLIER = 20
"""How many comments of the thread before it a comment is compared with: the newest ones, as a reader would see them."""
MAX_BATCH = 1_000
"""Comments in one call of the batch endpoint."""


def check_string(value: str, field: str, limit: int) -> str:
    """Return `value` if it is at most `limit` bytes of valid Unicode without NUL.

    Raises:
        RecordError: it is not; the error names the field and the limit, never the value.
    """
    if "\0" in value:
        raise RecordError(f"{field} contains a NUL character, expected text", field)
    try:
        size = len(value.encode("utf-8"))
    except UnicodeEncodeError:
        raise RecordError(f"{field} contains a lone surrogate, expected valid Unicode", field) from None
    if size > limit:
        raise RecordError(f"{field} is {size:,} bytes, expected at most {limit:,}", field, limit)
    return value


def check_text(value: str, field: str = "text", limit: int = MAX_TEXT_BYTES) -> str:
    """Return `value` if `check_string` accepts it and it is not blank.

    Raises:
        RecordError: as `check_string`, or it has nothing but white space and invisible characters.
    """
    check_string(value, field, limit)
    if not _VISIBLE.search(value):
        raise RecordError(f"{field} is empty, expected at least one visible character", field)
    return value
