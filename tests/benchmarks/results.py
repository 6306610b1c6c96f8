"""What every speed benchmark shares: rows of one table, one core, and times of two ways taken in turn."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from moderation.records import Comment
from moderation.threads.exports.reading import read_export
from tests.benchmarks import shapes
from tests.benchmarks.archive import write_archive
from tests.benchmarks.words import Words

HEADINGS = ("what", "ours", "theirs", "times as fast", "asked", "holds")


@dataclass(frozen=True)
class Row:
    """A line of the table. `ratio` is how many times as fast ours is, `holds` whether what was asked is reached."""

    what: str
    ours: str
    theirs: str = ""
    ratio: float | None = None
    asked: str = ""
    holds: bool | None = None


def at_least(what: str, ours: str, theirs: str, ratio: float, least: float) -> Row:
    """A line about a ratio of which so much was asked."""
    return Row(what, ours, theirs, float(ratio), f"at least {least:g} times", bool(ratio >= least))


def at_most(what: str, value: float, unit: str, most: float, theirs: str = "") -> Row:
    """A line about a figure that is to be under a limit."""
    return Row(what, f"{value:,.2f} {unit}", theirs, None, f"under {most:g} {unit}", bool(value < most))


def table(rows: Sequence[Row]) -> str:
    """Return the lines as a Markdown table."""
    cells = [
        (row.what, row.ours, row.theirs, "" if row.ratio is None else _times(row.ratio), row.asked,
         "" if row.holds is None else ("yes" if row.holds else "NO"))
        for row in rows
    ]  # fmt: skip
    widths = [max(map(len, column)) for column in zip(HEADINGS, *cells, strict=True)]
    lines = [HEADINGS, tuple("-" * width for width in widths), *cells]
    return "\n".join(f"| {' | '.join(map(str.ljust, line, widths))} |" for line in lines)


def _times(ratio: float) -> str:
    return f"{ratio:,.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def main(measure: Callable[[argparse.Namespace], Sequence[Row]], about: str, **options: dict[str, Any]) -> None:
    """Run a benchmark on its own: print its table, and write its rows where `--json` says."""
    parser = argparse.ArgumentParser(description=about.strip().split("\n")[0])
    parser.add_argument("--json", type=Path, help="write the rows here too")
    for name, option in options.items():
        parser.add_argument(f"--{name}", **option)
    asked = parser.parse_args()
    rows = measure(asked)
    print(table(rows))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")


def on_one_core() -> None:
    """Keep this process on one core, and the libraries under it to one thread."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    threadpool_limits(1)


def processor_seconds(function: Callable[[], object]) -> float:
    """Processor time of a call, over all threads: what else runs on the machine does not count."""
    started = time.process_time()
    function()
    return time.process_time() - started


def seconds(function: Callable[[], object]) -> float:
    """Time of a call by the clock."""
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def in_turn(
    ways: Sequence[Callable[[Any], object]],
    pieces: Sequence[Any],
    timed: Callable[[Callable[[], object]], float] = processor_seconds,
) -> list[list[float]]:
    """Times of each way on each piece; who comes first changes from piece to piece."""
    times: list[list[float]] = [[] for _ in ways]
    for turn, piece in enumerate(pieces):
        for number in np.roll(range(len(ways)), turn).tolist():
            times[number].append(timed(lambda number=number, piece=piece: ways[number](piece)))
    return times


def quantiles(times: Sequence[float]) -> tuple[float, float, float]:
    """Median, 95th and 99th percentile."""
    return statistics.median(times), float(np.quantile(times, 0.95)), float(np.quantile(times, 0.99))


def synthetic_texts(count: int, seed: int = 0) -> list[str]:
    """Comments with the lengths and new words of real ones; another seed gives other ones."""
    random = np.random.default_rng([17, seed])
    lengths = shapes.drawn(random, shapes.LEVELS, shapes.CHARACTERS, count)
    return [" ".join(text) for text in Words().take(random, lengths)]


def in_their_threads(count: int, seed: int) -> list[Comment]:
    """Comments of a synthetic export as they would be asked about: with parent and article."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xml"
        write_archive(path, count, seed)
        return [
            Comment(one.situation.text, id=one.archived.comment.id, author=one.archived.comment.author,
                    parent=one.situation.parent, parent_author=one.situation.parent_author, article=one.situation.article)
            for one in read_export(path)
        ]  # fmt: skip


def progress(message: str) -> None:
    """Say what is being done, apart from the results."""
    print(message, file=sys.stderr, flush=True)
