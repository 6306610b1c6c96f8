"""A SQLite file that somebody else made -> the rows of its tables, one at a time.

Nothing in the file is run: views, virtual tables and computed columns are refused, and what a damaged or hostile file can
make the library do is bounded in steps and in bytes.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from moderation.errors import InputError
from moderation.threads.exports.faults import Faults

MAX_VALUE_BYTES = 8_000_000
"""One value of a row; the longest comments stay well below a hundredth of it."""

_ERRORS = (sqlite3.Error, UnicodeError)
_STEPS = 100_000
"""Steps of the library's machine between two looks at how many there were."""
_MAX_LOOKS = 200
_LAST_KEY = 2**63 - 1
_MAX_RATIO = 4
"""Characters of all rows to each byte of the file; more than one only where rows do not store the default of a column."""


class Tables:
    """The tables of one file, opened for reading only, each with whole numbers in its column `id` as its key.

    Raises:
        InputError: the file cannot be opened, is no SQLite file, or lacks a table or column.
    """

    def __init__(self, path: Path, faults: Faults, expected: Mapping[str, Sequence[str]], kind: str) -> None:
        """Open the file and see that it has the tables of `kind`, with the columns named in `expected`."""
        self._faults, self._kind, self._looks = faults, kind, 0
        # Of each table: the last key read in order, and the characters and bytes of all values up to there.
        self._read: dict[str, tuple[int, int]] = {}
        # S608: tables and columns are named by the caller, never by the file.
        self._queries = {name: f"SELECT {', '.join(of)} FROM {name} WHERE id = ?" for name, of in expected.items()}  # noqa: S608
        self._columns = expected
        # Immutable: no lock is taken, and a journal beside it is not played back.
        address = f"file:{quote(os.fsencode(path.absolute()))}?mode=ro&immutable=1"
        try:
            self._connection = sqlite3.connect(address, uri=True, isolation_level=None)
        except _ERRORS as error:
            raise self._unreadable(error) from None
        try:
            self._size = path.stat().st_size
            self._guard()
            for table, names in expected.items():
                self._check(table, names)
        except (*_ERRORS, OSError) as error:
            self.close()
            raise self._unreadable(error) from None
        except InputError:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def keys(self, table: str) -> Iterator[int]:
        """Yield the keys of a table in order.

        Raises:
            InputError: the table is damaged, and `faults` does not recover.
        """
        start, jump = 0, 1
        while start <= _LAST_KEY:
            try:
                for (key,) in self._run(f"SELECT id FROM {table} WHERE id >= ? ORDER BY id", start):  # noqa: S608
                    # A damaged file can lead back to where one was, over and over.
                    if not isinstance(key, int) or key < start:
                        raise sqlite3.DatabaseError("keys are not in order")
                    start, jump, self._looks = key + 1, 1, 0
                    yield key
                return
            except _ERRORS as error:
                if jump == 1:
                    self._damaged(f"table {table} from id {start} on", error)
                # Behind the damaged pages, wherever they end.
                start, jump = start + jump, jump * 2

    def row(self, table: str, key: int) -> dict[str, object] | None:
        """Return the row with that key by column; None where there is none or, which is noted, none that can be read.

        Raises:
            InputError: the row is damaged, and `faults` does not recover; or the rows have more in them than the file.
        """
        where = f"table {table}, id {key}"
        try:
            found = self._run(self._queries[table], key).fetchone()
        except sqlite3.DataError:
            self._faults.skip(where, f"has a value larger than {MAX_VALUE_BYTES:,} bytes")
            return None
        except _ERRORS as error:
            self._damaged(where, error)
            return None
        if not found:
            return None
        self._count(table, key, found)
        return dict(zip(self._columns[table], found, strict=True))

    def _count(self, table: str, key: int, values: Sequence[object]) -> None:
        """Stop where rows share their bytes: a file of megabytes could be read for days."""
        last, size = self._read.get(table, (0, 0))
        if key > last:
            size += sum(len(value) for value in values if isinstance(value, str | bytes))
            self._read[table] = key, size
        if size > _MAX_RATIO * self._size:
            reason = (
                f"rows share what they hold, {size:,} characters so far, expected at most {self._size:,} bytes in all"
            )
            raise InputError(f"{self._faults.name}: table {table}, id {key}: {reason}")

    def _guard(self) -> None:
        connection = self._connection
        connection.text_factory = _text
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
        connection.set_progress_handler(self._look, _STEPS)
        for setting in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
            connection.execute(f"PRAGMA {setting}")

    def _check(self, table: str, names: Sequence[str]) -> None:
        stored = self._run("SELECT type, sql FROM sqlite_master WHERE name = ? COLLATE NOCASE", table).fetchone()
        if not stored or stored[0] != "table" or str(stored[1]).upper().startswith("CREATE VIRTUAL"):
            raise InputError(f"{self._faults.name}: has no table {table!r}, expected {self._kind}")
        # Of each column: its name, type, whether it is the key, and whether it is computed.
        columns = {
            str(name).lower(): (str(kind).upper(), key, hidden)
            for _, name, kind, _, _, key, hidden in self._connection.execute(f"PRAGMA table_xinfo({table})")
        }
        for name in names:
            if name not in columns or columns[name][2]:
                raise InputError(f"{self._faults.name}: table {table!r} has no column {name!r}, expected {self._kind}")
        if columns["id"][:2] != ("INTEGER", 1):
            raise InputError(f"{self._faults.name}: 'id' is not the key of table {table!r}, expected {self._kind}")

    def _run(self, query: str, value: object) -> sqlite3.Cursor:
        self._looks = 0
        return self._connection.execute(query, (value,))

    def _look(self) -> bool:
        self._looks += 1
        return self._looks > _MAX_LOOKS

    def _unreadable(self, error: Exception) -> InputError:
        return InputError(f"{self._faults.name}: cannot be read as SQLite ({_reason(error)}), expected {self._kind}")

    def _damaged(self, where: str, error: Exception) -> None:
        reason = f"cannot be read ({_reason(error)}), expected a whole SQLite file"
        if not self._faults.recover:
            raise InputError(f"{self._faults.name}: {where}: {reason}")
        self._faults.skip(where, reason)


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace")


def _reason(error: Exception) -> str:
    # The library quotes the file: nothing but plain characters of it is passed on.
    return ascii(str(error))[1:120].rstrip("'")
