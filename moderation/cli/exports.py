"""What the commands that read exports say of them on standard error."""

from __future__ import annotations

import sys

from moderation.cli import terminal
from moderation.threads.exports.places import Counts
from moderation.threads.exports.reading import Export

FEW = 10
"""Skipped records that are listed where they are not what the command is about."""


def say_skipped(export: Export, done: str, most: int | None = None) -> None:
    """List what was skipped, at most so many, and say how the counts add up; nothing where all was `done`."""
    counts, listed = export.counts, export.faults.listed[:most]
    sys.stderr.writelines(f"skipped {terminal.one_line(line)}\n" for line in listed)
    if counts.skipped > len(listed):
        sys.stderr.write(f"skipped {counts.skipped - len(listed):,} more\n")
    if counts.skipped:
        sys.stderr.write(f"{added_up(counts, done)}\n")


def added_up(counts: Counts, done: str) -> str:
    """Return how the counts of an export add up, where what could be used was `done`."""
    return f"read {counts.read:,} = {done} {counts.placed:,} + skipped {counts.skipped:,}"
