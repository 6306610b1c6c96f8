"""A Parquet file -> lines of JSON, as a program: `python -P parquet_child.py < FILE`. Run by `parquet_process`.

The library is C++ that a damaged file can end or take over, so it runs in this process and no other. What comes out of it is
data: each line is an array of two.

- `["columns", [NAME, ...]]`, first: the columns; the fields of a struct are columns with a dot.
- `["size", BYTES]`: what a row has, on average over the group of rows that follows.
- `["rows", [{COLUMN: VALUE, ...}, ...]]`: times are ISO 8601 as far as they are stated, bytes the text they are.
- `["fault", REASON]`: in the place of a row that cannot be read.
- `["error", REASON]`, last: the rest of the file cannot be read.

Exit code 0 says that nothing is missing. Nothing of ours is imported: the package brings the model with it, which takes
seconds.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

MAX_LINE_BYTES = 8_000_000
"""What a line may have: the fields of a comment record have 0.5 MB together, in JSON at most six times that."""
MEMORY_BYTES = 1_250_000_000
"""What the process may take. The largest pages that are admitted (`parquet_pages`), 200 MB, take 1.15 GB where they are a
dictionary and 0.95 else; the largest description takes 0.5, and 200,000 rows written by pandas as one group do."""

_BATCH = 4_000
"""Rows: each batch copies the dictionaries of its group, with a thousand that took half of the time."""
_BATCH_BYTES = 64_000_000
_SLICE = 10
_WINDOW = 1 << 20
"""Bytes of the file read at a time."""
_INDEX = "__index_level_"
_PLAIN = (str, bytes, int, float, list, dict)


def lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what is in a Parquet file, one or several whole lines at a time."""
    import pyarrow as pa

    try:
        yield from _lines(stream)
    except MemoryError:
        yield _line("error", f"takes more than {MEMORY_BYTES:,} bytes of memory")
    # The library has no base of its own for what a damaged file makes it raise.
    except (pa.ArrowException, OSError, ValueError, TypeError, LookupError, ArithmeticError, RuntimeError) as error:
        yield _line("error", _reason(error))


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    import pyarrow as pa
    from pyarrow import parquet

    described = parquet.ParquetFile(stream)
    fields = [field for field in described.schema_arrow if not field.name.startswith(_INDEX)]
    yield _line("columns", [name for field in fields for name in _columns(field)])
    # Texts stay in their dictionary: read out, one of 8 MB that a thousand rows share would be 8 GB.
    leaves = [described.schema.column(number) for number in range(len(described.schema))]
    shared = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
    file = parquet.ParquetFile(
        stream, metadata=described.metadata, read_dictionary=shared, buffer_size=_WINDOW, pre_buffer=False
    )
    names = [field.name for field in fields]
    for number in range(file.num_row_groups):
        group = file.metadata.row_group(number)
        size = max(group.total_byte_size, 0) // max(group.num_rows, 1)
        yield _line("size", size)
        rows = max(min(_BATCH, _BATCH_BYTES // max(size, 1)), 1)
        for batch in file.iter_batches(batch_size=rows, row_groups=[number], columns=names, use_threads=False):
            # A dictionary without the values that are asked of it would end the process.
            batch.validate(full=True)
            table = pa.Table.from_batches([batch]).flatten()
            for start in range(0, len(table), _SLICE):
                yield b"".join(_rows(table.slice(start, _SLICE)))


def _rows(table: Any) -> list[bytes]:
    """The lines for a few rows."""
    try:
        return [_line("rows", [{key: _plain(key, value) for key, value in row.items()} for row in table.to_pylist()])]
    except (ValueError, ArithmeticError, LookupError, TypeError) as error:
        if len(table) == 1:
            return [_line("fault", _reason(error))]
        return [line for start in range(len(table)) for line in _rows(table.slice(start, 1))]


def _plain(key: str, value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if value is not None and not isinstance(value, _PLAIN):
        raise TypeError(f"{key} is a {type(value).__name__}, expected a text, a whole number, true or false")
    if isinstance(value, str | bytes) and len(value) > MAX_LINE_BYTES:
        raise ValueError(f"{key} is {len(value):,} bytes, expected at most {MAX_LINE_BYTES:,}")
    return value.decode() if isinstance(value, bytes) else value


def _line(kind: str, value: object) -> bytes:
    line = json.dumps([kind, value], ensure_ascii=False, default=_refused).encode() + b"\n"
    if len(line) > MAX_LINE_BYTES:
        raise ValueError(f"its values are {len(line):,} bytes, expected at most {MAX_LINE_BYTES:,}")
    return line


def _refused(value: object) -> object:
    raise TypeError(f"a value inside a list or struct is a {type(value).__name__}, expected a text or a number")


def _columns(field: Any) -> list[str]:
    if not hasattr(field.type, "fields"):
        return [field.name]
    return [f"{field.name}.{inner.name}" for inner in field.type.fields] or [field.name]


def _reason(error: Exception) -> str:
    # The library quotes the file: nothing but plain characters of it is passed on.
    return ascii(str(error))[1:120].rstrip("'")


def limit() -> None:
    """Take from this process what it must not have, for good."""
    # Memory that is only reserved does not count, as it would for RLIMIT_AS: the library's own pool reserves gigabytes.
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # nobody reads any more
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    most = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read standard input, and write the lines to standard output."""
    limit()
    for some in lines(sys.stdin.buffer):
        sys.stdout.buffer.write(some)
        sys.stdout.buffer.flush()
    os._exit(0)  # what is left to do could only go wrong


if __name__ == "__main__":
    main()
