"""`moderation policy`: what policies do."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from moderation.batch import score_all
from moderation.cli import exports, replay_tables, terminal
from moderation.errors import ExportError, InputError
from moderation.files import write_text
from moderation.model.store import SERVING
from moderation.policy.reader import load_policy
from moderation.policy.rules import Policy
from moderation.replay import (
    Difference,
    Judging,
    Replay,
    Tally,
    parse_target,
    results_of,
    to_records,
    writing_differences,
)
from moderation.threads.exports.reading import read_export
from moderation.writers import check_format

app = typer.Typer(name="policy", help="Policies: what they would have done.", no_args_is_help=True)

Write = Callable[[Iterable[Difference]], None]


@app.command()
def replay(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="EXPORT...",
            help="Exports (WordPress, Blogger, Disqus, Isso, Remark42), or JSONL/CSV/Parquet of records with `status`.",
        ),
    ],
    policy: Annotated[
        list[str],
        typer.Option(help="Name of a shipped policy, or a TOML file; give it twice to see where two policies differ."),
    ],
    model: Annotated[str, typer.Option(help="Name or folder of the model.", envvar="MODERATION_MODEL")] = SERVING,
    workers: Annotated[int, typer.Option(min=1, help="Processes that share the work.")] = 1,
    target: Annotated[
        str, typer.Option(help="The share of good comments that may be rejected: 1 in 200, or 0.5%.")
    ] = "1 in 200",
    html: Annotated[Path | None, typer.Option(metavar="OUT.html", help="Write a page with plots.")] = None,
    differences: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT",
            help="A .jsonl, .csv or .parquet file for all comments on which the first two policies differ.",
        ),
    ] = None,
    recover: Annotated[
        bool, typer.Option("--recover", help="Pass over what is broken in an export, and list it.")
    ] = False,
) -> None:
    """Show what policies would have done with an archive, before one of them is switched on.

    It says how many comments each policy and each of its rules would have published, held and rejected, and how that agrees
    with what the owner did: approved comments were kept; spam, trash and deleted ones were removed; of held ones, and where
    the export states nothing, it is not known. It shows where two policies differ, and from which score on each label could
    reject without exceeding the target. On a terminal it prints tables, in a pipe one JSON object a line.

    Example: moderation policy replay seeds/documents/000_37cefdc699f39b4b.txt --policy barnet-eye --policy open
    """
    wanted = parse_target(target)
    found = _policies(policy)
    if differences is not None:
        check_format(differences)
        if len(found) == 1:
            raise InputError("--differences compares two policies, expected --policy twice")
    if html is not None and not html.parent.is_dir():
        raise InputError(f"{html}: cannot be written: no such file or directory")
    judging = Judging(model, list(found.values()))
    tally, fault = Tally(judging.policies), None
    with _into(differences) as write:
        try:
            for file in files:
                _count(file, recover, judging, workers, tally, write)
        except ExportError as broken:
            fault = broken
        if not tally.comments.any():
            raise fault or InputError(f"{files[0]}: has no comments to judge")
    stored = judging.model
    own = {name: one.at(stored.thresholds) for name, one in found.items()}
    results = results_of(tally, own, stored.name, wanted)
    _show(results)
    sys.stderr.writelines(f"{warning}\n" for warning in replay_tables.warnings(results))
    if html is not None:
        from moderation.report.replay_page import (
            render_replay,
        )  # matplotlib is slow to import, and only a page needs it

        write_text(html, render_replay(results))
        sys.stderr.write(f"wrote {html}\n")
    if differences is not None:
        count = sum(way.comments for way in results.differing)
        sys.stderr.write(
            f"wrote {count:,} of {results.comments:,} comments, on which the policies differ, into {differences}\n"
        )
    if fault is not None:
        raise fault


def _policies(names: Sequence[str]) -> dict[str, Policy]:
    """The policies by the names they are shown under: as given, without the folder where that is still plain."""
    if len(set(names)) != len(names):
        raise InputError(f"policy {max(names, key=names.count)!r} is given twice, expected different ones")
    short = [Path(name).name for name in names]
    plain = short if len(set(short)) == len(short) else names
    return {shown: load_policy(name) for shown, name in zip(plain, names, strict=True)}


def _count(file: Path, recover: bool, judging: Judging, workers: int, tally: Tally, write: Write) -> None:
    """Judge the comments of an export and count what becomes of them."""
    export = read_export(file, recover)

    def total() -> int:
        return export.counts.read - export.counts.skipped

    try:
        chunks = score_all(export, judging, workers)
        for judged in terminal.progress(chunks, total, f"replaying {file.name}", lambda chunk: len(chunk.statuses)):
            tally.add(judged)
            write(judged.differences)
    finally:
        exports.say_skipped(export, "judged", exports.FEW)


@contextmanager
def _into(differences: Path | None) -> Iterator[Write]:
    if differences is None:
        yield lambda found: None
    else:
        with writing_differences(differences) as write:
            yield write


def _show(results: Replay) -> None:
    if terminal.on_terminal():
        replay_tables.print_replay(results)
    else:
        terminal.print_lines(json.dumps(record, ensure_ascii=False) for record in to_records(results))
