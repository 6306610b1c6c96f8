"""A Parquet file -> its rows, in memory that hangs on the size of one value and not on that of the file.

The library that reads it is C++, and no border: it works in another process (`parquet_process`), which is not trusted here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from moderation.errors import ExportError, InputError, UnknownNameError
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.json_values import WrongError, parsed
from moderation.threads.exports.parquet_pages import check_pages
from moderation.threads.exports.parquet_process import ChildError, child_lines

MAX_ROW_BYTES = 1_000_000
"""What a row may have, on average over a group of rows: twice what the fields of a comment record may have together."""

_NOT_PLAIN = re.compile("[^ -~]")
_MAX_REASON = 200


def read_parquet_rows(
    path: Path, key: str, known: Collection[str], faults: Faults
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number, from 1, and the values by column of each row; the fields of a struct are columns with a dot.

    The column `key` must be there, and no other but those in `known` and the index that pandas writes. Times become ISO 8601
    as far as they are stated, bytes the text they are.

    Raises:
        InputError: the file cannot be read as Parquet, or a column is missing, twice there or unknown.
        ExportError: a row has bytes that are no text, a time that is in no calendar or what is neither text nor number, and
            `faults` does not recover; or the file cannot be read behind some row, whether it does or not.
    """
    number = 0
    try:
        with path.open("rb") as stream:
            check_pages(stream, faults.name)
            with closing(child_lines(stream)) as lines:
                for kind, value in map(_message, lines):
                    if kind == "rows":
                        for row in value:
                            number += 1
                            yield number, row
                    elif kind == "fault":
                        number += 1
                        faults.broken(0, number, f"row {number:,} cannot be read: {_reason(value)}")
                    elif kind == "columns":
                        _check(value, key, known, faults.name)
                    elif value > MAX_ROW_BYTES:
                        found = f"has {value:,} bytes a row, expected at most {MAX_ROW_BYTES:,}"
                        raise _broken(faults.name, number, found)
    except (OSError, ChildError) as error:
        raise _broken(faults.name, number, f"cannot be read as Parquet: {_reason(str(error))}") from None


def _message(line: bytes) -> tuple[str, Any]:
    """What the other process said, of the type that it should be of.

    Raises:
        ChildError: it is something else, or that the file cannot be read.
    """
    try:
        message = parsed(line)
    except WrongError:
        message = None
    if isinstance(message, list) and len(message) == 2:
        kind, value = message
        if isinstance(kind, str) and kind in _TYPES and _TYPES[kind](value):
            if kind == "error":
                raise ChildError(value)
            return kind, value
    raise ChildError("its reader said something else than rows")


_TYPES: Mapping[str, Callable[[object], bool]] = {
    "columns": lambda value: isinstance(value, list) and all(isinstance(name, str) for name in value),
    "size": lambda value: isinstance(value, int) and 0 <= value < 2**63,
    "rows": lambda value: isinstance(value, list) and all(isinstance(row, dict) for row in value),
    "fault": lambda value: isinstance(value, str),
    "error": lambda value: isinstance(value, str),
}


def _broken(name: str, number: int, what: str) -> InputError:
    """The error that ends a file behind so many rows."""
    if not number:
        return InputError(f"{name}: {what}")
    return ExportError(f"{name}: from row {number + 1:,} on: {what}", 0, number + 1)


def _check(columns: list[str], key: str, known: Collection[str], name: str) -> None:
    if key not in columns or len(set(columns)) != len(columns):
        shown = ", ".join(columns)[:120]
        raise InputError(f"{name}: columns are {shown!a}, expected a column {key!r}, and each column once")
    for column in columns:
        if column not in known:
            raise InputError(str(UnknownNameError("column", column, known, name)))


def _reason(said: str) -> str:
    return _NOT_PLAIN.sub("?", said)[:_MAX_REASON]
