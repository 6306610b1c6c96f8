"""Structs of Thrift's compact protocol, as Parquet has them -> their numbers, and those of the structs asked for."""

from __future__ import annotations

from typing import Any

I32, I64 = 5, 6

_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 11, 12
_NUMBERS = (4, I32, I64)
_MAX_DEPTH = 64
"""As deep as Thrift goes itself."""


class Struct:
    """Bytes that begin with a struct; `place` is where it ends once it was read."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self.place = raw, 0

    def read(self, path: tuple[int, ...] = (), depth: int = 0) -> dict[tuple[int, int], Any]:
        """Return the numbers of the struct that begins here by their field and kind.

        `path` names a field that is a struct or a list of structs, which is returned too, then a field of those, and so on.

        Raises:
            IndexError: it goes on behind the bytes.
            ValueError: it is none, is too deep, or has a field twice, of which readers make one thing or another.
        """
        found: dict[tuple[int, int], Any] = {}
        fields: set[int] = set()
        field = 0
        while head := self._byte():
            # As Thrift reads them: of a longer number its last bits.
            field = (field + (head >> 4) if head >> 4 else self._number(32)) & 0xFFFF
            kind = head & 15
            if field in fields:
                raise ValueError("a field is there twice")
            fields.add(field)
            if kind in _NUMBERS:
                found[field, kind] = self._number(32 if kind == I32 else 64)
            elif path and field == path[0] and kind in (_STRUCT, _LIST):
                found[field, kind] = self._asked(kind, path[1:], depth + 1)
            elif kind not in (_TRUE, _FALSE):
                self._skip(kind, depth)
        return found

    def _asked(self, kind: int, path: tuple[int, ...], depth: int) -> list[dict[tuple[int, int], Any]]:
        size, kind = self._list() if kind == _LIST else (1, kind)
        if size and kind != _STRUCT:
            raise ValueError("a list of other things than structs")
        return [self.read(path, depth) for _ in range(size)]

    def _list(self) -> tuple[int, int]:
        head = self._byte()
        return (self._varint() if head >> 4 == 15 else head >> 4), head & 15

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
            size, inner = self._list()
            for _ in range(size):
                self._skip(inner, depth + 1)
        elif kind == _MAP and (size := self._varint()):
            kinds = self._byte()
            for _ in range(size):
                self._skip(kinds >> 4, depth + 1)
                self._skip(kinds & 15, depth + 1)
        elif kind == _STRUCT:
            self.read((), depth + 1)
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
