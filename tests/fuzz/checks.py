"""What must hold of a reader of files whatever bytes it is given: anything else is a finding."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from moderation.errors import ExportError, InputError
from moderation.records import Archived
from moderation.threads.exports.faults import MAX_LISTED
from moderation.threads.exports.places import Placed
from moderation.threads.exports.reading import Export, read_export

MAX_MESSAGE = 2_000
"""Characters of an error: a terminal shows it in a few lines."""


class FindingError(AssertionError):
    """Something that no reader may do."""


@dataclass(frozen=True)
class Reading:
    """What came of reading one file: the comments, the error that ended it, and the export if the file was of a kind."""

    found: list[Placed]
    error: InputError | None
    export: Export | None


def check_file(path: Path) -> None:
    """Read a file with and without `recover`, and see that what comes out is sound and that the two agree.

    Raises:
        FindingError: it is not, or they do not. Whatever else is raised is a finding too.
    """
    strict, recovering = read(path, recover=False), read(path, recover=True)
    # Of what is packed the places are those in the unpacked bytes.
    plain = path.read_bytes()[:2] not in (b"\x1f\x8b", b"PK")
    for reading in (strict, recovering):
        _check_error(reading.error, path.stat().st_size if plain else None)
        _check_counts(reading)
        for text in _strings(reading):
            _check_text(text)
    if recovering.error is not None and strict.error is None:
        raise FindingError("reading fails only with recover")
    ended = strict.error is not None
    _check_begins(_comments(recovering), _comments(strict), ended, "comments")
    if strict.export is not None and recovering.export is not None:
        _check_begins(recovering.export.faults.listed, strict.export.faults.listed, ended, "skipped records")


def read(path: Path, recover: bool) -> Reading:
    """Read a file to its end or to an error that is documented."""
    found: list[Placed] = []
    try:
        export = read_export(path, recover, "export")
    except InputError as error:
        return Reading(found, error, None)
    try:
        for one in export:
            found.append(one)  # noqa: PERF402 - what came before an error counts
    except InputError as error:
        return Reading(found, error, export)
    return Reading(found, None, export)


def _check_error(error: InputError | None, size: int | None) -> None:
    if isinstance(error, ExportError) and (
        error.offset < 0 or error.line < 1 or (size is not None and error.offset > size)
    ):
        raise FindingError(f"an error is at byte {error.offset} of {size}, line {error.line}")
    if error is not None:
        _check_message(str(error))


def _check_message(message: str) -> None:
    _check_text(message)
    if len(message.splitlines()) != 1 or len(message) > MAX_MESSAGE:
        raise FindingError(f"a message is not one line, or too long: {message[:200]!r}")


def _check_counts(reading: Reading) -> None:
    export = reading.export
    if export is None:
        return
    counts, faults = export.counts, export.faults
    sums = (counts.placed == len(reading.found), counts.read == counts.placed + counts.skipped)
    if not all(sums) or counts.skipped != faults.skipped or len(faults.listed) != min(faults.skipped, MAX_LISTED):
        raise FindingError(f"{len(reading.found)} comments, {faults.skipped} skipped, and the counts are {counts}")
    for message in faults.listed:
        _check_message(message)


def _strings(reading: Reading) -> Iterator[str | None]:
    """Every text of a comment that somebody is shown, or that is written to a file."""
    for one in reading.found:
        comment, article, place = one.archived.comment, one.archived.comment.article, one.situation
        yield from (comment.text, comment.id, comment.parent, comment.thread_id, comment.created_at)
        yield from (comment.author.name if comment.author else None, comment.parent_author, one.archived.status)
        yield from (place.text, place.parent, place.parent_author, *place.earlier, *place.names, *one.archived.hints)
        if article is not None:
            yield from (article.title, article.text, article.url, article.published_at)


def _check_text(text: str | None) -> None:
    if text is not None and ("\0" in text or text.encode("utf-8", "replace").decode() != text):
        raise FindingError(f"a text has a NUL or half a character: {text[:80]!a}")


def _comments(reading: Reading) -> list[Archived]:
    """The comments as they stand in the file: an article may come from behind the place where reading ended."""
    return [
        dataclasses.replace(one.archived, comment=dataclasses.replace(one.archived.comment, article=None))
        for one in reading.found
    ]


def _check_begins(whole: list[Archived] | list[str], start: list[Archived] | list[str], ended: bool, what: str) -> None:
    if whole[: len(start)] != start or (not ended and len(whole) != len(start)):
        raise FindingError(f"with recover the {what} before the first fault are others: {len(start)}, {len(whole)}")
