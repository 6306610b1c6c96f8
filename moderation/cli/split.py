"""`moderation split`: threads + labels -> examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from moderation.cli import terminal
from moderation.errors import InputError
from moderation.examples import example_to_dict, examples_of_file, read_labels
from moderation.files import write_text


def split(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Saved pages, or JSONL/CSV of comment records.")
    ],
    labels: Annotated[
        Path | None, typer.Option(help="Label file, as `moderation label` writes it: a column `row`, a column a label.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write; standard output without.")
    ] = None,
) -> None:
    """Write one example a comment and line: text, context, provenance and labels; a label not judged is null.

    Example: moderation split seeds/documents/000_37cefdc699f39b4b.txt --labels seeds/labels/documents.csv
    """
    judged = read_labels(labels) if labels else {}
    if len({file.name for file in files}) != len(files):
        raise InputError(
            "two of the files have the same name, expected different ones: rows are named after their file"
        )
    examples = [example for file in files for example in examples_of_file(file, judged)]
    unused = sorted(judged.keys() - {example.id for example in examples})
    if unused:
        raise InputError(f"{labels}: row {unused[0]!r} is no comment of the files given ({len(unused)} such rows)")
    lines = [json.dumps(example_to_dict(example), ensure_ascii=False) for example in examples]
    if output is None:
        terminal.print_lines(lines)
    else:
        write_text(output, "".join(f"{line}\n" for line in lines))
