"""`moderation score`: an export, a saved page or comment records -> verdicts."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from moderation.batch import Job, Journal, Scored, check_format, score_all
from moderation.cli import terminal
from moderation.errors import ExportError, InputError
from moderation.model.store import SERVING
from moderation.threads.exports.places import Placed
from moderation.threads.exports.reading import Export, read_export

_PIECE = 1 << 20


def score(
    file: Annotated[
        str,
        typer.Argument(
            help="An export (WordPress, Blogger, Disqus, Isso, Remark42), a saved page, or JSONL/CSV/Parquet of comment "
            "records; - for standard input."
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A .jsonl, .csv or .parquet file; standard output without.")
    ] = None,
    model: Annotated[str, typer.Option(help="Name or folder of the model.", envvar="MODERATION_MODEL")] = SERVING,
    policy: Annotated[
        str, typer.Option(help="Name of a shipped policy, or a TOML file.", envvar="MODERATION_POLICY")
    ] = "barnet-eye",
    workers: Annotated[int, typer.Option(min=1, help="Processes that share the work.")] = 1,
    spans: Annotated[bool, typer.Option(help="Say which words weighed; without, it is faster.")] = True,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an unfinished run into the same output.")
    ] = False,
    recover: Annotated[
        bool, typer.Option("--recover", help="Pass over what is broken in the export, and list it.")
    ] = False,
) -> None:
    """Score the comments of an export, of a saved page or of a file of comment records.

    Without -o it prints a readable table on a terminal and JSON lines in a pipe. A broken export is scored up to where it
    breaks (exit code 3); with --recover also behind that. A run that was stopped goes on with --resume.

    Example: moderation score seeds/documents/000_37cefdc699f39b4b.txt -o scored.csv
    """
    if output is not None:
        check_format(output)
    elif resume:
        raise InputError("--resume goes on with an output file, expected -o OUT too")
    with _opened(file) as (path, name):
        export = read_export(path, recover, name)
        job = Job(model, policy, spans)
        try:
            if output is not None:
                made_from = {"export": f"{_digest(path)} {recover}", "model or policy": f"{job.digest} {spans}"}
                _write(export, job, workers, Journal(output, made_from, resume))
            else:
                _print(export, job, workers)
        except ExportError:
            _count(export, output)
            raise
        _count(export, output)


def _count(export: Export, output: Path | None) -> None:
    """Say what was skipped, and how it adds up."""
    counts = export.counts
    sys.stderr.writelines(f"skipped {terminal.one_line(line)}\n" for line in export.faults.listed)
    if counts.skipped or (output is not None and counts.read):
        sys.stderr.write(f"read {counts.read:,} = scored {counts.placed:,} + skipped {counts.skipped:,}\n")


def _write(export: Export, job: Job, workers: int, journal: Journal) -> None:
    """Score into a file. What stands before a fault of the export is written, and then the fault is an error."""
    fault: ExportError | None = None
    with journal:
        try:
            for chunk in _watched(export, score_all(export, job, workers, journal.rows), journal.rows):
                journal.add(chunk)
            if not journal.rows:
                raise _nothing(export)
        except ExportError as found:
            fault = found
        except KeyboardInterrupt:
            if journal.rows:
                sys.stderr.write(f"stopped after {journal.rows:,} comments; go on with --resume\n")
            raise
        if journal.rows:
            count = journal.finish()
            sys.stderr.write(f"scored {count:,} comments into {journal.output}\n")
    if fault is not None:
        raise fault


def _print(export: Export, job: Job, workers: int) -> None:
    if not terminal.on_terminal():
        for chunk in _watched(export, score_all(export, job, workers), 0):
            terminal.print_lines(chunk.lines.decode("utf-8").removesuffix("\n").split("\n"))
    else:
        texts: list[str] = []

        def seen() -> Iterator[Placed]:
            for one in export:
                texts.append(one.archived.comment.text)
                yield one

        lines = [
            line for chunk in _watched(export, score_all(seen(), job, workers), 0) for line in chunk.lines.splitlines()
        ]
        terminal.print_verdicts([json.loads(line) for line in lines], texts)
    if not export.counts.placed:
        raise _nothing(export)


def _watched(export: Export, chunks: Iterator[Scored], done: int) -> Iterator[Scored]:
    """The chunks behind a progress bar. How many there are is known when the first one comes."""

    def total() -> int:
        return export.counts.read - export.counts.skipped

    return terminal.progress(chunks, total, "scoring", lambda chunk: chunk.rows, done)


def _nothing(export: Export) -> InputError:
    return InputError(f"{export.faults.name}: has no comments to score")


@contextmanager
def _opened(file: str) -> Iterator[tuple[Path, str]]:
    """The file, and how errors call it; standard input is put into a file, as an export is read more than once."""
    if file != "-":
        yield Path(file), file
        return
    with tempfile.NamedTemporaryFile() as kept:
        while piece := sys.stdin.buffer.read(_PIECE):
            kept.write(piece)
        kept.flush()
        yield Path(kept.name), "standard input"


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as raw:
            return hashlib.file_digest(raw, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
