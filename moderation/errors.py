"""Every error this project raises on purpose.

    ModerationError
    ├── InputError          a file or record that cannot be read
    │   ├── PageError       a file that is not a saved page, is empty, binary or cut off
    │   ├── RecordError     a comment record or example that breaks the contract
    │   └── ExportError     an export that is broken from some byte on
    ├── UnknownNameError    a label, policy, model or format nobody knows
    ├── PolicyError         a policy file that does not compile
    ├── ModelError          a model that is missing, altered or made for other versions
    ├── TrainingError       examples that cannot teach what was asked
    ├── WorkerError         processes or a cluster that should share the work and are not there, or not any more
    └── SettingsError       a service that may not start as configured

Messages are one line, lower case, say what was found and what was expected, and never carry comment text.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ModerationError(Exception):
    """Base of all errors that are the user's to mend; the command line prints its message and exits with 2."""


class InputError(ModerationError):
    """A file or record that cannot be read."""


class PageError(InputError):
    """A file that is not a saved page, is empty, is binary or is cut off."""


class RecordError(InputError):
    """A comment record or example that breaks the contract: `field` is where, `limit` the bound it broke, if any."""

    def __init__(self, message: str, field: str | None = None, limit: int | None = None) -> None:
        """Keep the field and the limit for callers that answer in JSON."""
        super().__init__(message)
        self.field = field
        self.limit = limit


class ExportError(InputError):
    """An export that is broken: `offset` is the byte at which, counted from 0, `line` the line, counted from 1.

    Both count in the unpacked text where the export is compressed.
    """

    def __init__(self, message: str, offset: int, line: int) -> None:
        """Keep the place for callers that go on behind it."""
        super().__init__(message)
        self.offset = offset
        self.line = line


class UnknownNameError(ModerationError):
    """A name that is not in its table; the message suggests the nearest one."""

    def __init__(self, kind: str, name: object, known: Iterable[str], where: str = "") -> None:
        """Say that `name` is no `kind`, suggest the nearest of `known`, and prefix `where` (file and line) if given."""
        choices = sorted(known)
        near = difflib.get_close_matches(str(name).lower(), choices, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        prefix = f"{where}: " if where else ""
        super().__init__(f"{prefix}unknown {kind} {str(name)[:80]!r}, expected one of {', '.join(choices)}{hint}")


class PolicyError(ModerationError):
    """A policy file that does not compile; the message starts with file and line."""


class ModelError(ModerationError):
    """A model that is missing, altered or made for other versions."""


class TrainingError(ModerationError):
    """Examples that cannot teach what was asked."""


class WorkerError(ModerationError):
    """Processes or a cluster that should share the work and are not there, or not any more."""


class SettingsError(ModerationError):
    """A service that may not start as configured."""
