"""Text files of rows -> their rows, each with the place that errors name."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from moderation.errors import InputError, RecordError
from moderation.limits import MAX_ARTICLE_BYTES


def utf8(raw: bytes, name: object) -> str:
    """Return the text of bytes in UTF-8, without a byte order mark.

    Raises:
        InputError: they are in another encoding; the message says at which byte.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: is not UTF-8 at byte {error.start}, expected UTF-8 text") from None


def utf8_file(path: Path) -> str:
    """Return the text of a file in UTF-8, without a byte order mark; line ends stay as they are.

    Raises:
        InputError: it cannot be opened or is in another encoding.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    return utf8(raw, path)


def read_table(lines: Iterable[str], name: object, key: str, expected: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield `FILE:LINE` and the cells by column of each row of a CSV file whose first row names its columns.

    `expected` words which columns the file should have; the column `key` must be one of them.

    Raises:
        RecordError: it is not CSV, has no column `key` or one column twice, or a row has another width.
    """
    csv.field_size_limit(MAX_ARTICLE_BYTES * 2)
    rows = csv.reader(lines, strict=True)
    try:
        head = [column.strip() for column in next(rows, [])]
        if key not in head or len(set(head)) != len(head):
            raise RecordError(f"{name}:1: columns are {', '.join(head)[:120]!r}, expected {expected}", key)
        for cells in rows:
            where = f"{name}:{rows.line_num}"
            if cells and len(cells) != len(head):
                raise RecordError(f"{where}: has {len(cells)} values, expected {len(head)} as in the first row")
            if cells:
                yield where, dict(zip(head, cells, strict=True))
    except csv.Error as error:
        raise RecordError(f"{name}:{rows.line_num}: is not CSV: {error}") from None


def read_table_file(path: Path, key: str, expected: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what `read_table` yields of a file.

    Raises:
        InputError: it cannot be opened or is not UTF-8.
        RecordError: as `read_table`.
    """
    yield from read_table(io.StringIO(utf8_file(path), newline=""), path, key, expected)


def table_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a CSV file that `read_table` reads as it was: what stands in a cell comes back character by character."""
    text = io.StringIO()
    plain, quoted = (csv.writer(text, lineterminator="\n", quoting=how) for how in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    plain.writerow(head)
    for row in rows:
        # Python before 3.13 leaves a lone carriage return unquoted, which then reads as the end of a line.
        (quoted if any("\r" in str(cell) for cell in row) else plain).writerow(row)
    return text.getvalue()


_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def harmless(cell: str) -> str:
    """Return a text cell that a spreadsheet shows and never runs as a formula: ids are somebody else's words."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """Return what `harmless` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
