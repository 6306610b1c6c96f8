"""`moderation train`: examples -> a model under models/NAME."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from moderation.cli import terminal
from moderation.errors import TrainingError
from moderation.examples import in_test
from moderation.model import serving
from moderation.model.comparison import compare
from moderation.model.functional import read_suite
from moderation.model.recipe import Built, build, build_adapted
from moderation.model.store import check_name, load, save
from moderation.paths import own_models
from moderation.sources import corpus_sets, own_sets, seed_sets, templates
from moderation.threads.tables import utf8_file


def train(
    name: Annotated[str, typer.Option(help="Name of the model; one of that name is replaced.")] = "mine",
    examples: Annotated[
        list[Path] | None, typer.Option(help="Your own labelled comments, JSON lines; may be given several times.")
    ] = None,
    from_model: Annotated[
        str | None, typer.Option(help="A model to adapt to your examples, and to put in force if it is not worse.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="With --from-model: put it in force even if it is worse.")
    ] = False,
    corpora: Annotated[Path | None, typer.Option(help="Folder with published corpora, one sub-folder each.")] = None,
    seeds: Annotated[Path | None, typer.Option(help="Folder with other seeds than the shipped ones.")] = None,
    leave_out: Annotated[
        str | None, typer.Option(help="A thread on which a model fitted without it is tried first, for the card.")
    ] = None,
    notes: Annotated[Path | None, typer.Option(help="Markdown to end the card with.")] = None,
) -> None:
    """Fit a model on the shipped examples, your own, and published corpora, and save it under models/NAME.

    With --from-model, a model is adapted to your examples in seconds instead, and serves from then on unless it is worse.
    Threads of the test split are never trained on; the figures printed are measured on them.

    Example: moderation train --name mine --examples my-comments.jsonl
    """
    check_name(name)
    if from_model is not None:
        _adapt(name, from_model, examples or [], force, [corpora, seeds, leave_out])
        return
    if force:
        raise TrainingError("--force goes with --from-model, which was not given")
    with terminal.steps(3) as begin:
        sets = [*seed_sets(seeds), *own_sets(examples or []), *(corpus_sets(corpora) if corpora else [])]
        built = build(name, sets, leave_out, templates(corpora), utf8_file(notes) if notes else "", begin)
        begin("saving")
        folder = own_models() / name
        save(folder, built.pipeline, built.about, built.card)
    _print(built, folder)


def _adapt(name: str, base: str, examples: list[Path], force: bool, others: list[object]) -> None:
    if not examples or any(others):
        raise TrainingError("--from-model goes with --examples, and with none of --corpora, --seeds and --leave-out")
    if name == serving.SHIPPED:
        raise TrainingError(f"model {name!r} is the shipped one, expected another --name for what is adapted from it")
    with terminal.steps(4) as begin:
        sets = own_sets(examples)
        model, in_force = serving.load_named(base), serving.load_serving()
        built = build_adapted(name, model, sets, begin)
        begin("comparing it with the model in force")
        held_out = [row for part in sets for row in part.examples if in_test(row)]
        found = compare(in_force.pipeline, built.pipeline, held_out, read_suite())
        begin("saving")
        built.about["compared"] = {"with": in_force.name, "held_out": found.held_out, "worse": list(found.objections)}
        folder = own_models() / name
        save(folder, built.pipeline, built.about, built.card)
    _print(built, folder)
    for label, row in built.about["learned"].items():
        taken = "too few" if row["before"] is None else "nothing" if row["strength"] is None else "learned"
        terminal.print_lines([f"{label:<26}{row['yes']:>6} yes{row['no']:>6} no   {taken}"])
    terminal.print_lines([f"worse: {objection}" for objection in found.objections])
    serving.promote(load(name), folder, found.objections, force)
    terminal.print_lines([f"{name} serves from now on; to go back: moderation models rollback"])


def _print(built: Built, folder: Path) -> None:
    for source, rows in built.metrics.items():
        terminal.print_metrics(f"{source}: held-out threads", rows)
    terminal.print_lines([f"saved {folder}"])
