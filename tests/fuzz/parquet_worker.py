"""Reads the files whose names it is given, one a line, as `parquet_child` does: `python -P parquet_worker.py PARQUET_CHILD`.

The answer to a name is one line: how the file ends, if it takes too much memory, else an empty one.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

MEMORY_BYTES = 600_000_000
"""Less than the real one may take: what goes through here is read in the fuzzer's own process too."""


def main(program: str) -> None:
    """Read what standard input names until it ends."""
    spec = importlib.util.spec_from_file_location("parquet_child", program)
    assert spec is not None
    assert spec.loader is not None
    child = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(child)
    child.MEMORY_BYTES = MEMORY_BYTES
    child.limit()
    for name in sys.stdin:
        last = b""
        with Path(name.removesuffix("\n")).open("rb") as stream:
            for lines in child.lines(stream):
                last = lines
        sys.stdout.buffer.write(last if b"bytes of memory" in last else b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])
