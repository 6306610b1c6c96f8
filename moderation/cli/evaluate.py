"""`moderation evaluate`: how good a model is on threads it was not fitted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from moderation.cli import terminal
from moderation.errors import InputError
from moderation.examples import in_test
from moderation.model.card import ExampleSet
from moderation.model.evaluation import evaluate as measure
from moderation.model.recipe import try_without
from moderation.model.serving import load_named
from moderation.model.store import SERVING, StoredModel
from moderation.records import Example
from moderation.sources import corpus_sets, own_sets, seed_sets, templates

Measured = Mapping[str, Sequence[Example]]


def evaluate(
    model: Annotated[str, typer.Option(help="Name or folder of the model.")] = SERVING,
    examples: Annotated[
        list[Path] | None, typer.Option(help="Your own labelled comments, JSON lines, all of them measured on.")
    ] = None,
    corpora: Annotated[Path | None, typer.Option(help="Folder with published corpora, one sub-folder each.")] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write a page with plots and metrics.json into this folder.")
    ] = None,
    leave_out: Annotated[
        str | None, typer.Option(help="Fit a model without this thread instead, and print the scores of its comments.")
    ] = None,
) -> None:
    """Print precision, recall, average precision, ROC AUC and calibration error (ECE) for each label.

    Without --examples it measures on the held-out threads of the shipped examples (and of --corpora). A report has plots,
    the functional suite, what your own labels would buy, and the worst mistakes with the words that weighed.

    Example: moderation evaluate --model default
    """
    if leave_out is not None:
        if report is not None or examples:
            raise InputError("--leave-out goes with neither --report nor --examples")
        with terminal.steps(1) as begin:
            begin(f"fitting without the thread {leave_out}")
            left_out = try_without([*seed_sets(), *(corpus_sets(corpora) if corpora else [])], leave_out)
        terminal.print_lines([f"{left_out.thread}: scores by a model fitted without it"])
        terminal.print_scores([row.id.rsplit("#", 1)[-1] for row in left_out.examples], left_out.scores)
        return
    stored = load_named(model)
    own = own_sets(examples or [])
    shared = [] if own else [*seed_sets(), *(corpus_sets(corpora) if corpora else [])]
    measured = {
        part.name: part.examples if own else [row for row in part.examples if in_test(row)] for part in own or shared
    }
    if report is not None:
        _report(report, stored, measured, own, corpora)
        return
    with terminal.steps(len(measured)) as begin:
        found = []
        for name, rows in measured.items():
            begin(f"measuring on {name}")
            found.append((name, len(rows), measure(stored.pipeline, rows, stored.thresholds)))
    for name, count, metrics in found:
        if count:
            terminal.print_metrics(f"{name}: {count} comments{'' if own else ' of held-out threads'}", metrics)


def _report(folder: Path, model: StoredModel, measured: Measured, own: list[ExampleSet], corpora: Path | None) -> None:
    from moderation.report import find, write  # matplotlib is slow to import, and only a report needs it

    with terminal.steps(3) as begin:
        found = find(model, measured, [row for part in own for row in part.examples], templates(corpora), begin)
        begin("drawing")
        written = write(folder, found)
    for name, rows in found.sets.items():
        if any(row.judged for row in rows):
            terminal.print_metrics(f"{name}: {'all' if own else 'held-out'} comments", rows)
    terminal.print_rates(found.functional, found.obfuscation)
    terminal.print_fairness(found.fairness)
    terminal.print_lines([f"wrote {path}" for path in written])
