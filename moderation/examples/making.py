"""Threads and comment records + labels -> Examples. A row is named after its place: `PAGE#NUMBER`, `FILE#ID`, or
`FILE#THREAD#ID` where the record names its thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from moderation.errors import RecordError
from moderation.examples.json_lines import OWN_LICENCE
from moderation.paths import seeds
from moderation.records import Comment, Example, Provenance, Thread
from moderation.threads.comment_records import comments_of_thread
from moderation.threads.input import read_input
from moderation.threads.situations import situations
from moderation.threads.source import read_bytes

DOCUMENTS = "documents"
OWNERS_LICENCE = "the owner's"

Labels = Mapping[str, Mapping[str, int]]


def examples_of_file(path: Path, labels: Labels) -> list[Example]:
    """Return one example a comment of a saved page or of a file of comment records; `labels` has what was judged, by row.

    Raises:
        InputError: the file cannot be read, or is neither; the message says where.
        RecordError: two comments have the same row name.
    """
    found = read_input(read_bytes(path), str(path), path.name)
    if not isinstance(found, Thread):
        return examples_of_comments(found, path, labels)
    shipped = path.resolve().parent == (seeds() / DOCUMENTS).resolve()
    return examples_of_thread(found, labels, OWN_LICENCE if shipped else OWNERS_LICENCE)


def examples_of_thread(thread: Thread, labels: Labels, licence: str = OWN_LICENCE) -> list[Example]:
    """Return one example a comment of a saved page; `labels` has what was judged, by row id `PAGE#NUMBER`."""
    comments = comments_of_thread(thread)
    rows = [f"{thread.source}#{comment.number}" for comment in thread.comments]
    return [
        Example(row, thread.source, situation, Provenance(DOCUMENTS, row, licence), labels.get(row, {}))
        for row, situation in zip(rows, situations(comments), strict=True)
    ]


def examples_of_comments(comments: Sequence[Comment], path: Path, labels: Labels) -> list[Example]:
    """Return one example a comment record. A record without an id is named by its place in the file.

    Raises:
        RecordError: two records have the same name.
    """
    rows = [_row(comment, path.name, number) for number, comment in enumerate(comments, start=1)]
    row, times = Counter(rows).most_common(1)[0] if rows else ("", 1)
    if times > 1:
        raise RecordError(f"{path}: id {row[:80]!r} stands {times} times, expected each id once in its thread", "id")
    examples = []
    for row, comment, situation in zip(rows, comments, situations(comments), strict=True):
        article = comment.article
        thread = comment.thread_id or (article and (article.url or article.title)) or row
        provenance = Provenance(path.stem, row, OWNERS_LICENCE)
        examples.append(Example(row, thread, situation, provenance, labels.get(row, {})))
    return examples


def _row(comment: Comment, file: str, number: int) -> str:
    if comment.id is None:
        return f"{file}:{number}"
    return "#".join([file, *([comment.thread_id] if comment.thread_id else []), comment.id])
