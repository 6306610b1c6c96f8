"""Rows -> a file: JSON lines, CSV or Parquet. The file appears whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from moderation.errors import UnknownNameError
from moderation.files import replacing
from moderation.threads.tables import harmless

Row = Mapping[str, Any]
Write = Callable[[Row], None]

_WAITING = 2_000
"""Rows put into one row group of a Parquet file."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How rows become a table.

    `columns` are those of a CSV file, `flat` makes the cells of one from a row; `schema` makes the Parquet schema.
    """

    columns: Sequence[str]
    flat: Callable[[Row], Row]
    schema: Callable[[], Any]


def check_format(path: Path) -> str:
    """Return the format of an output file by its ending: `.jsonl`, `.csv` or `.parquet`.

    Raises:
        UnknownNameError: it has another ending.
    """
    ending = path.suffix.lower()
    if ending not in _WRITERS:
        raise UnknownNameError("output format", ending or path.name, _WRITERS)
    return ending


@contextmanager
def writing(path: Path, layout: Layout) -> Iterator[Write]:
    """Give a function that writes one row to `path`, in the format of its ending; on any failure an older file stays.

    Raises:
        UnknownNameError: the ending is no known format.
        InputError: the file cannot be written.
    """
    make = _WRITERS[check_format(path)]
    with replacing(path) as raw, closing(make(raw, layout)) as writer:
        yield writer.write


class _Writer(Protocol):
    def write(self, row: Row) -> None: ...

    def close(self) -> None: ...


class _JsonLines:
    def __init__(self, raw: IO[bytes], layout: Layout) -> None:
        self._raw = raw

    def write(self, row: Row) -> None:
        self._raw.write(json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n")

    def close(self) -> None:
        self._raw.flush()


class _Csv:
    """What a spreadsheet would take for a formula is made harmless."""

    def __init__(self, raw: IO[bytes], layout: Layout) -> None:
        self._text = io.TextIOWrapper(raw, encoding="utf-8", newline="", write_through=True)
        self._flat = layout.flat
        self._table = csv.DictWriter(self._text, layout.columns)
        self._table.writeheader()

    def write(self, row: Row) -> None:
        cells = self._flat(row)
        self._table.writerow({key: harmless(cell) if isinstance(cell, str) else cell for key, cell in cells.items()})

    def close(self) -> None:
        self._text.detach()


class _Parquet:
    def __init__(self, raw: IO[bytes], layout: Layout) -> None:
        import pyarrow as pa  # slow to import, and only this format needs it
        from pyarrow import parquet

        self._schema = layout.schema()
        self._table = pa.Table
        self._file = parquet.ParquetWriter(raw, self._schema)
        self._waiting: list[Row] = []

    def write(self, row: Row) -> None:
        self._waiting.append(row)
        if len(self._waiting) >= _WAITING:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        self._file.write_table(self._table.from_pylist(self._waiting, self._schema))
        self._waiting = []


_WRITERS: dict[str, Callable[[IO[bytes], Layout], _Writer]] = {
    ".jsonl": _JsonLines,
    ".csv": _Csv,
    ".parquet": _Parquet,
}
