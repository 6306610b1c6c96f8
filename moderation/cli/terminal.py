"""What the command prints: plain lines in a pipe; colour, trees, tables and progress bars on a terminal."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from moderation.labels import LABEL_NAMES, LABELS
from moderation.model.card import figures
from moderation.model.fairness import Fairness
from moderation.records import Example, Thread

_Item = TypeVar("_Item")
_LABELLING_KEYS = (
    "p a d b s t: no, yes, cannot tell    Enter or 3: plain    2: doubtful    1: a coin could decide",
    "u: undo    k: skip for now    ?: the questions    q: stop (all is saved)",
)
# Comment text is hostile: escape sequences could rewrite the screen, bidirectional marks could reorder a line.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
COLOURS = {"publish": "green", "hold": "yellow", "reject": "red"}


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def prepare_output() -> None:
    """Make standard output take every character: UTF-8 in a pipe whatever the locale, a replacement on a terminal.

    File names that are no UTF-8 become lone surrogates; in a pipe they are escaped as JSON escapes them.
    """
    if not isinstance(sys.stdout, io.TextIOWrapper):
        return
    if on_terminal():
        sys.stdout.reconfigure(errors="replace")
    else:
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def safe(text: str | None) -> Text:
    """Return text that a terminal shows and never obeys."""
    return Text(_UNSAFE.sub("\ufffd", text or ""))


def one_line(text: str) -> str:
    """Return text with names from somebody's file in it as one line that a terminal shows and never obeys."""
    return _UNSAFE.sub("\ufffd", " ".join(text.split("\n")))


