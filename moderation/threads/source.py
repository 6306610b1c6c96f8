"""Bytes of a file -> its text, or one clear reason why there is none."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from moderation.errors import InputError, PageError

MAX_PAGE_BYTES = 50_000_000
"""A saved page larger than this is refused: the longest real threads stay well below a tenth of it."""

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([A-Za-z0-9_\-]{2,20})""", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_bytes(path: Path) -> bytes:
    """Return the bytes of the file.

    Raises:
        InputError: it is missing, is a folder, may not be read, or is larger than `MAX_PAGE_BYTES`.
    """
    try:
        if path.is_file() and path.stat().st_size > MAX_PAGE_BYTES:
            raise PageError(f"{path}: is {path.stat().st_size:,} bytes, expected at most {MAX_PAGE_BYTES:,}")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None


def decode(raw: bytes, name: str) -> str:
    """Return the text of a saved page: UTF-8, UTF-16 with a mark, the charset an HTML page names, or Windows-1252.

    Line ends become line feeds; nothing else is changed.

    Raises:
        PageError: the bytes are empty, binary or cut off inside a character.
    """
    if not raw.strip(b" \t\r\n\0"):
        raise PageError(f"{name}: is empty, expected a saved page")
    text = _decoded(raw, name)
    if _CONTROL.search(text):
        raise PageError(f"{name}: is binary, expected the text or HTML of a saved page")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(raw: bytes, name: str) -> str:
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                raise PageError(f"{name}: is cut off in the middle of a character") from None
    if b"\0" in raw:
        raise PageError(f"{name}: is binary, expected the text or HTML of a saved page")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end == len(raw) and error.reason == "unexpected end of data":
            raise PageError(f"{name}: is cut off in the middle of a character") from None
    declared = _CHARSET.search(raw[:4096])
    try:
        return raw.decode(declared.group(1).decode("ascii") if declared else "cp1252")
    except (UnicodeError, LookupError):
        raise PageError(f"{name}: is binary, or text in an encoding that is not UTF-8") from None
