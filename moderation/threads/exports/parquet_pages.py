"""The pages of a Parquet file: how large each says that it is when unpacked.

The library unpacks a page in one piece and believes its header, and the description at the end of the file may say anything:
37 kB can be a page of 800 MB. Headers are a struct of Thrift's compact protocol, of which two numbers are read here.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from moderation.errors import InputError

MAX_PAGES_BYTES = 200_000_000
"""The largest page of each column together, of one group of rows; most writers stay below 1 MB a page, DuckDB below 100."""

_HEADER_BYTES = 4_096, 1 << 20
"""What is read of a header: more where that was not all of it."""
_UNPACKED, _PACKED = 2, 3
_TRUE, _FALSE, _BYTE, _I32, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 5, 7, 8, 9, 10, 11, 12
_NUMBERS = (4, _I32, 6)
_MAX_DEPTH = 64
"""As deep as Thrift goes itself."""


def check_pages(stream: BinaryIO, group: Any, name: str) -> None:
    """See that the pages of a group of rows, as the library describes it, can be unpacked in memory.

    Raises:
        InputError: they are too large, or a header of one is broken.
    """
    try:
        largest = sum(_largest(stream, group.column(number)) for number in range(group.num_columns))
    except (IndexError, ValueError):
        raise InputError(f"{name}: cannot be read as Parquet: the header of a page is broken or cut off") from None
    if largest > MAX_PAGES_BYTES:
        raise InputError(f"{name}: has pages of {largest:,} bytes when unpacked, expected at most {MAX_PAGES_BYTES:,}")


def _largest(stream: BinaryIO, chunk: Any) -> int:
    """The unpacked size of a column's largest page."""
    start = chunk.data_page_offset
    if chunk.has_dictionary_page and 0 < chunk.dictionary_page_offset < start:
        start = chunk.dictionary_page_offset
    end, largest = start + chunk.total_compressed_size, 0
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
        header = _Struct(stream.read(length))
        try:
            header.skip_struct(0)
        except IndexError:
            continue
        unpacked, packed = (header.numbers.get(field, -1) for field in (_UNPACKED, _PACKED))
        if unpacked < 0 or packed < 0:
            raise ValueError("a page of no size")
        return header.place, unpacked, packed
    raise IndexError


class _Struct:
    """Bytes of a struct, read field by field; `numbers` are those that stand directly in it, by the field's number."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self.place = raw, 0
        self.numbers: dict[int, int] = {}

    def skip_struct(self, depth: int) -> None:
        """Go behind the struct that begins here.

        Raises:
            IndexError: it goes on behind the bytes.
            ValueError: it is none, or too deep.
        """
        field = 0
        while kind := self._byte():
            step, kind = kind >> 4, kind & 15
            # As Thrift reads them: of a longer number its last bits.
            field = (field + step if step else self._number(32)) & 0xFFFF
            if kind == _I32 and depth == 0:
                self.numbers[field] = self._number(32)
            elif kind not in (_TRUE, _FALSE):
                self._skip(kind, depth)

    def _skip(self, kind: int, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise ValueError("too deep")
        if kind in (_TRUE, _FALSE, _BYTE):
            self._move(1)
        elif kind in _NUMBERS:
            self._varint()
        elif kind == _DOUBLE:
            self._move(8)
        elif kind == _BINARY:
            self._move(self._varint())
        elif kind in (_LIST, _SET):
            size = self._byte()
            kind, size = size & 15, size >> 4
            for _ in range(self._varint() if size == 15 else size):
                self._skip(kind, depth + 1)
        elif kind == _MAP and (size := self._varint()):
            kinds = self._byte()
            for _ in range(size):
                self._skip(kinds >> 4, depth + 1)
                self._skip(kinds & 15, depth + 1)
        elif kind == _STRUCT:
            self.skip_struct(depth + 1)
        elif kind != _MAP:
            raise ValueError("a field of no known kind")

    def _byte(self) -> int:
        self.place += 1
        return self._raw[self.place - 1]

    def _move(self, size: int) -> None:
        self.place += size
        if self.place > len(self._raw):
            raise IndexError

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
            if shift > 63:
                raise ValueError("a number is too long")

    def _number(self, bits: int) -> int:
        value = self._varint() & (1 << bits) - 1
        return value >> 1 ^ -(value & 1)
