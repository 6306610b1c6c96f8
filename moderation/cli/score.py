"""`moderation score`: a saved page or comment records -> verdicts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from moderation.batch import check_format, score_all, write_records
from moderation.cli import terminal
from moderation.errors import InputError
from moderation.model.store import SERVING
from moderation.moderator import load_moderator
from moderation.threads.input import read_comments
from moderation.threads.source import read_bytes


def score(
    file: Annotated[str, typer.Argument(help="A saved page, or JSONL/CSV of comment records; - for standard input.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A .jsonl, .csv or .parquet file; standard output without.")
    ] = None,
    model: Annotated[str, typer.Option(help="Name or folder of the model.", envvar="MODERATION_MODEL")] = SERVING,
    policy: Annotated[
        str, typer.Option(help="Name of a shipped policy, or a TOML file.", envvar="MODERATION_POLICY")
    ] = "barnet-eye",
) -> None:
    """Score the comments of a saved page or of a file of comment records.

    Without -o it prints a readable table on a terminal and JSON lines in a pipe.

    Example: moderation score seeds/documents/000_37cefdc699f39b4b.txt -o scored.csv
    """
    if output is not None:
        check_format(output)
    name = "standard input" if file == "-" else file
    raw = sys.stdin.buffer.read() if file == "-" else read_bytes(Path(file))
    comments = read_comments(raw, name)
    if not comments:
        raise InputError(f"{name}: has no comments to score")
    moderator = load_moderator(model, policy)
    records = terminal.progress(score_all(moderator, comments), len(comments), "scoring")
    if output is not None:
        count = write_records(output, records)
        sys.stderr.write(f"scored {count} comments into {output}\n")
    elif terminal.on_terminal():
        terminal.print_verdicts(list(records), [comment.text for comment in comments])
    else:
        terminal.print_lines(json.dumps(record, ensure_ascii=False) for record in records)
