"""Scored records on their way into a file, so that a run that was killed can be gone on with.

Beside the file stand its records so far, as JSON lines (`.NAME.partial`), and how far they can be trusted
(`.NAME.state`). A chunk is written first and counted then: what a killed run wrote and did not count is cut off and scored
again, so that no row is lost and none is there twice.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from moderation.batch.scoring import Scored
from moderation.batch.writers import write_records
from moderation.errors import InputError
from moderation.files import replacing, unwritable
from moderation.writers import Row, check_format


@dataclass(frozen=True, slots=True)
class _State:
    """Records and bytes that are counted, and what they were made from: name and digest of each input."""

    rows: int
    size: int
    made_from: Mapping[str, str]


class Journal:
    """The unfinished records of one output file. Use it as a context: leaving it keeps them, if there are any."""

    def __init__(self, output: Path, made_from: Mapping[str, str], resume: bool = False) -> None:
        """Begin anew, or go on where an earlier run stopped.

        Raises:
            UnknownNameError: the output has an unknown ending.
            InputError: there is nothing to go on with, it was made from other things, or the files cannot be written.
        """
        check_format(output)
        self.output, self._made_from = output, dict(made_from)
        self._partial = output.with_name(f".{output.name}.partial")
        self._status = output.with_name(f".{output.name}.state")
        self.rows = self._size = 0
        if resume:
            self._take_up()
        try:
            self._file: IO[bytes] = open(self._partial, "r+b" if resume else "wb", opener=_own)  # noqa: SIM115
            self._file.truncate(self._size)
            self._file.seek(self._size)
        except OSError as error:
            raise unwritable(self.output, error) from None
        self._save()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if not self.rows:
            self._drop()

    def add(self, chunk: Scored) -> None:
        """Keep a chunk of scored records for good.

        Raises:
            InputError: there is no room for it; what was kept before stays.
        """
        try:
            self._file.write(chunk.lines)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise unwritable(self.output, error) from None
        self.rows += chunk.rows
        self._size += len(chunk.lines)
        self._save()

    def finish(self) -> int:
        """Make the output file of all records, remove what stands beside it, and return how many there are.

        Raises:
            InputError: the output cannot be written; it can be tried again.
        """
        self._file.close()
        if self.output.suffix.lower() == ".jsonl":
            try:
                self._partial.chmod(0o644)
                self._partial.replace(self.output)
            except OSError as error:
                raise unwritable(self.output, error) from None
        else:
            write_records(self.output, self._records())
        self._drop()
        return self.rows

    def _drop(self) -> None:
        self._partial.unlink(missing_ok=True)
        self._status.unlink(missing_ok=True)

    def _records(self) -> Iterator[Row]:
        with self._partial.open("rb") as lines:
            yield from map(json.loads, lines)

    def _take_up(self) -> None:
        state = _read(self._status)
        if state is None or not self._partial.exists() or self._partial.stat().st_size < state.size:
            raise InputError(f"{self.output}: there is no unfinished run to resume; run without --resume")
        if state.made_from != self._made_from:
            kinds = {*state.made_from, *self._made_from}
            changed = sorted(name for name in kinds if state.made_from.get(name) != self._made_from.get(name))
            raise InputError(
                f"{self.output}: the unfinished run was of another {changed[0]}, expected the same; run without --resume"
            )
        self.rows, self._size = state.rows, state.size

    def _save(self) -> None:
        state = {"rows": self.rows, "bytes": self._size, "made_from": self._made_from}
        with replacing(self._status) as raw:
            raw.write(json.dumps(state).encode())


def _own(path: str, flags: int) -> int:
    """Open a file that is ours: its name can be guessed, so that somebody may have put a link there."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _read(path: Path) -> _State | None:
    """The state of an unfinished run, None if there is none that can be read."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
        return _State(int(found["rows"]), int(found["bytes"]), dict(found["made_from"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None
