"""The bytes of an export, unpacked, piece by piece, without control characters, and where each of them stands."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

PIECE = 1 << 16
"""Bytes read at a time."""

# What XML 1.0 does not admit even escaped, but old blogs have. Every replacement is as long as what it replaces, so that
# offsets still point into the file.
_CONTROL = bytes(ord(" ") if code < 32 and code not in (9, 10, 13) else code for code in range(256))
_NONCHARACTER = re.compile(rb"\xef\xbf[\xbe\xbf]")
_REFERENCE = re.compile(rb"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));")
_TAIL = 16
"""Bytes that may be kept back at the end of a piece: a reference or a character may be cut there."""
_QUESTION = "moderation-question"
codecs.register_error(_QUESTION, lambda error: ("?" * (error.end - error.start), error.end))  # type: ignore[attr-defined]


def pieces(stream: BinaryIO, size: int = PIECE) -> Iterator[bytes]:
    """Yield the stream piece by piece."""
    while piece := stream.read(size):
        yield piece


def scrubbed(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the same number of bytes as valid UTF-8 without control characters, spaces and question marks in their place."""
    kept = b""
    for part in parts:
        data = kept + part
        end = _whole(data)
        kept = data[end:]
        if end:
            yield _clean(data[:end])
    if kept:
        yield _clean(kept)


def _whole(data: bytes) -> int:
    """Where the last character or reference that may go on in the next piece begins."""
    end = len(data)
    for back in range(1, min(4, end + 1)):
        byte = data[end - back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            end -= back if length > back else 0
        if byte & 0xC0 != 0x80:
            break
    found = data.rfind(b"&", max(end - _TAIL, 0), end)
    return end if found < 0 or b";" in data[found:end] else found


def _clean(data: bytes) -> bytes:
    data = data.translate(_CONTROL)
    if b"&#" in data:
        data = _REFERENCE.sub(lambda found: b" " * len(found.group()), data)
    if b"\xef\xbf" in data:
        data = _NONCHARACTER.sub(b"???", data)
    # Latin-1 in a file that says UTF-8: the letter is lost, its neighbours are not.
    return data if data.isascii() else data.decode("utf-8", _QUESTION).encode("utf-8")
