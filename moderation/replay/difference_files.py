"""Comments on which two policies differ -> a file: JSON lines, CSV or Parquet. The file appears whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Protocol

from moderation.errors import UnknownNameError
from moderation.files import replacing
from moderation.labels import LABEL_NAMES
from moderation.replay.judging import Difference, Side
from moderation.scored import SCORE_DIGITS
from moderation.threads.tables import harmless

_TEXTS = (
    "id",
    "thread",
    "status",
    *(f"{side}_{what}" for side in "ab" for what in ("decision", "suggestion", "rules")),
)
COLUMNS = (*_TEXTS, *LABEL_NAMES, "text")
"""What the file says of a comment: `a_` is the first policy, `b_` the second; rules are their ids, set apart by `;`."""
_WAITING = 2_000
"""Rows put into one row group of a Parquet file."""

Row = dict[str, str | float | None]


class _Writer(Protocol):
    def write(self, row: Row) -> None: ...

    def close(self) -> None: ...


def check_difference_file(path: Path) -> None:
    """Refuse a file whose ending is no known format.

    Raises:
        UnknownNameError: it is not `.jsonl`, `.csv` or `.parquet`.
    """
    if path.suffix.lower() not in _WRITERS:
        raise UnknownNameError("output format", path.suffix.lower() or path.name, _WRITERS)


@contextmanager
def writing_differences(path: Path) -> Iterator[Callable[[Iterable[Difference]], None]]:
    """Give a function that writes differences to `path` in the format of its ending; on any failure an older file stays.

    Raises:
        UnknownNameError: the ending is no known format.
        InputError: the file cannot be written.
    """
    check_difference_file(path)
    with replacing(path) as raw, closing(_WRITERS[path.suffix.lower()](raw)) as writer:

        def write(differences: Iterable[Difference]) -> None:
            for one in differences:
                writer.write(_row(one))

        yield write


def _row(one: Difference) -> Row:
    scores = {name: None if score is None else round(score, SCORE_DIGITS) for name, score in one.scores.items()}
    named = {"id": one.id, "thread": one.thread, "status": one.status}
    return {**named, **_said("a", one.first), **_said("b", one.second), **scores, "text": one.text}


def _said(name: str, side: Side) -> Row:
    said = {"decision": side.decision, "suggestion": side.suggestion, "rules": ";".join(side.rules)}
    return {f"{name}_{key}": value for key, value in said.items()}


class _JsonLines:
    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw

    def write(self, row: Row) -> None:
        self._raw.write(json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n")

    def close(self) -> None:
        self._raw.flush()


class _Csv:
    def __init__(self, raw: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(raw, encoding="utf-8", newline="", write_through=True)
        self._table = csv.DictWriter(self._text, COLUMNS)
        self._table.writeheader()

    def write(self, row: Row) -> None:
        self._table.writerow({key: harmless(cell) if isinstance(cell, str) else cell for key, cell in row.items()})

    def close(self) -> None:
        self._text.detach()


class _Parquet:
    def __init__(self, raw: IO[bytes]) -> None:
        import pyarrow as pa  # slow to import, and only this format needs it
        from pyarrow import parquet

        self._schema = pa.schema([(name, pa.float64() if name in LABEL_NAMES else pa.string()) for name in COLUMNS])
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


_WRITERS: dict[str, Callable[[IO[bytes]], _Writer]] = {".jsonl": _JsonLines, ".csv": _Csv, ".parquet": _Parquet}
