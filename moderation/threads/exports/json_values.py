"""The JSON of one element of an export -> its value, or where and why it has none."""

from __future__ import annotations

import json
import re

_NO_TEXT = re.compile("[\0\ud800-\udfff]")


class WrongError(Exception):
    """Bytes that are not JSON: at which of them, how many lines in, why, and whether they only end too early."""

    def __init__(self, position: int, newlines: int, reason: str, cut: bool = False) -> None:
        super().__init__(reason)
        self.position, self.newlines, self.reason, self.cut = position, newlines, reason, cut


def parsed(raw: bytes) -> object:
    """Return the value of JSON in UTF-8.

    Raises:
        WrongError: it is none.
    """
    try:
        text = raw.decode()
        return json.loads(text)
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data"
        raise WrongError(error.start, raw.count(b"\n", 0, error.start), "is not UTF-8", cut) from None
    except json.JSONDecodeError as error:
        position = len(text[: error.pos].encode())
        # The parser names the beginning of what does not end: a string, or a word of at most nine letters.
        cut = error.msg.startswith("Unterminated") or len(text.rstrip()) - error.pos < 10
        reason = error.msg.lower().removesuffix(" at").removesuffix(" starting")
        raise WrongError(position, text.count("\n", 0, error.pos), f"is not JSON: {reason}", cut) from None
    except (RecursionError, ValueError):
        reason = "is not JSON that can be read: nested too deep, or a number too long"
        raise WrongError(0, 0, reason) from None


def error_in(raw: bytes) -> WrongError | None:
    """Return what is wrong with JSON, None where nothing is."""
    try:
        parsed(raw)
    except WrongError as error:
        return error
    return None


def string(value: object) -> str:
    """Return a value that should be a string as clean text, empty where it is none."""
    return clean(value) if isinstance(value, str) else ""


def clean(value: str) -> str:
    """Return text with U+FFFD for each NUL and each half of a character, which no text may have."""
    return _NO_TEXT.sub("\ufffd", value)
