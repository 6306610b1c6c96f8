"""The service under load by wrk on loopback, beside the same comments in process.

    python -m tests.benchmarks.http_load

`moderation serve` as an owner starts it, one process; wrk, from Debian's packages, is on the other core. Comments of a
synthetic export with parent and article, one a request and 50 a request, over one, two and eight connections. Times are by
the clock, as a client sees them. In process is `Moderator.score` of the same comments: in several rounds, each with comments
of its own, first in process and then over one connection. What the server adds is the difference of the medians of a
round; the median round counts.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from moderation import Comment, load_moderator
from moderation.errors import InputError
from tests.benchmarks import results
from tests.integration.serving import serving

SCRIPT = Path(__file__).with_suffix(".lua")
CONNECTIONS = (1, 2, 8)
BATCH = 50
COMMENTS = 8_000
ROUNDS = 4
WARMING = 400
SECONDS = 4
SECONDS_OF_BATCHES = 10
"""Batches are fewer a second, and percentiles need many."""
LEAST = 20
"""Requests of a round that are made in process, at least; as many as there are, up to a tenth of them."""
ASKED_MS = 3


@dataclass(frozen=True)
class Load:
    """What wrk found: requests in so many seconds, and when so many percent of them were answered, in ms."""

    requests: int
    seconds: float
    failed: int
    p50: float
    p95: float
    p99: float


def load(url: str, bodies: Path, connections: int, seconds: int = SECONDS) -> Load:
    """Send requests for so many seconds.

    Raises:
        InputError: wrk is not installed, or a request was not answered with 200.
    """
    if shutil.which("wrk") is None:
        raise InputError("wrk is not installed: run sh tests/benchmarks/install.sh")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(SCRIPT), url, "--"]
    said = subprocess.run([*command, str(bodies)], check=True, capture_output=True, text=True).stdout
    found = Load(**json.loads(said.split("\nFOUND ")[1]))
    if found.failed or not found.requests:
        raise InputError(f"{url}: {found.failed:,} of {found.requests:,} requests failed")
    return found


def body_of(comment: Comment) -> dict[str, Any]:
    """What a client sends: the fields that are known."""
    fields = asdict(comment)
    # The API does not take when an article was published.
    fields["article"] = {name: fields["article"][name] for name in ("title", "text", "url")}
    return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True)
class Kind:
    """A kind of request: the comments of each one, and what is sent for them, to a path."""

    name: str
    path: str
    pieces: Sequence[Sequence[Comment]]
    bodies: Sequence[dict[str, Any]]
    seconds: int


def kinds(comments: Sequence[Comment]) -> list[Kind]:
    """One comment a request, and a batch a request."""
    batches = [comments[start : start + BATCH] for start in range(0, len(comments), BATCH)]
    sent = [{"comments": [body_of(one) for one in batch]} for batch in batches]
    size = sum(len(json.dumps(body)) for body in sent) / len(sent) / 1_000
    return [
        Kind("one comment", "/v1/score", [[one] for one in comments], [body_of(one) for one in comments], SECONDS),
        Kind(f"{BATCH} comments ({size:,.0f} kB)", "/v1/score/batch", batches, sent, SECONDS_OF_BATCHES),
    ]


def measure(asked: argparse.Namespace) -> list[results.Row]:
    comments = results.in_their_threads(COMMENTS + WARMING, seed=3)
    warming, comments = comments[:WARMING], comments[WARMING:]
    moderator = load_moderator("default")
    command = [str(Path(sys.executable).parent / "moderation")]
    rows = []
    with tempfile.TemporaryDirectory() as folder, serving(command, "--model", "default") as server:
        bodies = Path(folder) / "bodies"
        for comment in warming:
            moderator.score([comment])
        _write(bodies, [body_of(one) for one in warming])
        load(f"{server.url}/v1/score", bodies, 1)
        for kind in kinds(comments):
            results.progress(f"HTTP: {kind.name}")
            rows += _kind(kind, f"{server.url}{kind.path}", bodies, moderator.score)
    return rows


def _kind(kind: Kind, url: str, bodies: Path, score: Callable[[Sequence[Comment]], object]) -> list[results.Row]:
    """The lines of one kind of request."""
    step = len(kind.pieces) // ROUNDS
    count = max(step // 10, LEAST)
    rounds = []
    for start in range(0, step * ROUNDS, step):
        own = [1_000 * results.seconds(lambda piece=piece: score(piece)) for piece in kind.pieces[start:][:count]]
        _write(bodies, kind.bodies[start : start + step])
        rounds.append((results.quantiles(own), load(url, bodies, 1, kind.seconds)))
    _write(bodies, kind.bodies)
    loads = {connections: load(url, bodies, connections, kind.seconds) for connections in CONNECTIONS[1:]}
    alone = [found for _, found in rounds]
    middle = sorted(alone, key=lambda found: found.p50)[len(alone) // 2]
    inside = [statistics.median(own[place] for own, _ in rounds) for place in range(3)]
    rows = [results.Row(f"{kind.name}, in process: p50, p95, p99", _shown(inside))]
    for connections, found in {1: middle, **loads}.items():
        what = f"{kind.name} a request, {connections} at once: requests/s; p50, p95, p99"
        times = _shown((found.p50, found.p95, found.p99))
        rows.append(results.Row(what, f"{found.requests / found.seconds:,.0f}/s; {times}"))
    added = [found.p50 - own[0] for own, found in rounds]
    spread = f"{min(added):.2f} to {max(added):.2f} ms"
    what = f"{kind.name}: the server adds at p50 (beside it: least and most of {len(added)} rounds)"
    return [*rows, results.at_most(what, statistics.median(added), "ms", ASKED_MS, spread)]


def _write(path: Path, bodies: Sequence[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(body) + "\n" for body in bodies), encoding="utf-8")


def _shown(times: Sequence[float]) -> str:
    return ", ".join(f"{one:,.2f}" for one in times) + " ms"


if __name__ == "__main__":
    results.main(measure, __doc__ or "")
