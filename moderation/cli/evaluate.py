"""`moderation evaluate`: how good a model is on threads it was not fitted on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from moderation.cli import terminal
from moderation.examples import in_test
from moderation.model.evaluation import evaluate as measure
from moderation.model.recipe import thresholds_of, try_without
from moderation.model.store import load
from moderation.sources import corpus_sets, own_sets, seed_sets


def evaluate(
    model: Annotated[str, typer.Option(help="Name or folder of the model.")] = "default",
    examples: Annotated[
        list[Path] | None, typer.Option(help="Your own labelled comments, JSON lines, all of them measured on.")
    ] = None,
    corpora: Annotated[Path | None, typer.Option(help="Folder with published corpora, one sub-folder each.")] = None,
    leave_out: Annotated[
        str | None, typer.Option(help="Fit a model without this thread instead, and print the scores of its comments.")
    ] = None,
) -> None:
    """Print precision, recall, average precision, ROC AUC and calibration error (ECE) for each label.

    Without --examples it measures on the held-out threads of the shipped examples (and of --corpora).

    Example: moderation evaluate --model default
    """
    if leave_out is not None:
        with terminal.steps(1) as begin:
            begin(f"fitting without the thread {leave_out}")
            left_out = try_without([*seed_sets(), *(corpus_sets(corpora) if corpora else [])], leave_out)
        terminal.print_lines([f"{left_out.thread}: scores by a model fitted without it"])
        terminal.print_scores([row.id.rsplit("#", 1)[-1] for row in left_out.examples], left_out.scores)
        return
    stored = load(model)
    own = own_sets(examples or [])
    shared = [] if own else [*seed_sets(), *(corpus_sets(corpora) if corpora else [])]
    with terminal.steps(len(own) + len(shared)) as begin:
        measured = []
        for part in (*own, *shared):
            begin(f"measuring on {part.name}")
            rows = part.examples if own else [row for row in part.examples if in_test(row)]
            measured.append((part.name, len(rows), measure(stored.pipeline, rows, thresholds_of(stored.pipeline))))
    for name, count, metrics in measured:
        if count:
            terminal.print_metrics(f"{name}: {count} comments{'' if own else ' of held-out threads'}", metrics)
