"""Scored records -> a file: JSON lines, CSV or Parquet. The file appears whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from moderation.labels import LABEL_NAMES
from moderation.writers import Layout, Row, writing

_COLUMNS = ("id", "decision", "suggestion", "rules", *LABEL_NAMES, "spans", "model", "policy")


def write_records(path: Path, records: Iterable[Row]) -> int:
    """Write records to `path` in the format of its ending and return how many; on any failure an older file stays.

    Raises:
        UnknownNameError: the ending is no known format.
        InputError: the file cannot be written.
    """
    count = 0
    with writing(path, _LAYOUT) as write:
        for record in records:
            write(record)
            count += 1
    return count


def _flat(record: Row) -> Row:
    """One row a comment: rules as ids, one column a label, spans as `start-end:label`."""
    spans = [f"{span['start']}-{span['end']}:{span['label']}" for span in record["spans"]]
    return {
        "id": record["id"],
        "decision": record["decision"],
        "suggestion": record["suggestion"],
        "rules": ";".join(rule["id"] for rule in record["rules"]),
        **record["scores"],
        "spans": " ".join(spans),
        "model": record["model"],
        "policy": record["policy"],
    }


def _schema() -> Any:
    import pyarrow as pa  # slow to import, and only this format needs it

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
    return pa.schema(list(fields.items()))


_LAYOUT = Layout(_COLUMNS, _flat, _schema)
