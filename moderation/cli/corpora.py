"""`moderation corpora`: the published corpora that this project reads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from moderation.cli import terminal
from moderation.corpora.corpus import Corpus
from moderation.corpora.registry import CORPORA, check_corpus, read_corpus
from moderation.errors import InputError
from moderation.examples import judge
from moderation.examples.stats import SetCount, count
from moderation.labels import LABEL_NAMES
from moderation.sources import own_judgements

app = typer.Typer(name="corpora", help="The published corpora: what each says, and where it is.", no_args_is_help=True)

Folder = Annotated[
    Path | None,
    typer.Option("--corpora", envvar="MODERATION_CORPORA", help="Folder with published corpora, one sub-folder each."),
]


@app.command("list")
def list_corpora(corpora: Folder = None) -> None:
    """List every corpus: rows, rows labelled by this project, licence, what its annotation speaks about.

    A corpus that is not in the folder is named with where its authors publish it.

    Example: moderation corpora list
    """
    lines = [f"{'corpus':<18}{'rows':>9}{'own labels':>12}  {'licence':<39}speaks about"]
    missing = []
    for name, corpus in CORPORA.items():
        if corpora is not None and (corpora / name).is_dir():
            rows = f"{len(read_corpus(name, corpora)):,}"
        else:
            rows = "-"
            missing.append(f"{name} is not {_where(corpora)}; its authors publish it at {corpus.origin}")
        speaks = ", ".join(corpus.speaks_about) or "none of our labels"
        use = " (measuring only)" if corpus.measuring_only else ""
        lines.append(f"{name:<18}{rows:>9}{len(own_judgements(name)):>12,}  {corpus.licence:<39}{speaks}{use}")
    terminal.print_lines([*lines, *missing])


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A corpus, as `moderation corpora list` names it.")],
    corpora: Folder = None,
) -> None:
    """Show one corpus: licence, origin, digest, domain, context, which labels it does and does not speak about, counts.

    Example: moderation corpora show isca_2023
    """
    corpus = check_corpus(name)
    own = own_judgements(name)
    silent = [label for label in LABEL_NAMES if label not in corpus.speaks_about]
    lines = [
        f"{corpus.name}: {corpus.domain}",
        f"  licence          {corpus.licence}",
        f"  origin           {corpus.origin}",
        f"  files            {', '.join(corpus.files)}",
        f"  context          {', '.join(corpus.context) or 'none'}",
        f"  use              {'measuring only, never training' if corpus.measuring_only else 'training and measuring'}",
        f"  speaks about     {', '.join(corpus.speaks_about) or 'none of our labels'}",
        f"  silent about     {', '.join(silent) or 'nothing'}",
        f"  labelled by us   {len(own):,} rows",
    ]
    if corpora is None or not (corpora / name).is_dir():
        terminal.print_lines([*lines, f"  not {_where(corpora)}; its authors publish it at {corpus.origin}"])
        return
    rows = read_corpus(name, corpora)
    _check_rows(corpus, own.keys(), {row.provenance.row for row in rows})
    lines += [f"  SHA-256          {corpus.digest(corpora / name)}", f"  rows             {len(rows):,}"]
    lines += _counts("its authors' labels", count(name, rows))
    if own:
        lines += _counts("with ours in their place", count(name, judge(rows, own)))
    terminal.print_lines(lines)


def _counts(title: str, counted: SetCount) -> list[str]:
    head = f"  {title}: {counted.rows:,} rows judged in {counted.threads:,} threads"
    rows = [
        f"    {label.label:<26}{label.positive:>8,} yes{label.negative:>9,} no{label.unknown:>9,} unknown"
        for label in counted.labels
        if label.positive or label.negative
    ]
    return [head, *rows]


def _check_rows(corpus: Corpus, labelled: Iterable[str], present: set[str]) -> None:
    unknown = sorted(set(labelled) - present)
    if unknown:
        raise InputError(
            f"{corpus.name}: row {unknown[0]!r} has labels but is not in the corpus ({len(unknown)} such rows), expected "
            f"the files published at {corpus.origin}"
        )


def _where(folder: Path | None) -> str:
    return f"in {folder}" if folder is not None else "here (no --corpora folder given)"
