"""A Parquet file -> the lines of `parquet_child`, which reads it in a process of its own.

What ends that process ends no other, and what it says is data: to take it over brings a lie about the file, and nothing else
here.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO, BinaryIO

from moderation.threads.exports import parquet_child
from moderation.threads.exports.parquet_child import MAX_LINE_BYTES

_PROGRAM = Path(parquet_child.__file__).resolve()
_SECONDS = 10
"""What a process that has closed its output may take to end."""


class ChildError(Exception):
    """The process could not be started, or ended before it was through, and how."""


def child_lines(stream: BinaryIO) -> Generator[bytes]:
    """Yield the lines of a file, which must be one on disk: its name is not asked for. Closing this ends the process.

    Raises:
        ChildError: the process cannot be started, ends before the end of the file, or says a line that is too long.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - a program of ours
            # Nothing is imported from the folder of the program, nor from the one that the user is in.
            [sys.executable, "-P", str(_PROGRAM)],
            cwd=sys.prefix,
            stdin=stream,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Ctrl-C is for this process, and the terminal is none of the other's business.
            start_new_session=True,
        )
    except OSError as error:
        raise ChildError(f"no process for it: {(error.strerror or 'cannot be started').lower()}") from None
    try:
        if process.stdout is not None:
            yield from _lines(process.stdout)
        code = _exit_code(process)
        if code != 0:
            raise ChildError(f"it ended its reader ({_shown(code)}), expected a whole file")
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _lines(output: IO[bytes]) -> Iterator[bytes]:
    """The whole lines; half a line at the end is one in which the process ended."""
    while line := output.readline(MAX_LINE_BYTES + 1):
        if line.endswith(b"\n"):
            yield line
        elif len(line) > MAX_LINE_BYTES:
            raise ChildError(f"its reader said more than {MAX_LINE_BYTES:,} bytes of a row")


def _exit_code(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        return None


def _shown(code: int | None) -> str:
    if code is None:
        return "which hangs"
    return f"exit code {code}" if code > 0 else f"signal {-code}"
