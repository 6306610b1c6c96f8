"""The pages of a Parquet file: how large each says that it is when unpacked.

The library unpacks a page in one piece and believes its header, and the description at the end of the file may say anything:
37 kB can be a page of 800 MB. The library is not asked where the pages are: it ends the whole process where a column's
description has statistics of the wrong size.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, BinaryIO

from moderation.errors import InputError
from moderation.threads.exports.thrift import I32, I64, Struct

MAX_PAGES_BYTES = 200_000_000
"""The largest page of each column together, of one group of rows; most writers stay below 1 MB a page, DuckDB below 100."""
MAX_DESCRIPTION_BYTES = 50_000_000
"""The description at the end: about 100 bytes for each column of each group of rows."""

_HEADER_BYTES = 4_096, 1 << 20
"""What is read of a header: more where that was not all of it."""
# Fields of the description, and the kinds of Thrift's that they are: a list is 9, a struct 12.
_GROUPS, _COLUMNS, _COLUMN = (4, 9), (1, 9), (3, 12)
_SIZE, _DATA, _DICTIONARY = (7, I64), (9, I64), (11, I64)
_UNPACKED, _PACKED = (2, I32), (3, I32)


def check_pages(stream: BinaryIO, name: str) -> None:
    """See that the pages of a file can be unpacked in memory.

    Raises:
        InputError: they are too large, or the description of the file or the header of a page is broken.
    """
    try:
        for group in _groups(stream):
            largest = sum(_largest(stream, column) for chunk in group[_COLUMNS] for column in chunk[_COLUMN])
            if largest > MAX_PAGES_BYTES:
                found = f"has pages of {largest:,} bytes when unpacked"
                raise InputError(f"{name}: {found}, expected at most {MAX_PAGES_BYTES:,}")
    except (LookupError, ValueError, OverflowError):
        raise InputError(f"{name}: cannot be read as Parquet: what describes its pages is broken or cut off") from None


def _groups(stream: BinaryIO) -> list[dict[tuple[int, int], Any]]:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(size - 8, 0))
    length = int.from_bytes(stream.read(4), "little")
    if not 0 < length <= min(size - 12, MAX_DESCRIPTION_BYTES):
        raise ValueError("no description")
    stream.seek(size - 8 - length)
    path = tuple(field for field, _ in (_GROUPS, _COLUMNS, _COLUMN))
    groups: list[dict[tuple[int, int], Any]] = Struct(stream.read(length)).read(path)[_GROUPS]
    return groups


def _largest(stream: BinaryIO, column: Mapping[tuple[int, int], int]) -> int:
    """The unpacked size of a column's largest page."""
    start, dictionary = column[_DATA], column.get(_DICTIONARY, 0)
    if 0 < dictionary < start:
        start = dictionary
    end, largest = start + column[_SIZE], 0
    while start < end:
        size, unpacked, packed = _header(stream, start)
        largest = max(largest, unpacked)
        start += size + packed
    return largest


def _header(stream: BinaryIO, start: int) -> tuple[int, int, int]:
    """The size of the header that begins there, and the unpacked and packed sizes it states.

    Raises:
        IndexError: it is cut off.
        ValueError: it is broken.
    """
    for length in _HEADER_BYTES:
        stream.seek(start)
        header = Struct(stream.read(length))
        try:
            numbers = header.read()
        except IndexError:
            continue
        unpacked, packed = numbers.get(_UNPACKED, -1), numbers.get(_PACKED, -1)
        if unpacked < 0 or packed < 0:
            raise ValueError("a page of no size")
        return header.place, unpacked, packed
    raise IndexError
