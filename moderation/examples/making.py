"""Threads and comments of exports + labels -> Examples. A row is named after its place: `PAGE#NUMBER`, `FILE#ID`, or
`FILE#THREAD#ID` where the comment's thread is known.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from moderation.errors import RecordError
from moderation.examples.json_lines import OWN_LICENCE
from moderation.limits import MAX_URL_BYTES
from moderation.paths import seeds
from moderation.records import Comment, Example, Provenance, Thread
from moderation.threads.comment_records import comments_of_thread
from moderation.threads.exports.reading import Export, read_export, read_saved_page
from moderation.threads.situations import situations

DOCUMENTS = "documents"
OWNERS_LICENCE = "the owner's"

_FILE_NAME_BYTES = 256
"""As long as file systems allow, and a mark behind it."""

Labels = Mapping[str, Mapping[str, int]]


class ExampleFile:
    """A saved page, an export or a file of comment records, to be iterated once for its comments as examples without labels.

    Each comes with its status, what the owner's site made of it; saved pages state none. `export` has what was skipped.
    """

    def __init__(self, path: Path, recover: bool = False) -> None:
        """Find out what the file is.

        Raises:
            InputError: it cannot be opened, or begins like nothing that is known.
        """
        self._path = path
        self.export: Export = read_export(path, recover)

    def __iter__(self) -> Iterator[tuple[Example, str | None]]:
        """Yield examples and statuses, in the order of the file.

        Raises:
            ExportError: the export is broken from some byte on; all that came before it has been yielded.
            InputError: as `Export`, or it is no page.
            RecordError: two comments have the same row name.
        """
        if self.export.format != "page":
            yield from self._of_export()
            return
        thread = read_saved_page(self._path)
        shipped = self._path.resolve().parent == (seeds() / DOCUMENTS).resolve()
        for example in examples_of_thread(thread, {}, OWN_LICENCE if shipped else OWNERS_LICENCE):
            yield example, None

    def _of_export(self) -> Iterator[tuple[Example, str | None]]:
        # Numbers instead of names: an archive may have a million of them.
        seen: set[int] = set()
        for number, one in enumerate(self.export, start=1):
            comment = one.archived.comment
            row = _row(comment, self._path.name, number)
            if hash(row) in seen:
                raise RecordError(
                    f"{self._path}: id {row[:80]!r} stands twice, expected each id once in its thread", "id"
                )
            seen.add(hash(row))
            article = comment.article
            thread = comment.thread_id or (article and (article.url or article.title)) or row
            provenance = Provenance(self._path.stem, row, OWNERS_LICENCE)
            yield Example(row, _bounded(thread), one.situation, provenance), one.archived.status


def examples_of_file(path: Path, labels: Labels, recover: bool = False) -> list[Example]:
    """Return one example a comment of a saved page, an export or a file of comment records.

    `labels` has what was judged, by row. With `recover`, what is broken in an export is passed over.

    Raises:
        InputError: as `ExampleFile`.
    """
    return [with_labels(example, labels.get(example.id, {})) for example, _ in ExampleFile(path, recover)]


def with_labels(example: Example, labels: Mapping[str, int]) -> Example:
    """Return the example with these labels in place of its own."""
    return dataclasses.replace(example, labels=labels)


def examples_of_thread(thread: Thread, labels: Labels, licence: str = OWN_LICENCE) -> list[Example]:
    """Return one example a comment of a saved page; `labels` has what was judged, by row id `PAGE#NUMBER`."""
    comments = comments_of_thread(thread)
    rows = [f"{thread.source}#{comment.number}" for comment in thread.comments]
    return [
        Example(row, thread.source, situation, Provenance(DOCUMENTS, row, licence), labels.get(row, {}))
        for row, situation in zip(rows, situations(comments), strict=True)
    ]


def _row(comment: Comment, file: str, number: int) -> str:
    if comment.id is None:
        return f"{file}:{number}"
    parts = [*([comment.thread_id] if comment.thread_id else []), comment.id]
    return f"{file}#{_bounded('#'.join(parts), MAX_URL_BYTES - _FILE_NAME_BYTES)}"


def _bounded(name: str, limit: int = MAX_URL_BYTES) -> str:
    """A name no longer than an example's may be, or a digest in its place: ids in exports are as long as somebody likes."""
    raw = name.encode("utf-8")
    return name if len(raw) <= limit else hashlib.sha256(raw).hexdigest()
