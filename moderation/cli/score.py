"""`moderation score`: exports, saved pages or comment records -> verdicts."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from moderation.batch import Job, Journal, Scored, connected, score_all
from moderation.cli import exports, inputs, terminal
from moderation.errors import ExportError, InputError, ModerationError
from moderation.model.store import SERVING
from moderation.threads.exports.places import Placed
from moderation.threads.exports.reading import Archive, read_archive
from moderation.writers import check_format

Scoring = Callable[..., Iterator[Scored]]


def score(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Exports (WordPress, Blogger, Disqus, Isso, Remark42), saved pages, or JSONL/CSV/Parquet of comment "
            "records; - for standard input. Files given together are parts of one archive.",
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
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="tcp://HOST:PORT", help="A Dask scheduler whose workers share the work, in place of --workers."
        ),
    ] = None,
    spans: Annotated[bool, typer.Option(help="Say which words weighed; without, it is faster.")] = True,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an unfinished run into the same output.")
    ] = False,
    recover: Annotated[
        bool, typer.Option("--recover", help="Pass over what is broken in an export, and list it.")
    ] = False,
) -> None:
    """Score the comments of exports, of saved pages or of files of comment records, in the order given.

    Without -o it prints a readable table on a terminal and JSON lines in a pipe. A broken export is scored up to where it
    breaks (exit code 3); with --recover also behind that. A run that was stopped goes on with --resume.

    Whoever reaches a Dask scheduler can run programs on its cluster: keep it in a private network.

    Example: moderation score seeds/documents/000_37cefdc699f39b4b.txt -o scored.csv
    """
    if output is not None:
        check_format(output)
    elif resume:
        raise InputError("--resume goes on with an output file, expected -o OUT too")
    if cluster is not None and workers > 1:
        raise InputError("--cluster has workers of its own, expected it without --workers")
    with inputs.opened(files) as given, ExitStack() as stack:
        archive = read_archive(given, recover)
        job = Job(model, policy, spans)
        workplace = stack.enter_context(connected(cluster)) if cluster is not None else None
        scoring = partial(score_all, job=job, workers=workers, cluster=workplace)
        if output is not None:
            made_from = inputs.digests(given)
            made_from |= {"choice of --recover": str(recover), "model or policy": f"{job.digest} {spans}"}
            count = _write(archive, scoring, Journal(output, made_from, resume))
        else:
            count = _print(archive, scoring)
        _sum_up(archive, output)
        if not count and not archive.errors:
            raise _nothing(archive)
        _fail(archive.errors)


def _sum_up(archive: Archive, output: Path | None) -> None:
    """Say what was skipped, and how it adds up."""
    for part in archive.parts:
        sys.stderr.writelines(f"skipped {terminal.one_line(line)}\n" for line in part.faults.listed)
    counts = archive.counts
    if counts.skipped or (output is not None and counts.read):
        if len(archive.parts) > 1:
            sys.stderr.writelines(
                f"{terminal.one_line(part.faults.name)}: {exports.added_up(part.counts, 'scored')}\n"
                for part in archive.parts
            )
        sys.stderr.write(f"{exports.added_up(counts, 'scored')}\n")


def _fail(errors: list[ModerationError]) -> None:
    """End with what is wrong with the files, one line each; a broken export decides on the exit code."""
    if not errors:
        return
    decisive = next((error for error in errors if isinstance(error, ExportError)), errors[0])
    sys.stderr.writelines(f"moderation: {error}\n" for error in errors if error is not decisive)
    raise decisive


def _write(archive: Archive, scoring: Scoring, journal: Journal) -> int:
    """Score into a file, and return how many comments are in it. What stands before a fault of a file is written too."""
    with journal:
        try:
            for chunk in _watched(archive, scoring(archive, skip=journal.rows), journal.rows):
                journal.add(chunk)
        except (KeyboardInterrupt, ModerationError):
            if journal.rows:
                sys.stderr.write(f"stopped after {journal.rows:,} comments; go on with --resume\n")
            raise
        if journal.rows:
            count = journal.finish()
            sys.stderr.write(f"scored {count:,} comments into {journal.output}\n")
    return journal.rows


def _print(archive: Archive, scoring: Scoring) -> int:
    """Score to standard output, and return how many comments that were."""
    if not terminal.on_terminal():
        for chunk in _watched(archive, scoring(archive), 0):
            terminal.print_lines(chunk.lines.decode("utf-8").removesuffix("\n").split("\n"))
    else:
        texts: list[str] = []

        def seen() -> Iterator[Placed]:
            for one in archive:
                texts.append(one.archived.comment.text)
                yield one

        lines = [line for chunk in _watched(archive, scoring(seen()), 0) for line in chunk.lines.splitlines()]
        terminal.print_verdicts([json.loads(line) for line in lines], texts)
    return archive.counts.placed


def _watched(archive: Archive, chunks: Iterator[Scored], done: int) -> Iterator[Scored]:
    """The chunks behind a progress bar. How many there are is known when the first one comes."""

    def total() -> int:
        counts = archive.counts
        return counts.read - counts.skipped

    return terminal.progress(chunks, total, "scoring", lambda chunk: chunk.rows, done)


def _nothing(archive: Archive) -> InputError:
    names = [part.faults.name for part in archive.parts]
    others = f" and {len(names) - 1:,} more: have" if len(names) > 1 else ": has"
    return InputError(f"{names[0]}{others} no comments to score")
