"""Changes of packed and of binary files: what is inside is changed, and packed again as it was."""

from __future__ import annotations

import gzip
import io
import random
import sqlite3
import struct
import zipfile
import zlib
from contextlib import closing

import pyarrow as pa

from tests.fuzz.mutators import Mutate, Mutator
from tests.fuzz.seeds import ROWS, parquet, zipped

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)
_MOST = 1 << 20
_COLUMNS = ("id", "tid", "parent", "created", "mode", "text", "author")
_VALUES = (
    "NULL",
    "-1",
    "9223372036854775807",
    "1e308",
    "x'ff00'",
    "'<b>&amp;'",
    "char(0,55296)",
    "zeroblob(9000)",
    "id",
)
_STATEMENTS = (
    "UPDATE comments SET {column} = {value} WHERE id % {number} = 0",
    "UPDATE threads SET uri = {value}, title = {value} WHERE id % {number} = 0",
    "INSERT INTO comments ({column}) VALUES ({value})",
    "DELETE FROM comments WHERE id = {number}",
    "CREATE INDEX i{number} ON comments ({column})",
    "ALTER TABLE comments RENAME COLUMN {column} TO other",
    "ALTER TABLE comments ADD COLUMN c{number} AS ({column} || {value})",
    "DROP TABLE threads; CREATE VIEW threads AS SELECT * FROM comments",
    "PRAGMA encoding = 'UTF-16le'; VACUUM",
    "PRAGMA writable_schema = 1; UPDATE sqlite_master SET rootpage = {number}, sql = replace(sql, 'INTEGER', {value})",
)


def gzipped(inner: Mutator) -> Mutator:
    """Changes of a file that may be packed with gzip."""

    def mutated(data: bytes, size: int, rng: random.Random, mutate: Mutate) -> bytes:
        if not data.startswith(_GZIP):
            changed = inner(data, size, rng, mutate)
            return gzip.compress(changed, 1, mtime=0)[:size] if rng.random() < 0.01 else changed
        if rng.random() < 0.2:
            return mutate(data, size)
        try:
            whole = zlib.decompressobj(31).decompress(data, _MOST)
        except zlib.error:
            return mutate(data, size)
        packed = gzip.compress(inner(whole, size, rng, mutate), 1, mtime=0)
        return (packed + (data if rng.random() < 0.05 else b""))[:size]

    return mutated


def zip_of(inner: Mutator) -> Mutator:
    """Changes of a zip: of a member, of its name, of how it is packed, of the zip itself."""

    def mutated(data: bytes, size: int, rng: random.Random, mutate: Mutate) -> bytes:
        if rng.random() < 0.3:
            return mutate(data, size)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = [(info.filename, archive.open(info).read(_MOST)) for info in archive.infolist()[:20]]
        except _ZIP_ERRORS:
            return mutate(data, size)
        if members:
            name, feed = members.pop(rng.randrange(len(members)))
            if rng.random() < 0.1:
                name = mutate(name.encode("utf-8", "replace"), 100).decode("utf-8", "replace").replace("\0", "")
            members.insert(rng.randrange(len(members) + 1), (name, inner(feed, size, rng, mutate)))
        if not members or rng.random() < 0.1:
            members.append((f"{rng.randrange(9)}/feed.atom", b"<feed/>"))
        method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
        return zipped(members, method)[:size]

    return mutated


def sqlite(data: bytes, size: int, rng: random.Random, mutate: Mutate) -> bytes:
    """Change a database: the bytes of a page, the header, or what is stored, by a statement."""
    if rng.random() < 0.3:
        statement = rng.choice(_STATEMENTS).format(
            column=rng.choice(_COLUMNS), value=rng.choice(_VALUES), number=rng.randrange(1, 9)
        )
        try:
            return _executed(data, statement)[:size]
        except (sqlite3.Error, OverflowError, UnicodeError):
            pass
    page = int.from_bytes(data[16:18], "big") or 4_096
    start = rng.randrange(0, max(len(data), 1), max(page, 512))
    # The first bytes of a page say what it is, and where its cells are.
    end = start + (rng.choice((8, 20, 110)) if rng.random() < 0.5 else page)
    part = data[start:end]
    changed = mutate(part, max(len(part), 1))
    return (data[:start] + changed.ljust(len(part), b"\0")[: len(part)] + data[end:])[:size] or changed


def _executed(data: bytes, statement: str) -> bytes:
    looks = iter(range(1_000))
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(data)
        connection.set_progress_handler(lambda: next(looks, None) is None, 1_000)
        connection.execute("PRAGMA page_count")  # sees whether it is a database at all
        connection.executescript(statement)
        return connection.serialize()


def parquet_file(data: bytes, size: int, rng: random.Random, mutate: Mutate) -> bytes:
    """Change a Parquet file: any bytes, those of the description at its end, or everything, for another table."""
    which = rng.random()
    if which < 0.1:
        return _table(rng)[:size]
    length = int.from_bytes(data[-8:-4], "little")
    if which < 0.6 or not 0 < length <= len(data) - 12:
        return b"PAR1" + mutate(data[4:], max(size - 4, 1))
    footer = mutate(data[-8 - length : -8], max(size - len(data) + length, 1))
    return (data[: -8 - length] + footer + len(footer).to_bytes(4, "little") + b"PAR1")[:size]


def _table(rng: random.Random) -> bytes:
    """A table whose columns have types that a comment's fields do not have."""
    numbers = [rng.choice((None, 0, -1, 2**31, 2**62, 10)) for _ in range(rng.choice((0, 1, 3, 1_500)))]
    texts = [rng.choice((None, "", "Hello", "\ud7ff\ue000", "x" * 300)) for _ in numbers]
    types = (pa.int64(), pa.timestamp("ns"), pa.timestamp("s", "Mars/Base"), pa.time64("ns"), pa.duration("s"))
    columns = {
        "text": pa.array(texts, rng.choice((pa.string(), pa.binary(), pa.large_string(), pa.string_view()))),
        rng.choice(("id", "created_at", "parent", "status")): pa.array(numbers, rng.choice(types)),
        rng.choice(("thread_id", "author", "article", "text ")): pa.array(
            [rng.choice((None, *(row.get("author") for row in ROWS))) for _ in numbers],
            pa.struct({"name": pa.string(), rng.choice(("registered", "name2", "nested.")): pa.bool_()}),
        ),
    }
    try:
        return parquet(
            pa.table(columns), row_group_size=rng.choice((1, 2, 1_000)), compression=rng.choice(("none", "snappy"))
        )
    except (pa.ArrowException, OverflowError, ValueError):
        return parquet(pa.table({"text": texts}))
