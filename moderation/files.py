"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from moderation.errors import InputError


def unwritable(path: Path, error: OSError) -> InputError:
    """Return the error that says why a file cannot be written."""
    return InputError(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}")


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write bytes to that takes the place of `path` when the block ends; on any failure `path` stays.

    Raises:
        InputError: the file cannot be written.
    """
    name = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        with os.fdopen(handle, "wb") as raw:
            yield raw
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise unwritable(path, error) from None
    finally:
        if name is not None:
            with suppress(FileNotFoundError):
                Path(name).unlink()


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 file whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    with replacing(path) as raw:
        # Lone surrogates stand for a file name that is no UTF-8; escaped, they are still valid JSON.
        raw.write(text.encode("utf-8", "backslashreplace"))
