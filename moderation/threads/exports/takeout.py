"""Google Takeout's zip -> the Blogger feeds in it, unpacked piece by piece as they are read.

A Takeout has one `Takeout/Blogger/Blogs/NAME/feed.atom` for each blog; `read_blogger` reads what is in it. A zip says of
itself how large it is and how it is packed: nothing of that is trusted.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from moderation.errors import InputError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_UNPACKED_BYTES = 20_000_000_000
"""All feeds of a zip together."""
MAX_RATIO = 1_000
"""Unpacked bytes to each packed one; text is packed to a fifth or a tenth."""
RATIO_FREE_BYTES = 10_000_000
"""Up to here any ratio will do: a short feed of one word a thousand times over is no bomb."""
MAX_DIRECTORY_BYTES = 200_000_000
"""The list of members, which is held in memory: two million photographs."""

# What `zipfile` raises for files made to break it; there is no one base for them.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    OverflowError,
    ValueError,
)


def open_takeout(path: Path) -> Iterator[tuple[str, BinaryIO]]:
    """Yield name and bytes of every `feed.atom` in a zip; a stream can be read until the next one is asked for.

    Raises:
        InputError: the file is missing or no zip, has no `feed.atom`, or has one that is encrypted, damaged or packed in an
            unusual way. Reading a stream raises it too: where the packed data are broken, or are a zip bomb.
    """
    try:
        file = _File(path)
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    with file:
        try:
            archive = zipfile.ZipFile(file)
        except _BROKEN:
            raise InputError(f"{path}: is no zip file, or is damaged or cut off, expected one from Takeout") from None
        with archive:
            # Not "ends in": a zip packed again on a Mac has an empty "._feed.atom" for each.
            members = [info for info in archive.infolist() if info.filename.rpartition("/")[2] == "feed.atom"]
            if not members:
                raise InputError(f"{path}: has no feed.atom, expected one for each Blogger blog of a Takeout")
            budget = _Budget(MAX_UNPACKED_BYTES)
            for info in members:
                with _opened(archive, info, path, budget) as member:
                    yield info.filename, cast("BinaryIO", member)


class _File(io.FileIO):
    """A zip on disk. The list of members is read in one piece, whose size the zip itself states."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_DIRECTORY_BYTES:
            raise zipfile.BadZipFile("the list of members is too large")
        return super().read(-1 if size is None else size) or b""


class _Budget:
    """Bytes that may still be unpacked: members of a zip may share their packed bytes, so they share this."""

    def __init__(self, left: int) -> None:
        self.left = left


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, budget: _Budget) -> _Member:
    shown = f"{path}: {info.filename[-200:]!r}"
    if info.flag_bits & 1:
        raise InputError(f"{shown} is encrypted, expected a zip without a password")
    # The other two methods cannot be stopped within a piece: a few bytes of theirs may unpack to gigabytes at once.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(f"{shown} is packed by method {info.compress_type}, expected deflate or none")
    try:
        stream = cast("zipfile.ZipExtFile", archive.open(info))
        packed = min(info.compress_size, path.stat().st_size)
    except _BROKEN:
        raise InputError(f"{shown} is damaged, expected what the zip's list of members says") from None
    return _Member(stream, shown, packed, budget)


class _Member(io.RawIOBase):
    """The unpacked bytes of a member, as far as they are sound and no more than the limits allow."""

    def __init__(self, stream: zipfile.ZipExtFile, shown: str, packed: int, budget: _Budget) -> None:
        self._stream, self._shown, self._budget = stream, shown, budget
        self._bytes = 0
        self._most = max(RATIO_FREE_BYTES, packed * MAX_RATIO)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Unpack at most as many bytes as fit.

        Raises:
            InputError: the packed bytes are broken, or unpack to too many.
        """
        view = memoryview(buffer).cast("B")
        try:
            data = self._stream.read1(len(view))
        except _BROKEN:
            raise InputError(f"{self._shown} is damaged or cut off behind byte {self._bytes:,}") from None
        self._bytes += len(data)
        self._budget.left -= len(data)
        if self._budget.left < 0:
            raise InputError(f"{self._shown} unpacks to too much, expected at most {MAX_UNPACKED_BYTES:,} bytes in all")
        if self._bytes > self._most:
            raise InputError(
                f"{self._shown} unpacks to more than {MAX_RATIO:,} times its size, expected a feed of text"
            )
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()
