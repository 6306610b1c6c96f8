"""`moderation models`: which models there are, what they are worth, and which one serves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from moderation.cli import terminal
from moderation.examples import in_test
from moderation.model import serving, store
from moderation.model.comparison import Comparison, compare
from moderation.model.functional import read_suite
from moderation.sources import own_sets, seed_sets

app = typer.Typer(name="models", help="Models: list, show, compare, promote, roll back.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="A model by name, or by the path of its folder.")]
Examples = Annotated[
    list[Path] | None,
    typer.Option("--examples", help="Your own labelled comments, JSON lines; may be given several times."),
]


@app.command("list")
def list_models() -> None:
    """List the models: when and from how much each was trained, its size, and which one serves.

    Example: moderation models list
    """
    made = serving.promotions()
    in_force = made[-1] if made else None
    lines = [f"  {'model':<24}{'trained':<12}{'rows':>9}{'bytes':>12}  from"]
    for name in store.names():
        about = store.read_about(store.find(name))
        rows = sum(part.get("rows", 0) for part in about.get("corpora", []))
        shipped = in_force is None and name == serving.SHIPPED
        mark = "*" if shipped or (in_force and about.get("sha256") == in_force.sha256) else " "
        size = about.get("bytes", 0)
        lines.append(
            f"{mark} {name:<24}{about.get('trained_at', '-'):<12}{rows:>9,}{size:>12,}  {about.get('from', '-')}"
        )
    lines.append(f"* serves: {in_force.model} since {in_force.at}" if in_force else "* serves: none was promoted")
    terminal.print_lines(lines)


@app.command()
def show(name: Name) -> None:
    """Print the card of a model: what it was made from, how good it is, what it is not good at.

    Example: moderation models show default
    """
    folder = store.find(name)
    store.read_about(folder)
    terminal.print_lines([store.read_card(folder).rstrip("\n")])


@app.command("compare")
def compare_models(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="The model to compare with.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The model that is compared.")],
    examples: Examples = None,
) -> None:
    """Compare two models: on held-out threads of your examples (of the shipped ones without), and on the functional suite.

    Example: moderation models compare default default
    """
    found = _compare(before, after, examples)
    terminal.print_metrics(f"{before}: {found.held_out} held-out comments", found.before)
    terminal.print_metrics(f"{after}: {found.held_out} held-out comments", found.after)
    lines = [f"functional suite{'':<14}{'before':>8}{'after':>8}"]
    lines += [f"  {name:<28}{old:>8.0%}{new:>8.0%}" for name, (old, new) in found.rates.items()]
    lines += [f"worse: {objection}" for objection in found.objections] or ["not worse"]
    terminal.print_lines(lines)


@app.command()
def promote(
    name: Name,
    examples: Examples = None,
    force: Annotated[
        bool, typer.Option("--force", help="Promote it even if it is worse; what it is worse in is recorded.")
    ] = False,
) -> None:
    """Let a model serve from now on, unless it is worse than the one that serves now. `moderation serve` must be restarted.

    Example: moderation models promote default
    """
    stored = store.load(name)
    found = _compare(store.SERVING, name, examples)
    terminal.print_lines([f"worse: {objection}" for objection in found.objections])
    serving.promote(stored, store.find(name), found.objections, force)
    terminal.print_lines([f"{stored.name} serves from now on"])


@app.command()
def rollback() -> None:
    """Let the model serve again that served before the last promotion.

    Example: moderation models rollback
    """
    before = serving.rollback()
    terminal.print_lines([f"{before.model if before else serving.SHIPPED} serves again"])


def _compare(before: str, after: str, examples: list[Path] | None) -> Comparison:
    sets = own_sets(examples) if examples else seed_sets()
    held_out = [row for part in sets for row in part.examples if in_test(row)]
    old, new = serving.load_named(before), serving.load_named(after)
    return compare(old.pipeline, new.pipeline, held_out, read_suite())
