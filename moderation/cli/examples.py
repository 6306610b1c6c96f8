"""`moderation examples`: counts, checks, agreement and splits of the labelled set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from moderation.cli import terminal
from moderation.cli.corpora import Folder
from moderation.errors import InputError, RecordError, UnknownNameError
from moderation.examples import read_examples, read_judgements
from moderation.examples.agreement import agreement as agree
from moderation.examples.checks import faults, faults_of_labels
from moderation.examples.splits import fix, read_splits, write_splits
from moderation.examples.stats import SetCount, count
from moderation.labels import LABEL_NAMES
from moderation.sources import judged_corpora, label_files, own_judgements, own_sets, seed_sets

app = typer.Typer(name="examples", help="The labelled set: counts, checks, agreement, splits.", no_args_is_help=True)

Own = Annotated[list[Path] | None, typer.Option("--examples", help="Your own labelled comments, JSON lines.")]


@app.command()
def stats(corpora: Folder = None, examples: Own = None) -> None:
    """Print counts per label, corpus, context and split: of the shipped examples, of --examples and of --corpora.

    Without --corpora the labels for rows of published corpora are counted as far as that goes without their text.

    Example: moderation examples stats
    """
    counted = [count(part.name, part.examples) for part in [*seed_sets(), *own_sets(examples or [])]]
    if corpora is not None:
        for name, rows in judged_corpora(corpora).items():
            own = own_judgements(name)
            ours = [row for row in rows if row.provenance.by_guide]
            counted += [
                count(f"{name}, our labels", [row for row in ours if row.provenance.row in own]),
                count(f"{name}, copies of ours", [row for row in ours if row.provenance.row not in own]),
                count(f"{name}, its authors' labels", [row for row in rows if not row.provenance.by_guide]),
            ]
    for part in counted:
        if part.rows:
            _print_counts(part)
    if corpora is None:
        for path in label_files():
            _print_label_file(path)


@app.command()
def check(corpora: Folder = None, examples: Own = None) -> None:
    """Look for faults: duplicates across splits, labels that contradict, rows that are empty or cannot be read.

    Without --corpora the labels for rows of published corpora are checked as far as that goes without their text.
    Prints one line a fault and ends with exit code 1 if there is any.

    Example: moderation examples check
    """
    found: list[str] = []
    rows = [row for part in seed_sets() for row in part.examples]
    for file in examples or []:
        try:
            rows += read_examples(file)
        except (RecordError, UnknownNameError) as error:
            found.append(str(error))
    for path in label_files():
        found += faults_of_labels(str(path), read_judgements(path).values())
    for name, published in judged_corpora(corpora).items() if corpora is not None else ():
        missing = own_judgements(name).keys() - {row.provenance.row for row in published}
        found += [f"{name}: row {row} has labels but is not in the corpus" for row in sorted(missing)]
        rows += [row for row in published if row.labels]
    found += faults(rows)
    terminal.print_lines([*map(terminal.one_line, found), f"{len(rows):,} examples, {len(found):,} faults"])
    if found:
        raise typer.Exit(1)


@app.command()
def agreement(
    first: Annotated[Path, typer.Argument(metavar="FIRST", help="A label file, or a folder of them.")],
    second: Annotated[
        Path, typer.Argument(metavar="SECOND", help="Another reader's file or folder for the same rows.")
    ],
) -> None:
    """Print Cohen's kappa of two readers, label by label, over the rows that both judged.

    Example: moderation examples agreement seeds/labels/readings/first seeds/labels/readings/second
    """
    names = [""]
    if first.is_dir() and second.is_dir():
        names = sorted({path.name for path in first.glob("*.csv")} & {path.name for path in second.glob("*.csv")})
        if not names:
            raise InputError(f"{first} and {second}: have no label file of the same name")
    lines = [f"{'corpus':<20}{'label':<26}{'rows':>7}{'first':>7}{'second':>8}{'equal':>8}{'kappa':>8}"]
    for name in names:
        readers = [read_judgements(reader / name if name else reader) for reader in (first, second)]
        for row in agree(*readers):
            figures = "".join(f"{'-':>8}" if value is None else f"{value:>8.3f}" for value in (row.equal, row.kappa))
            title = Path(name).stem or first.stem
            lines.append(f"{title:<20}{row.label:<26}{row.rows:>7,}{row.first:>7,}{row.second:>8,}{figures}")
    terminal.print_lines(lines)


@app.command()
def splits(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file of splits, seeds/splits.csv; what it has already stays.")
    ],
    corpora: Folder = None,
    examples: Own = None,
) -> None:
    """Put the threads of new examples into the file of splits, near-duplicates together.

    For who extends the labelled set in a checkout: only seeds/splits.csv counts. An owner's threads fall by themselves.

    Example: moderation examples splits splits.csv
    """
    known = read_splits(file) if file.exists() else {}
    rows = [row for part in [*seed_sets(), *own_sets(examples or [])] for row in part.examples]
    listed = {row.thread for row in rows}
    for name, published in judged_corpora(corpora).items() if corpora is not None else ():
        own = own_judgements(name)
        listed |= {row.thread for row in published if row.provenance.row in own}
        rows += published
    fixed = fix(rows, listed, known)
    write_splits(file, fixed)
    terminal.print_lines([f"{file}: {len(fixed):,} names, {len(fixed.keys() - known.keys()):,} of them new"])


def _print_counts(part: SetCount) -> None:
    split = ", ".join(f"{name} {rows:,}" for name, rows in part.splits if rows)
    lines = [
        f"{part.name}: {part.rows:,} rows in {part.threads:,} threads ({split})",
        f"  with article {part.articles:,}, with parent {part.parents:,}, judged in full and none holds {part.none:,}",
        f"  {'label':<26}{'yes':>8}{'no':>9}{'unknown':>9}{'looks like':>12}{'hard share':>12}",
    ]
    for label in part.labels:
        share = "-" if not label.hard else f"{label.hard_share:.0%}"
        figures = f"{label.positive:>8,}{label.negative:>9,}{label.unknown:>9,}{label.hard:>12,}{share:>12}"
        lines.append(f"  {label.label:<26}{figures}")
    terminal.print_lines(lines)


def _print_label_file(path: Path) -> None:
    judged = list(read_judgements(path).values())
    twice, settled = sum((one.readings or 1) > 1 for one in judged), sum(bool(one.reason) for one in judged)
    lines = [
        f"labels/{path.name}: {len(judged):,} rows, {twice:,} of them read twice or more, {settled:,} settled with a reason"
    ]
    for name in LABEL_NAMES:
        values = [one.labels.get(name) for one in judged]
        lines.append(f"  {name:<26}{values.count(1):>8,} yes{values.count(0):>9,} no{values.count(None):>9,} unknown")
    terminal.print_lines(lines)
