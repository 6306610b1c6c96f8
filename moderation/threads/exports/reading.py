"""Exports of any known format -> their comments, each in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from moderation.errors import ExportError, InputError, ModerationError, PageError
from moderation.records import Archived, Heading, Thread
from moderation.threads.comment_records import comments_of_thread
from moderation.threads.exports.blogger import read_blogger
from moderation.threads.exports.comment_rows import read_rows_csv, read_rows_jsonl, read_rows_parquet
from moderation.threads.exports.disqus import read_disqus
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.formats import EXPECTED, format_of
from moderation.threads.exports.isso import read_isso, read_isso_json
from moderation.threads.exports.places import BROKEN, Counts, Part, Placed, Placing
from moderation.threads.exports.remark42 import read_remark42
from moderation.threads.exports.source import pieces
from moderation.threads.exports.takeout import open_takeout
from moderation.threads.exports.unpacking import PackingError, is_packed, unpacked
from moderation.threads.exports.wordpress import read_wordpress
from moderation.threads.exports.wordpress_rest import read_wordpress_rest
from moderation.threads.page import parse_page
from moderation.threads.source import MAX_PAGE_BYTES

Entries = Iterator[Archived | Heading]
_PAGE = "page"


class Export:
    """An export, to be iterated once for its comments in their places, in the order of the file.

    `format` is how it was read. `faults` has what could not be used, `counts` how many there were: both are final when the
    iteration has ended.
    """

    def __init__(self, path: Path, recover: bool, name: str) -> None:
        self.format, self._part = _part(path, recover, name)
        self.faults = self._part.faults

    @property
    def counts(self) -> Counts:
        """Records read, placed and skipped so far."""
        return self._part.counts

    def __iter__(self) -> Iterator[Placed]:
        """Yield what can be scored.

        Raises:
            ExportError: the export is broken from some byte on, and faults are not passed over. All that came before it has
                been yielded.
            InputError: it is not what its first bytes promised, cannot be read any more, or there is no room to sort it.
        """
        return iter(Placing([self._part], self.format in _OWN_RECORDS))


class Archive:
    """Several exports, to be iterated once, in the order in which they were given.

    Files of one format that follow each other are taken as parts of one export: parents and articles may stand in another
    of them. Saved pages never are: each is a thread of its own.
    """

    def __init__(self, files: Sequence[tuple[Path, str]], recover: bool) -> None:
        found = [_part(path, recover, name) for path, name in files]
        self.parts = [part for _, part in found]
        groups: list[tuple[str, list[Part]]] = []
        for kind, part in found:
            if groups and kind == groups[-1][0] != _PAGE:
                groups[-1][1].append(part)
            else:
                groups.append((kind, [part]))
        self._groups = [Placing(parts, kind in _OWN_RECORDS) for kind, parts in groups]

    @property
    def counts(self) -> Counts:
        """Records read, placed and skipped so far, in all files."""
        return sum((part.counts for part in self.parts), Counts(0, 0, 0))

    @property
    def errors(self) -> list[ModerationError]:
        """What is wrong with files that are broken, as far as they were read, in order."""
        return [part.error for part in self.parts if part.error is not None]

    def __iter__(self) -> Iterator[Placed]:
        """Yield what can be scored; a file that is broken ends at its fault (see `errors`), and the next one is read.

        Raises:
            InputError: a file is not what its first bytes promised, cannot be read any more, or there is no room to sort it.
        """
        for placing in self._groups:
            try:
                yield from placing
            except BROKEN:
                continue


def read_export(path: Path, recover: bool = False, name: str | None = None) -> Export:
    """Return the comments of an export, a file of comment records or a saved page, packed with gzip or not.

    With `recover`, what is broken is noted in the faults and reading goes on behind it where it can. `name` is how errors
    call the file.

    Raises:
        InputError: the file cannot be opened, or begins like nothing that is known.
    """
    return Export(path, recover, name or str(path))


def read_archive(files: Sequence[tuple[Path, str]], recover: bool = False) -> Archive:
    """Return the comments of several files, each with the name that errors call it by; see `read_export`.

    Raises:
        InputError: one of them cannot be opened, or begins like nothing that is known.
    """
    return Archive(files, recover)


def read_saved_page(path: Path, name: str | None = None) -> Thread:
    """Return the thread of a saved page, packed with gzip or not. `name` is how errors call the file.

    Raises:
        InputError: the file cannot be opened.
        ExportError: what is packed is damaged.
        PageError: it is not a page, is empty, binary, too large, or cut off in the middle.
    """
    faults = Faults(name or str(path))
    try:
        with unpacked(path) as stream:
            return _thread(stream, faults)
    except PackingError as error:
        faults.broken(error.offset, error.line, str(error))
        raise


def _part(path: Path, recover: bool, name: str) -> tuple[str, Part]:
    """The format of a file, and the file as a part of an export."""
    kind = format_of(path, name)
    faults = Faults(name, recover)
    return kind, Part(_READERS[kind](path, faults), faults)


def _of_stream(read: Callable[[BinaryIO, Faults], Entries]) -> Callable[[Path, Faults], Entries]:
    def entries(path: Path, faults: Faults) -> Entries:
        try:
            with unpacked(path) as stream:
                yield from read(stream, faults)
        except PackingError as error:
            faults.broken(error.offset, error.line, str(error))

    return entries


def _of_path(read: Callable[[Path, Faults], Entries]) -> Callable[[Path, Faults], Entries]:
    """A reader of files that are not read from front to back."""

    def entries(path: Path, faults: Faults) -> Entries:
        if is_packed(path):
            raise InputError(f"{path}: is a database, a table or a zip packed with gzip, expected it unpacked")
        yield from read(path, faults)

    return entries


def _read_takeout(path: Path, faults: Faults) -> Entries:
    for _, stream in open_takeout(path):
        try:
            yield from read_blogger(stream, faults)
        except InputError as error:
            if not faults.recover or isinstance(error, ExportError):
                raise
            faults.skip("one of its feeds", str(error).removeprefix(f"{path}: "))


def _read_page(stream: BinaryIO, faults: Faults) -> Entries:
    yield from map(Archived, comments_of_thread(_thread(stream, faults)))


def _thread(stream: BinaryIO, faults: Faults) -> Thread:
    raw = bytearray()
    for piece in pieces(stream):
        raw += piece
        if len(raw) > MAX_PAGE_BYTES:
            raise PageError(f"{faults.name}: is more than {MAX_PAGE_BYTES:,} bytes, expected {EXPECTED}")
    return parse_page(bytes(raw), Path(faults.name).name, faults.name)


_READERS: Mapping[str, Callable[[Path, Faults], Entries]] = {
    "wordpress": _of_stream(read_wordpress),
    "wordpress-rest": _of_stream(read_wordpress_rest),
    "blogger": _of_stream(read_blogger),
    "blogger-takeout": _of_path(_read_takeout),
    "disqus": _of_stream(read_disqus),
    "isso": _of_path(read_isso),
    "isso-json": _of_stream(read_isso_json),
    "remark42": _of_stream(read_remark42),
    "jsonl": _of_stream(read_rows_jsonl),
    "csv": _of_stream(read_rows_csv),
    "parquet": _of_path(read_rows_parquet),
    _PAGE: _of_stream(_read_page),
}
_OWN_RECORDS = ("jsonl", "csv", "parquet")
"""Formats of comment records, in which a parent may be the text itself."""
