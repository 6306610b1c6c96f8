"""The files that a command is given: standard input among them, none of them twice, each with its digest."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from moderation.errors import InputError

_STDIN = "-"
_PIECE = 1 << 20


@contextmanager
def opened(files: Sequence[str]) -> Iterator[list[tuple[Path, str]]]:
    """Give each file and how errors call it; standard input (`-`) is put into a file, as an export is read more than once.

    Raises:
        InputError: standard input stands beside files, or a file is there twice.
    """
    if _STDIN not in files:
        _check_different(files)
        yield [(Path(file), file) for file in files]
        return
    if len(files) > 1:
        raise InputError("- (standard input) stands beside other files, expected it alone")
    with tempfile.NamedTemporaryFile() as kept:
        while piece := sys.stdin.buffer.read(_PIECE):
            kept.write(piece)
        kept.flush()
        yield [(Path(kept.name), "standard input")]


def digests(files: Sequence[tuple[Path, str]]) -> dict[str, str]:
    """Return what tells these files, in this order, from any others: SHA-256 sums by name.

    Raises:
        InputError: a file cannot be read.
    """
    if len(files) == 1:
        return {"export": _digest(files[0][0])}
    sums = {f"export {name}": _digest(path) for path, name in files}
    return {**sums, "order of exports": " ".join(sums)}


def _check_different(files: Sequence[str]) -> None:
    seen: dict[tuple[int, int], str] = {}
    for file in files:
        try:
            found = Path(file).stat()
        except (OSError, ValueError):
            continue  # whoever reads it says why it cannot be read
        key = found.st_dev, found.st_ino
        if key in seen:
            same = "is given twice" if seen[key] == file else f"is the same file as {seen[key]}"
            raise InputError(f"{file}: {same}, expected each file once")
        seen[key] = file


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as raw:
            return hashlib.file_digest(raw, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
