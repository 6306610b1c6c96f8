"""Comment records (JSON lines, CSV or Parquet) one by one, in memory that does not grow with the file.

They are read as they are everywhere else. Beside the fields of the record there may be `status`: what the owner's site made
of the comment (`approved`, `held`, `spam`, `trash` or `deleted`). What it threw away may have no text any more.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from moderation.errors import RecordError, UnknownNameError
from moderation.records import Archived, Comment
from moderation.threads.comment_records import FIELDS, comment_from_dict, comment_from_row, comments_of_thread
from moderation.threads.exports.csv_stream import read_csv_rows
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.json_stream import clean, read_json_lines
from moderation.threads.exports.parquet_rows import read_parquet_rows
from moderation.threads.thread_json import thread_from_dict

STATUSES = frozenset({"approved", "held", "spam", "trash", "deleted"})

_THROWN_AWAY = frozenset({"spam", "trash", "deleted"})
_COLUMNS = frozenset({*FIELDS, "status"})
# What a saved page's thread says of a comment.
_PAGE_STATUSES = {"hold": "held", "deleted": "deleted"}


def read_rows_jsonl(stream: BinaryIO, faults: Faults) -> Iterator[Archived]:
    """Yield the comments of JSON lines: comment records, or threads as `moderation threads` writes them.

    Raises:
        ExportError: a line is not JSON or breaks the contract, and `faults` does not recover.
    """
    for offset, line, raw in read_json_lines(stream, faults):
        try:
            found = _of_line(raw, f"{faults.name}:{line}")
        except (RecordError, UnknownNameError, RecursionError) as error:
            faults.broken(offset, line, _reason(error, f"{faults.name}:{line}"))
        else:
            yield from found


def read_rows_csv(stream: BinaryIO, faults: Faults) -> Iterator[Archived]:
    """Yield the comments of a CSV file whose first row names the fields.

    Raises:
        ExportError: a row is not CSV or breaks the contract, and `faults` does not recover.
    """
    for offset, line, row in read_csv_rows(stream, "text", _COLUMNS, faults):
        try:
            found = _archived(row, comment_from_row, f"{faults.name}:{line}")
        except (RecordError, UnknownNameError) as error:
            faults.broken(offset, line, _reason(error, f"{faults.name}:{line}"))
        else:
            yield found


def read_rows_parquet(path: Path, faults: Faults) -> Iterator[Archived]:
    """Yield the comments of a Parquet file whose columns are the fields; `author` and `article` may be structs.

    Raises:
        InputError: the file cannot be read as Parquet or has other columns.
        ExportError: a row breaks the contract, and `faults` does not recover; its line is the number of the row.
    """
    for number, row in read_parquet_rows(path, "text", _COLUMNS, faults):
        try:
            found = _archived(row, comment_from_dict, f"row {number:,}")
        except (RecordError, UnknownNameError) as error:
            faults.broken(0, number, str(error))
        else:
            yield found


def _of_line(raw: object, where: str) -> list[Archived]:
    if not isinstance(raw, Mapping):
        return [Archived(comment_from_dict(raw, where))]
    if "comments" not in raw:
        return [_archived(raw, comment_from_dict, where)]
    thread = thread_from_dict(raw, where)
    statuses = [_PAGE_STATUSES.get(comment.status or "") for comment in thread.comments]
    name = clean(thread.source)
    return [
        Archived(dataclasses.replace(comment, thread_id=name), status=status)
        for comment, status in zip(comments_of_thread(thread), statuses, strict=True)
    ]


def _archived(raw: Mapping[str, Any], read: Callable[[Mapping[str, Any], str], Comment], where: str) -> Archived:
    fields = {key: value for key, value in raw.items() if key != "status"}
    status = _status(raw.get("status"), where)
    if status in _THROWN_AWAY and not fields.get("text"):
        comment = dataclasses.replace(read({**fields, "text": "-"}, where), text="")
    else:
        comment = read(fields, where)
    return Archived(comment, status=status)


def _status(value: object, where: str) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise RecordError(f"{where}: status is no string, expected one of {', '.join(sorted(STATUSES))}", "status")
    if value not in STATUSES:
        raise UnknownNameError("status", value, STATUSES, where)
    return value


def _reason(error: Exception, where: str) -> str:
    if isinstance(error, RecursionError):
        return "is nested too deep, expected a comment record"
    return str(error).removeprefix(where).lstrip(": ")
