"""A Parquet file -> its rows, in memory that hangs on the size of one value and not on that of the file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from moderation.errors import InputError, UnknownNameError
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.parquet_pages import check_pages

MAX_ROW_BYTES = 1_000_000
"""What a row may have, on average over a group of rows: twice what the fields of a comment record may have together."""

_BATCH = 1_000
_BATCH_BYTES = 64_000_000
_SLICE = 10
_WINDOW = 1 << 20
"""Bytes of the file read at a time."""
_INDEX = "__index_level_"


def read_parquet_rows(
    path: Path, key: str, known: Collection[str], faults: Faults
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number, from 1, and the values by column of each row; the fields of a struct are columns with a dot.

    The column `key` must be there, and no other but those in `known` and the index that pandas writes. Times become ISO 8601
    as far as they are stated, bytes the text they are.

    Raises:
        InputError: the file cannot be read as Parquet, or a column is missing, twice there or unknown.
        ExportError: a row has bytes that are no text or a time that is in no calendar, and `faults` does not recover.
    """
    import pyarrow as pa  # slow to load, and few files are in Parquet

    try:
        yield from _rows(path, key, known, faults)
    # The library has no base of its own for what a damaged file makes it raise.
    except (pa.ArrowException, OSError, ValueError, TypeError, LookupError, ArithmeticError, RuntimeError) as error:
        raise InputError(f"{faults.name}: cannot be read as Parquet: {_reason(error)}") from None


def _rows(path: Path, key: str, known: Collection[str], faults: Faults) -> Iterator[tuple[int, dict[str, Any]]]:
    import pyarrow as pa
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        fields = [field for field in file.schema_arrow if not field.name.startswith(_INDEX)]
        columns = [name for field in fields for name in _columns(field)]
        # Texts stay in their dictionary: read out, one of 8 MB that a thousand rows share would be 8 GB.
        leaves = [file.schema.column(number) for number in range(len(file.schema))]
        shared = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
    _check(columns, key, known, faults.name)
    number = 0
    with path.open("rb") as raw:
        check_pages(raw, faults.name)
    with parquet.ParquetFile(path, read_dictionary=shared, buffer_size=_WINDOW) as file:
        for group in range(file.num_row_groups):
            described = file.metadata.row_group(group)
            size = max(described.total_byte_size, 0) // max(described.num_rows, 1)
            if size > MAX_ROW_BYTES:
                raise InputError(f"{faults.name}: has {size:,} bytes a row, expected at most {MAX_ROW_BYTES:,}")
            rows = max(min(_BATCH, _BATCH_BYTES // max(size, 1)), 1)
            names = [field.name for field in fields]
            for batch in file.iter_batches(batch_size=rows, row_groups=[group], columns=names):
                # A dictionary without the values that are asked of it would end the process.
                batch.validate(full=True)
                table = pa.Table.from_batches([batch]).flatten()
                for start in range(0, len(table), _SLICE):
                    for row, error in _values(table.slice(start, _SLICE)):
                        number += 1
                        if row is None:
                            faults.broken(0, number, f"row {number:,} cannot be read: {error}")
                        else:
                            yield number, row


def _values(table: Any) -> list[tuple[dict[str, Any] | None, str]]:
    """The rows of a few, or why one has none."""
    try:
        return [({key: _plain(value) for key, value in row.items()}, "") for row in table.to_pylist()]
    except (ValueError, ArithmeticError, LookupError, TypeError) as error:
        if len(table) == 1:
            return [(None, _reason(error))]
        return [row for start in range(len(table)) for row in _values(table.slice(start, 1))]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.decode() if isinstance(value, bytes) else value


def _columns(field: Any) -> list[str]:
    if not hasattr(field.type, "fields"):
        return [field.name]
    return [f"{field.name}.{inner.name}" for inner in field.type.fields] or [field.name]


def _check(columns: list[str], key: str, known: Collection[str], name: str) -> None:
    if key not in columns or len(set(columns)) != len(columns):
        shown = ", ".join(columns)[:120]
        raise InputError(f"{name}: columns are {shown!a}, expected a column {key!r}, and each column once")
    for column in columns:
        if column not in known:
            raise InputError(str(UnknownNameError("column", column, known, name)))


def _reason(error: Exception) -> str:
    # The library quotes the file: nothing but plain characters of it is passed on.
    return ascii(str(error))[1:120].rstrip("'")
