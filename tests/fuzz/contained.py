"""Parquet for the fuzzer: read in its own process, where coverage is measured, but not what would end that.

To start the real child for every input takes a hundred times as long as to read it. A worker that stays reads each file
first: what ends the worker, or takes too much of its memory, ends no more than the child, so it is no finding. One input in
`REAL` goes through the real child.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from moderation.threads.exports import parquet_child, parquet_process
from moderation.threads.exports.parquet_process import ChildError

REAL = 256

_WORKER = Path(__file__).with_name("parquet_worker.py")


class Contained:
    """Stands for `child_lines`; `ended` counts the files that ended the worker."""

    def __init__(self) -> None:
        self.ended = 0
        self._process: subprocess.Popen[bytes] | None = None

    def lines(self, stream: BinaryIO) -> Generator[bytes]:
        """Yield the lines of a file.

        Raises:
            ChildError: the file ends the process that reads it.
        """
        digest = sha256(stream.read()).digest()
        stream.seek(0)
        if int.from_bytes(digest[:8], "big") % REAL == 0:
            yield from parquet_process.child_lines(stream)
            return
        answer = self._ask(str(stream.name))
        if answer.strip():
            yield answer
            return
        for some in parquet_child.lines(stream):
            yield from some.splitlines(keepends=True)

    def close(self) -> None:
        """End the worker."""
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process.wait()
            self._process = None

    def _ask(self, name: str) -> bytes:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(_WORKER), str(parquet_child.__file__)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{name}\n".encode())
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            self.ended += 1
            self.close()
            raise ChildError("it ended its reader, expected a whole file")
        return answer


CONTAINED = Contained()
