"""`moderation train`: examples -> a model under models/NAME."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from moderation.cli import terminal
from moderation.model.recipe import build
from moderation.model.store import check_name, save
from moderation.paths import own_models
from moderation.sources import corpus_sets, own_sets, seed_sets


def train(
    name: Annotated[str, typer.Option(help="Name of the model; one of that name is replaced.")] = "mine",
    examples: Annotated[
        list[Path] | None, typer.Option(help="Your own labelled comments, JSON lines; may be given several times.")
    ] = None,
    corpora: Annotated[Path | None, typer.Option(help="Folder with published corpora, one sub-folder each.")] = None,
    seeds: Annotated[Path | None, typer.Option(help="Folder with other seeds than the shipped ones.")] = None,
    leave_out: Annotated[
        str | None, typer.Option(help="A thread on which a model fitted without it is tried first, for the card.")
    ] = None,
) -> None:
    """Fit a model on the shipped examples, your own, and published corpora, and save it under models/NAME.

    Threads of the test split are never trained on; the figures printed are measured on them.

    Example: moderation train --name mine --examples my-comments.jsonl
    """
    check_name(name)
    with terminal.steps(4 if leave_out else 3) as begin:
        sets = [*seed_sets(seeds), *own_sets(examples or []), *(corpus_sets(corpora) if corpora else [])]
        built = build(name, sets, leave_out, begin)
        begin("saving")
        folder = own_models() / name
        save(folder, built.pipeline, built.about, built.card)
    for source, rows in built.metrics.items():
        terminal.print_metrics(f"{source}: held-out threads", rows)
    terminal.print_lines([f"saved {folder}"])
