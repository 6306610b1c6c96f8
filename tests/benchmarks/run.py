"""How fast it is: `make bench`. Ratios in one run on one machine; nothing here is asserted.

    python -m tests.benchmarks.run [--corpora FOLDER] [--comments N ...] [--only NAME ...]

Each benchmark is a module of its own and runs in a process of its own, one after the other; this puts their lines into one
table.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import results

BENCHMARKS = ("throughput", "bert", "single", "http_load", "whole_archive", "start")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""For what runs on one core; the service and the command are run as an owner runs them."""
ON_ONE_CORE = ("throughput", "single")


def rows_of(name: str, options: list[str]) -> list[results.Row]:
    """Run a benchmark and return its lines."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "rows.json"
        command = [sys.executable, "-m", f"tests.benchmarks.{name}", "--json", str(found), *options]
        settings = ONE_THREAD if name in ON_ONE_CORE else {}
        # Its own table is shown as soon as it is there: a run that is stopped has said something.
        subprocess.run(command, check=True, stdout=sys.stderr, env={**os.environ, **settings})
        return [results.Row(**row) for row in json.loads(found.read_text(encoding="utf-8"))]


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast it is, as one table.")
    parser.add_argument("--corpora", type=Path, help="folder with the published corpora, for held-out rows")
    parser.add_argument("--comments", type=int, nargs="+", default=[10_000, 100_000], help="sizes of archives")
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, default=BENCHMARKS, help="only these benchmarks")
    asked = parser.parse_args()
    options = {"whole_archive": ["--comments", *map(str, asked.comments)]}
    if asked.corpora and asked.corpora.is_dir():
        options["throughput"] = ["--corpora", str(asked.corpora)]
    rows = [row for name in asked.only for row in rows_of(name, options.get(name, []))]
    print(results.table(rows))


if __name__ == "__main__":
    main()
