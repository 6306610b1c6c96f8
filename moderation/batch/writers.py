"""Scored records -> a file: JSON lines, CSV or Parquet. The file appears whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import IO, Any, Protocol

from moderation.errors import UnknownNameError
from moderation.files import replacing
from moderation.labels import LABEL_NAMES
from moderation.threads.tables import harmless

Record = dict[str, Any]

_WAITING = 2_000
"""Records put into one row group of a Parquet file."""


class Writer(Protocol):
    """Writes scored records to one file."""

    def write(self, record: Record) -> None: ...

    def close(self) -> None: ...


def check_format(path: Path) -> str:
    """Return the format of an output file by its ending: `.jsonl`, `.csv` or `.parquet`.

    Raises:
        UnknownNameError: it has another ending.
    """
    ending = path.suffix.lower()
    if ending not in _WRITERS:
        raise UnknownNameError("output format", ending or path.name, _WRITERS)
    return ending


def write_records(path: Path, records: Iterable[Record]) -> int:
    """Write records to `path` in the format of its ending and return how many; on any failure an older file stays.

    Raises:
        UnknownNameError: the ending is no known format.
        InputError: the file cannot be written.
    """
    make = _WRITERS[check_format(path)]
    count = 0
    with replacing(path) as raw, closing(make(raw)) as writer:
        for record in records:
            writer.write(record)
            count += 1
    return count


class _JsonLines:
    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw

    def write(self, record: Record) -> None:
        self._raw.write(json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n")

    def close(self) -> None:
        self._raw.flush()


class _Csv:
    """One row a comment: rules as ids, one column a label, spans as `start-end:label`."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(raw, encoding="utf-8", newline="", write_through=True)
        columns = ["id", "decision", "suggestion", "rules", *LABEL_NAMES, "spans", "model", "policy"]
        self._table = csv.DictWriter(self._text, columns)
        self._table.writeheader()

    def write(self, record: Record) -> None:
        spans = [f"{span['start']}-{span['end']}:{span['label']}" for span in record["spans"]]
        row = {
            "id": record["id"],
            "decision": record["decision"],
            "suggestion": record["suggestion"],
            "rules": ";".join(rule["id"] for rule in record["rules"]),
            **record["scores"],
            "spans": " ".join(spans),
            "model": record["model"],
            "policy": record["policy"],
        }
        self._table.writerow({key: harmless(cell) if isinstance(cell, str) else cell for key, cell in row.items()})

    def close(self) -> None:
        self._text.detach()


class _Parquet:
    def __init__(self, raw: IO[bytes]) -> None:
        import pyarrow as pa  # slow to import, and only this format needs it
        from pyarrow import parquet

        rule = {"id": pa.string(), "says": pa.string(), "label": pa.string(), "score": pa.float64()}
        rule |= {"threshold": pa.float64(), "action": pa.string(), "reason": pa.string()}
        span = {"start": pa.int64(), "end": pa.int64(), "label": pa.string(), "weight": pa.float64()}
        fields = {
            "id": pa.string(),
            "decision": pa.string(),
            "suggestion": pa.string(),
            "rules": pa.list_(pa.struct(list(rule.items()))),
            "scores": pa.struct([(name, pa.float64()) for name in LABEL_NAMES]),
            "spans": pa.list_(pa.struct(list(span.items()))),
            "model": pa.string(),
            "policy": pa.string(),
        }
        self._schema = pa.schema(list(fields.items()))
        self._table = pa.Table
        self._file = parquet.ParquetWriter(raw, self._schema)
        self._waiting: list[Record] = []

    def write(self, record: Record) -> None:
        self._waiting.append(record)
        if len(self._waiting) >= _WAITING:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        self._file.write_table(self._table.from_pylist(self._waiting, self._schema))
        self._waiting = []


_WRITERS: dict[str, Callable[[IO[bytes]], Writer]] = {".jsonl": _JsonLines, ".csv": _Csv, ".parquet": _Parquet}
