"""An export on disk, packed with gzip or not -> its bytes."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from moderation.errors import InputError
from moderation.threads.exports.takeout import MAX_RATIO, MAX_UNPACKED_BYTES, RATIO_FREE_BYTES

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_GZIP = b"\x1f\x8b"
# Readers keep the last bytes of a piece back until more come: spaces push them out before the fault, and end no line.
_PUSH = b" " * 64


class PackingError(InputError):
    """Packed bytes are damaged or unpack to too many, behind a byte and a line of what was unpacked."""

    def __init__(self, reason: str, offset: int, line: int) -> None:
        """Keep the place for `Faults.broken`."""
        super().__init__(reason)
        self.offset = offset
        self.line = line


def is_packed(path: Path) -> bool:
    """Whether a file is packed with gzip.

    Raises:
        InputError: it cannot be opened, or is no plain file.
    """
    with _errors(path):
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise InputError(f"{path}: is {'a folder' if path.is_dir() else 'not a plain file'}, expected a file")
        with path.open("rb") as file:
            return file.read(2) == _GZIP


@contextmanager
def unpacked(path: Path) -> Iterator[BinaryIO]:
    """Give the bytes of a file, unpacked if it is packed with gzip.

    Raises:
        InputError: it cannot be opened or read.
        PackingError: from reading, behind everything that could be unpacked.
    """
    packed = is_packed(path)
    with _errors(path), path.open("rb") as file:
        if not packed:
            yield file
            return
        with gzip.GzipFile(fileobj=file, mode="rb") as inner:
            yield cast("BinaryIO", _Unpacked(inner, file))


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None


class _Unpacked(io.RawIOBase):
    """The bytes inside a gzip file, as far as they are sound and no more than the limits allow."""

    def __init__(self, inner: gzip.GzipFile, file: BinaryIO) -> None:
        self._inner, self._file = inner, file
        self._bytes = self._newlines = 0
        self._error: PackingError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Unpack at most as many bytes as fit.

        Raises:
            PackingError: the packed bytes are damaged, or unpack to too many.
        """
        view = memoryview(buffer).cast("B")
        if self._error is not None:
            raise self._error
        try:
            data = self._inner.read1(len(view))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            self._stop("are cut off" if isinstance(error, EOFError) else "are damaged")
            data = _PUSH[: len(view)]
        else:
            self._bytes += len(data)
            self._newlines += data.count(b"\n")
            if self._bytes > MAX_UNPACKED_BYTES:
                self._stop(f"are more than {MAX_UNPACKED_BYTES:,} when unpacked")
            elif self._bytes > max(RATIO_FREE_BYTES, self._file.tell() * MAX_RATIO):
                self._stop(f"are more than {MAX_RATIO:,} times as many when unpacked, expected text")
        view[: len(data)] = data
        return len(data)

    def _stop(self, what: str) -> None:
        self._error = PackingError(f"the packed bytes {what}", self._bytes, self._newlines + 1)
