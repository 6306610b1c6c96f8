"""What an export has that cannot be read: the first fault ends the reading, or is noted and passed over."""

from __future__ import annotations

from dataclasses import dataclass, field

from moderation.errors import ExportError

MAX_LISTED = 1_000
"""Skipped records that are listed one by one; all are counted."""

MAX_FAULTS = 100_000
"""Faults that are passed over: a file with more is no export, and to look for its next record costs more each time."""


@dataclass
class Faults:
    """Faults of one export called `name`. With `recover` a fault is noted and reading goes on, without it is raised."""

    name: str
    recover: bool = False
    skipped: int = 0
    faults: int = 0
    listed: list[str] = field(default_factory=list)

    def broken(self, offset: int, line: int, reason: str) -> None:
        """Note that the export is broken at a byte, or stop there.

        Raises:
            ExportError: not `recover`, or there were `MAX_FAULTS` before.
        """
        message = f"{self.name}: byte {offset:,}, line {line:,}: {reason}"
        self.faults += 1
        if self.faults > MAX_FAULTS:
            raise ExportError(f"{message}; it is the {self.faults:,}th fault, expected a whole export", offset, line)
        if not self.recover:
            raise ExportError(message, offset, line)
        self._note(message)

    def skip(self, where: str, reason: str) -> None:
        """Note that one record, whole but of no use, is left out: that is never an error."""
        self._note(f"{self.name}: {where}: {reason}")

    def _note(self, message: str) -> None:
        self.skipped += 1
        if len(self.listed) < MAX_LISTED:
            self.listed.append(message)
