"""Arrays of JSON in a stream of bytes -> their elements one by one, in memory that does not grow with the file.

The bytes are looked at once to find where an element ends; only then the parser of the standard library reads it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from moderation.threads.exports.faults import Faults
from moderation.threads.exports.json_values import WrongError, error_in, parsed
from moderation.threads.exports.source import pieces

MAX_ELEMENT_BYTES = 8_000_000
"""One element of an array; the longest comments stay well below a hundredth of it."""

_SPACE = re.compile(rb"[ \t\r\n]*+")
# Whole strings and all that is no bracket. A string never goes over a line end: one that does is broken there.
_OUTSIDE = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\\n]++|\\[^\n])*+")*+')
_INSIDE = re.compile(rb'(?:[^"\\\n]++|\\[^\n])*+')
_SCALAR = re.compile(rb'[^,\[\]{}" \t\r\n]*+')
_OPENING = re.compile(rb"(\{)")
_NEXT = re.compile(rb',[ \t\r\n]*+(\{)[ \t\r\n]*+"')
_QUOTE, _ESCAPE = b'"\\'
_DEPTH = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_TAIL = 1_024
"""Bytes kept where an element is searched for: its beginning may be cut at the end of a piece."""
_RETRIES = 8
"""How often what was looked at is looked at again, from a fault on; then only what follows is."""


class Arrays:
    """A window on the stream, from the byte `_at` on, and where in the arrays that byte is."""

    def __init__(self, stream: BinaryIO, faults: Faults) -> None:
        self._parts, self._faults = pieces(stream), faults
        self._data = bytearray()
        # The byte of the export at which the window begins; the line of the byte at `_counted`.
        self._base = self._at = self._counted = 0
        self._line = 1
        self._level, self._before, self._retries = 0, "nothing", _RETRIES

    def read(self) -> Iterator[tuple[int, int, object]]:
        """Yield the elements."""
        while byte := self._next():
            if byte == b"[" and self._level < 2 and (self._before != "element" or not self._level):
                self._step("[", 1)
            elif self._before == "nothing":
                self._fault(f"begins with {_shown(byte)}, expected a JSON array")
                return
            elif byte == b"]" and self._level and self._before != ",":
                self._step("element", -1)
            elif byte == b"," and self._level and self._before == "element":
                self._step(",", 0)
            elif not self._level or self._before == "element" or byte in b",]}:":
                wanted = "'['" if not self._level else "',' or ']'" if self._before == "element" else "an element"
                self._fault(f"is not JSON: found {_shown(byte)}, expected {wanted}")
                self._at += byte != b"{"
                if not self._seek(_OPENING):
                    return
            else:
                yield from self._element()
                if self._before == "end":
                    return
        if self._before == "nothing":
            self._fault("is empty, expected a JSON array")
        elif self._level:
            self._fault("is cut off: the array does not end")

    def _step(self, before: str, level: int) -> None:
        self._before = before
        self._level += level
        self._at += 1

    def _element(self) -> Iterator[tuple[int, int, object]]:
        """Yield the element that begins here and go behind it, or to the next one if it does not end."""
        size, trouble = self._scan()
        if trouble:
            self._lost(size, trouble)
            return
        try:
            value = parsed(bytes(self._data[self._at : self._at + size]))
        except WrongError as error:
            self._fault(error.reason, error.position, error.newlines)
        else:
            self._count()
            yield self._base + self._at, self._line, value
        self._at, self._before = self._at + size, "element"

    def _lost(self, size: int, trouble: str) -> None:
        """Say what is wrong with an element that does not end within `size`, and go to where one begins again."""
        error = None
        if self._retries:
            self._retries -= 1
            error = error_in(bytes(self._data[self._at : self._at + size]))
        if error and (trouble == "line" or not error.cut):
            self._fault(error.reason, error.position, error.newlines)
            self._at += max(error.position, 1)
        elif trouble == "end":
            begin, self._at = self._base + self._at, self._at + size
            self._fault(f"is cut off in the element that begins at byte {begin:,}")
        else:
            large = f"an element is larger than {MAX_ELEMENT_BYTES:,} bytes"
            self._fault(large if trouble == "large" else "is not JSON: a string does not end on its line")
            self._at += size
        if not self._seek(_NEXT):
            self._before = "end"

    def _scan(self) -> tuple[int, str]:
        """Return the size of the element that begins here, and why that is not where it ends, if so."""
        data, place = self._data, self._at
        inside, depth = data[place] == _QUOTE, 0
        if not inside and data[place] not in _DEPTH:
            return self._scalar()
        place += inside
        while place - self._at <= MAX_ELEMENT_BYTES:
            found = (_INSIDE if inside else _OUTSIDE).match(data, place)
            place = found.end() if found else place
            if place == len(data) or (inside and place == len(data) - 1 and data[place] == _ESCAPE):
                size = place - self._at
                if not self._more():
                    return len(data) - self._at, "end"
                place = self._at + size
                continue
            byte = data[place]
            place += 1
            if byte == _QUOTE:
                inside = not inside
            elif inside:
                return place - self._at, "line"
            else:
                depth += _DEPTH[byte]
            if not depth and not inside:
                break
        return place - self._at, "" if place - self._at <= MAX_ELEMENT_BYTES else "large"

    def _scalar(self) -> tuple[int, str]:
        size = 0
        while size <= MAX_ELEMENT_BYTES:
            found = _SCALAR.match(self._data, self._at + size)
            size = (found.end() if found else self._at) - self._at
            if self._at + size < len(self._data):
                return size, ""
            if not self._more():
                return size, "end"
        return size, "large"

    def _seek(self, pattern: re.Pattern[bytes]) -> bool:
        """Go to where the pattern finds that an element begins, and return whether there is one."""
        self._before, self._level = ",", max(self._level, 1)
        while not (found := pattern.search(self._data, self._at)):
            self._at = max(self._at, len(self._data) - _TAIL)
            if not self._more():
                return False
        self._at = found.start(1)
        return True

    def _next(self) -> bytes:
        """Go to the next byte that is no white space and return it, or nothing at the end."""
        while True:
            if found := _SPACE.match(self._data, self._at):
                self._at = found.end()
            mark = bytes(self._data[self._at : self._at + 3])
            if not self._level and mark == codecs.BOM_UTF8:
                self._at += 3
            elif (mark and (self._level or mark not in (b"\xef", b"\xef\xbb"))) or not self._more():
                return mark[:1]

    def _more(self) -> bool:
        """Drop the bytes before the window, read on, and return whether there was more."""
        self._count()
        del self._data[: self._at]
        self._base += self._at
        self._at = self._counted = 0
        piece = next(self._parts, b"")
        self._data += piece
        return bool(piece)

    def _count(self) -> None:
        self._line += self._data.count(b"\n", self._counted, self._at)
        self._counted = self._at

    def _fault(self, reason: str, position: int = 0, newlines: int = 0) -> None:
        self._count()
        self._faults.broken(self._base + self._at + position, self._line + newlines, reason)


def _shown(byte: bytes) -> str:
    return ascii(byte.decode("latin-1"))