def print_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output."""
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()


def print_thread(thread: Thread) -> None:
    """Draw a thread: its article, its quotations, who may comment, its policy and the tree of comments."""
    article = thread.article
    root = Tree(safe(article.title or thread.source), guide_style="dim")
    root.add(Text(f"article: {len((article.text or '').split())} words, published {article.published_at or 'unknown'}"))
    for quotation in thread.quotations:
        handle = f" ({quotation.handle})" if quotation.handle else ""
        credit = ", ".join(filter(None, (f"{quotation.author or ''}{handle}", quotation.created_at)))
        root.add(Text("quotation: ") + safe(f"{credit}: " if credit else "") + safe(short(quotation.text)))
    if thread.who_may_comment:
        root.add(Text("who may comment: ") + safe(", ".join(thread.who_may_comment)))
    if thread.policy_text:
        root.add(Text("policy: ") + safe(thread.policy_text))
    branches: dict[str | None, Tree] = {None: root.add(Text(f"comments: {len(thread.comments)}"))}
    for comment in thread.comments:
        line = Text().append(f"{comment.number} ", style="bold")
        if comment.parent_missing:
            line += Text("[its parent is missing from the page] ", style="yellow")
        if comment.author and comment.author.name:
            line += safe(f"{comment.author.name}: ")
        branches[comment.id] = branches[comment.parent_id].add(line + safe(short(comment.text)))
    Console().print(root)


def print_verdicts(records: Sequence[dict[str, Any]], texts: Sequence[str]) -> None:
    """Print a readable table of scored records beside the texts of their comments."""
    table = Table(box=None, pad_edge=False, row_styles=["", "on grey7"])
    for heading in ("id", "decision", "scores suggest", "rules", "highest scores", "comment"):
        table.add_column(heading, overflow="fold", max_width=60 if heading == "comment" else None)
    for record, text in zip(records, texts, strict=True):
        scores = sorted(record["scores"].items(), key=lambda item: -(item[1] or 0))[:2]
        table.add_row(
            safe(record["id"] or "-"),
            Text(record["decision"], style=COLOURS[record["decision"]]),
            Text(record["suggestion"], style=COLOURS[record["suggestion"]]),
            safe(", ".join(rule["id"] for rule in record["rules"])),
            Text(", ".join(f"{label} {score or 0:.2f}" for label, score in scores)),
            safe(short(text)),
        )
    console = Console()
    console.print(table)
    quoted = {rule["id"]: rule["says"] for record in records for rule in record["rules"]}
    for rule_id, says in quoted.items():
        console.print(safe(f"{rule_id}: “{says}”"), style="dim")


def print_metrics(title: str, rows: Iterable[Any]) -> None:
    """Print the figures of each judged label."""
    held, rejected = ("hold", "precision", "recall"), ("reject", "precision", "recall")
    headings = ("judged", "positive", *held, *rejected, "AP", "ROC AUC", "ECE")
    print_lines([title, f"  {'label':<26}" + "".join(f"{heading:>11}" for heading in headings)])
    for row in rows:
        if row.judged:
            shown = "".join(f"{'-':>11}" if value is None else f"{value:>11.3f}" for value in figures(row))
            print_lines([f"  {row.label:<26}{row.judged:>11}{row.positive:>11}{shown}"])


def print_rates(rates: Mapping[str, float], obfuscation: float | None) -> None:
    """Print the share of cases of each functionality that were answered right."""
    print_lines(
        ["functional suite: share answered right", *(f"  {name:<26}{rate:>11.0%}" for name, rate in rates.items())]
    )
    if obfuscation is not None:
        print_lines([f"  obfuscated attacks are caught at {obfuscation:.0%} of the rate of their plain forms"])


def print_fairness(found: Mapping[str, Fairness]) -> None:
    """Print for each score how far naming an identity moves it."""
    for name, one in found.items():
        worst = min(one.terms, key=lambda term: min(term.bpsn, term.bnsp))
        within = f"BPSN and BNSP of {len(one.terms)} terms within {one.widest_gap:.3f} of it"
        lowest = f"lowest for {worst.term!r} ({worst.bpsn:.3f}, {worst.bnsp:.3f})"
        print_lines([f"fairness of {name}: ROC AUC {one.overall:.3f}; {within}, {lowest}"])


def print_scores(heads: Sequence[str], rows: Sequence[Sequence[float]]) -> None:
    """Print one line of label scores a comment."""
    print_lines([f"  {'comment':<12}" + "".join(f"{label:>25}" for label in LABEL_NAMES)])
    for head, scores in zip(heads, rows, strict=True):
        print_lines([f"  {head:<12}" + "".join(f"{score:>25.3f}" for score in scores)])


def print_labelling(
    example: Example,
    draft: Mapping[str, int | None],
    counted: tuple[int, int],
    keys: Mapping[str, str],
    help_shown: bool,
    note: str,
) -> None:
    """Show one comment to be labelled on an empty screen: where it stands, its draft labels, and what the keys do."""
    console = Console(highlight=False)
    console.clear()
    judged, total = counted
    console.print(Text(f"{judged:,} of {total:,} labelled ({judged / total:.0%})   ", style="dim") + safe(example.id))
    article, parent = example.situation.article, example.situation.parent
    if article is not None:
        console.print(Text("article  ", style="dim") + safe(short(article.title or "")))
        console.print(safe(short(article.text or "", 400)), style="dim")
    if parent is not None:
        console.print(Text("answers  ", style="dim") + safe(short(parent, 600)))
    console.print()
    console.print(safe(example.situation.text), style="bold")
    console.print()
    for key, label in keys.items():
        value = draft[label]
        shown = {1: Text("yes", style="bold green"), 0: Text("no", style="dim"), None: Text("?", style="yellow")}[value]
        question = Text(f"   {LABELS[label].question}" if help_shown else "", style="dim")
        console.print(Text(f" {key}  {label:<26}") + shown + question)
    console.print(safe(note), style="yellow")
    for line in _LABELLING_KEYS:
        console.print(line, style="dim")


def print_labelled(counted: tuple[int, int]) -> None:
    """Say on an empty screen that no comment is left, and what the keys do then."""
    console = Console(highlight=False)
    console.clear()
    console.print(f"No comment is left, {counted[0]:,} of {counted[1]:,} labelled.")
    console.print("u: undo    any other key: end (all is saved)", style="dim")


def progress(
    items: Iterable[_Item], total: Callable[[], int], title: str, size: Callable[[_Item], int], done: int = 0
) -> Iterator[_Item]:
    """Yield the items behind a progress bar with rate and time left; no bar where standard error is no terminal.

    `total` is asked when an item comes, `size` says for how much it counts; `done` was done before.
    """
    with _bar(_Rate(), TimeRemainingColumn()) as bar:
        task = bar.add_task("reading", total=None)
        for item in items:
            bar.update(task, description=title, total=total() - done, advance=size(item))
            yield item


class _Rate(ProgressColumn):
    """Things done a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "")


@contextmanager
def steps(count: int) -> Iterator[Any]:
    """Give a function to call with the name of each step of a long job; it moves a progress bar on a terminal."""
    with _bar() as bar:
        task = bar.add_task("reading", total=count)

        def begin(name: str) -> None:
            bar.update(task, description=name, advance=1)

        yield begin


def _bar(*more: ProgressColumn) -> Progress:
    # Not Rich's own guess, which follows FORCE_COLOR; nor its redirecting, which would send piped output to the terminal.
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        *more,
    )
    return Progress(
        *columns,
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        disable=not sys.stderr.isatty(),
    )


def short(text: str, width: int = 160) -> str:
    """Return a text on one line of at most so many characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= width else flat[: width - 1] + "…"
