"""A whole archive: a synthetic WordPress export -> Parquet with `moderation score`, time and memory from outside.

    python -m tests.benchmarks.whole_archive [--comments 10000 100000 1000000] [--workers 2]

The command runs as an owner would run it. Memory is that of its whole process tree at once, sampled: the sum of PSS (pages
that processes share count once) and of RSS (they count for each), in MiB. The rows that came out are counted and compared.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyarrow.parquet as pq

from tests.benchmarks import results
from tests.benchmarks.archive import Made, write_archive

SAMPLED = 0.2
"""Seconds between two looks at the memory."""
ASKED_MIB = 1_024
MIB = 2**20


@dataclass
class Memory:
    """The most memory that a process tree had at once, in bytes."""

    pss: int = 0
    rss: int = 0

    def look(self, root: psutil.Process) -> None:
        """Take one sample."""
        pss = rss = 0
        try:
            family = [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for process in family:
            try:
                found = process.memory_full_info()
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue  # ended between two looks
            # Only Linux knows PSS; RSS is never less.
            pss += getattr(found, "pss", found.rss)
            rss += found.rss
        self.pss, self.rss = max(self.pss, pss), max(self.rss, rss)


@dataclass(frozen=True)
class Run:
    """What a run of the command took."""

    seconds: float
    memory: Memory
    said: str


def run(command: list[str]) -> Run:
    """Run a command and watch its memory.

    Raises:
        RuntimeError: it failed.
    """
    memory, ended = Memory(), threading.Event()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        started = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log) as process:
            watcher = threading.Thread(target=_watch, args=(process.pid, memory, ended))
            watcher.start()
            code = process.wait()
            taken = time.perf_counter() - started
            ended.set()
            watcher.join()
        log.seek(0)
        said = log.read()
    if code:
        raise RuntimeError(f"{' '.join(command)} ended with {code}: {said[-2_000:]}")
    return Run(taken, memory, said)


def _watch(pid: int, memory: Memory, ended: threading.Event) -> None:
    try:
        root = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return
    while not ended.wait(SAMPLED):
        memory.look(root)


def check_rows(output: Path, said: str, made: Made) -> None:
    """Compare what came out with what went in.

    Raises:
        RuntimeError: a comment is missing, is there twice or has another place, or the counts do not add up.
    """
    found = pq.read_table(output, columns=["id"])["id"].to_pylist()
    if len(found) != made.comments or sorted(set(found), key=int) != found:
        raise RuntimeError(f"{output.name} has {len(found):,} rows, expected {made.comments:,}, each once and in order")
    counts = f"read {made.comments + made.pingbacks:,} = scored {made.comments:,} + skipped {made.pingbacks:,}"
    if counts not in said:
        raise RuntimeError(f"expected the command to say {counts!r}, found {said[-200:]!r}")


def measure_one(comments: int, workers: int, folder: Path, say: Callable[[str], None]) -> Run:
    """Make an export of so many comments and score it."""
    export, output = folder / f"{comments}.xml", folder / f"{comments}.parquet"
    say(f"archive: writing {comments:,} comments")
    made = write_archive(export, comments)
    say(f"archive: scoring them ({export.stat().st_size / MIB:,.0f} MiB)")
    tool = str(Path(sys.executable).parent / "moderation")
    found = run(
        [tool, "score", str(export), "-o", str(output), "--model", "default", "--no-spans", "--workers", str(workers)]
    )
    check_rows(output, found.said, made)
    export.unlink()
    output.unlink()
    return found


def measure(asked: argparse.Namespace) -> list[results.Row]:
    rows, runs = [], {}
    with tempfile.TemporaryDirectory() as folder:
        for comments in sorted(asked.comments):
            runs[comments] = found = measure_one(comments, asked.workers, Path(folder), results.progress)
            what = f"{comments:,} comments, WordPress to Parquet, {asked.workers} workers on {os.cpu_count()} cores"
            rate = f"{found.seconds:,.1f} s, {1e6 * found.seconds / comments:,.0f} µs each"
            rows.append(results.Row(what, rate))
            peak = found.memory.pss / MIB
            rows.append(results.at_most(f"{comments:,} comments, peak memory", peak, "MiB", ASKED_MIB))
            rows.append(results.Row(f"{comments:,} comments, the same as RSS", f"{found.memory.rss / MIB:,.0f} MiB"))
    least, most = min(runs), max(runs)
    if most > least:
        # What it costs to begin is in both: the time that each further comment takes is the slope between them.
        further = (runs[most].seconds - runs[least].seconds) / (most - least)
        rows.append(results.Row(f"each comment from {least:,} to {most:,}", f"{1e6 * further:,.0f} µs"))
        grown = (runs[most].memory.pss - runs[least].memory.pss) / MIB
        rows.append(results.Row(f"memory from {least:,} to {most:,}", f"{grown:+,.0f} MiB"))
    return rows


if __name__ == "__main__":
    sizes = {"type": int, "nargs": "+", "default": [10_000, 100_000], "metavar": "N"}
    results.main(measure, __doc__ or "", comments=sizes, workers={"type": int, "default": 2})
