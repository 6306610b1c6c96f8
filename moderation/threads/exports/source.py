"""The bytes of an export, unpacked, piece by piece, without control characters, and where each of them stands."""

from __future__ import annotations

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
"""Bytes kept back at the end of a piece: a reference or a character may be cut there."""


def pieces(stream: BinaryIO, size: int = PIECE) -> Iterator[bytes]:
    """Yield the stream piece by piece."""
    while piece := stream.read(size):
        yield piece


def scrubbed(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the same number of bytes as valid UTF-8 without control characters, spaces and question marks in their place."""
    kept = b""
    for part in parts:
        data = kept + part
        cut = len(data) - _TAIL
        while cut > 0 and data[cut] & 0xC0 == 0x80:
            cut -= 1  # not inside a character
        found = data.rfind(b"&", max(cut - _TAIL, 0), cut)
        if found > 0 and b";" not in data[found:cut]:
            cut = found
        if cut > 0:
            yield _clean(data[:cut])
            kept = data[cut:]
        else:
            kept = data
    if kept:
        yield _clean(kept)


def _clean(data: bytes) -> bytes:
    data = data.translate(_CONTROL)
    if b"&#" in data:
        data = _REFERENCE.sub(lambda found: b" " * len(found.group()), data)
    if b"\xef\xbf" in data:
        data = _NONCHARACTER.sub(b"???", data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        # Latin-1 in a file that says UTF-8: the letter is lost, its neighbours are not.
        data = b"".join(_valid(data))
    return data


def _valid(data: bytes) -> Iterator[bytes]:
    while data:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            yield data[: error.start] + b"?" * (error.end - error.start)
            data = data[error.end :]
        else:
            yield data
            return
