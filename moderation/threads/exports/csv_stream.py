"""CSV -> its rows one by one, each with the byte and line where it begins, in memory that does not grow with the file."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Collection, Iterator
from typing import BinaryIO

from moderation.errors import UnknownNameError
from moderation.limits import MAX_ARTICLE_BYTES
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.lines import MAX_LINE_BYTES, read_lines

_AGAIN = 8
"""How often, on average, a line is read again behind a quotation mark too many; then what it took in is lost with it."""


def read_csv_rows(
    stream: BinaryIO, key: str, known: Collection[str], faults: Faults
) -> Iterator[tuple[int, int, dict[str, str]]]:
    """Yield byte offset, line and the cells by column of each row of a file whose first row names its columns.

    The column `key` must be there, and no other but those in `known`.

    Raises:
        ExportError: a column is missing, twice there or unknown, or a row is not CSV, not UTF-8, too large or of another
            width, and `faults` does not recover. Without columns nothing can be read.
    """
    csv.field_size_limit(MAX_ARTICLE_BYTES * 2)
    lines = _Lines(stream)
    rows = csv.reader(lines, strict=True)
    head: list[str] | None = None
    while True:
        lines.begin()
        try:
            cells = next(rows, None)
            if cells is None and head is not None:
                return
        except (csv.Error, _NoTextError) as error:
            faults.broken(lines.offset, lines.number, f"is not CSV: {error}")
            if head is None:
                return
            # A quotation mark too many takes what follows into the row: only its first line is lost.
            lines.go_back()
            continue
        if head is None:
            head = [column.strip() for column in cells or ()]
            if wrong := _wrong_columns(head, key, known):
                faults.broken(lines.offset, lines.number, wrong)
                return
        elif cells and len(cells) != len(head):
            wrong = f"has {len(cells):,} values, expected {len(head)} as in the first row"
            faults.broken(lines.offset, lines.number, wrong)
        elif cells:
            yield lines.offset, lines.number, dict(zip(head, cells, strict=True))


def _wrong_columns(head: list[str], key: str, known: Collection[str]) -> str | None:
    if key not in head or len(set(head)) != len(head):
        return f"columns are {', '.join(head)[:120]!a}, expected a column {key!r}, and each column once"
    unknown = next((column for column in head if column not in known), None)
    return None if unknown is None else str(UnknownNameError("field", unknown, known))


class _NoTextError(Exception):
    """A line that cannot be given to the reader of rows."""


class _Lines:
    """The lines of a file in UTF-8 as `csv.reader` takes them; `offset` and `number` are where the row at hand begins."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = read_lines(stream, returns=True)
        self._again: deque[tuple[int, int, bytes | None]] = deque()
        self._row: list[tuple[int, int, bytes | None]] = []
        self._size = self._done = self._again_bytes = 0
        self.offset, self.number = 0, 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        offset, number, raw = line
        if not self._row:
            self.offset, self.number = offset, number
        self._row.append(line)
        self._size += len(raw or b"")
        self._done = max(self._done, offset + len(raw or b""))
        if raw is None or self._size > MAX_LINE_BYTES:
            raise _NoTextError(f"a row is larger than {MAX_LINE_BYTES:,} bytes")
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise _NoTextError(f"line {number:,} is not UTF-8 at byte {offset + error.start:,}") from None

    def begin(self) -> None:
        """Say that a row is done."""
        self._row.clear()
        self._size = 0

    def go_back(self) -> None:
        """Read the lines behind the first one of the row again, unless that was done too often."""
        self._again_bytes += self._size
        if self._again_bytes <= _AGAIN * self._done:
            self._again.extendleft(reversed(self._row[1:]))
