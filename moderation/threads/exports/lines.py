"""The lines of an export one by one, each with where it begins."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from moderation.threads.exports.source import pieces

MAX_LINE_BYTES = 8_000_000
"""What a line may have; the longest comments stay well below a hundredth of it."""


def read_lines(stream: BinaryIO, returns: bool = False) -> Iterator[tuple[int, int, bytes | None]]:
    r"""Yield byte offset, line and bytes of each line with its end, without a byte order mark; None for one too large.

    A line ends at `\n`, with `returns` also at `\r`.
    """
    end = re.compile(rb"\r\n|\n|\r(?=.)" if returns else rb"\n", re.DOTALL)
    data = bytearray()
    # Where the line at hand begins in the file; of one too large only the last byte is kept.
    offset, number, large = 0, 1, 0
    for piece in pieces(stream):
        start, looked = 0, max(len(data) - 1, 0)
        data += piece
        if offset == large == 0 and data.startswith(codecs.BOM_UTF8):
            offset = start = len(codecs.BOM_UTF8)
        while found := end.search(data, max(looked, start)):
            size = large + found.end() - start
            yield offset, number, None if size > MAX_LINE_BYTES else bytes(data[start : found.end()])
            start = looked = found.end()
            offset, number, large = offset + size, number + 1, 0
        if large + len(data) - start > MAX_LINE_BYTES:
            large += len(data) - 1 - start
            start = len(data) - 1
        del data[:start]
    if data:
        yield offset, number, None if large else bytes(data)
