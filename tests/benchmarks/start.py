"""How long it takes to begin, and one comment of the seed thread beside the smallest thinkable reading of it.

    python -m tests.benchmarks.start

One comment in process: the seed comments with article and parent, one call each, against splitting the same comment's
text by a regular expression. Start of the service: from `moderation serve` to its first answer, against starting Python
and importing scikit-learn.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from moderation import load_moderator
from moderation.records import Comment
from moderation.threads.comment_records import comments_of_thread
from moderation.threads.page import read_page
from tests.benchmarks import results

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "seeds" / "documents" / "000_37cefdc699f39b4b.txt"
ROUNDS = 40
STARTS = 5


def seed_comments() -> list[results.Row]:
    moderator = load_moderator()
    thread = read_page(PAGE)
    texts = {comment.id: comment.text for comment in thread.comments}
    comments = [
        Comment(comment.text, parent=texts.get(comment.parent), article=comment.article)
        for comment in comments_of_thread(thread)
    ]
    words = re.compile(r"\w+")
    moderator.score(comments)
    pieces = [comment for _ in range(ROUNDS) for comment in comments]
    ways = [lambda comment: moderator.score([comment]), lambda comment: words.findall(comment.text)]
    scored, split = results.in_turn(ways, pieces, results.seconds)
    batch = [results.seconds(lambda: moderator.score(comments * 8)) for _ in range(5)]
    middle, late, _ = results.quantiles(scored)
    ratio = statistics.median(split) / middle
    return [
        results.Row("a seed comment, median (theirs: splitting it into words)", f"{1_000 * middle:.2f} ms",
                    f"{1_000 * statistics.median(split):.3f} ms", ratio),
        results.Row("a seed comment, 95th percentile", f"{1_000 * late:.2f} ms"),
        results.Row("a seed comment in a batch", f"{1_000 * statistics.median(batch) / (8 * len(comments)):.2f} ms"),
    ]  # fmt: skip


def first_answer() -> float:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    body = json.dumps({"text": "You are wrong about the bins."}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/score", body, {"Content-Type": "application/json"})
    command = [str(Path(sys.executable).parent / "moderation"), "serve", "--port", str(port)]
    started = time.perf_counter()
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            while time.perf_counter() - started < 60:
                try:
                    with urllib.request.urlopen(request) as answer:
                        answer.read()
                        return time.perf_counter() - started
                except OSError:
                    time.sleep(0.01)
            raise TimeoutError("the service did not answer within a minute")
        finally:
            server.terminate()


def importing() -> float:
    command = [sys.executable, "-c", "import sklearn.linear_model"]
    return results.seconds(lambda: subprocess.run(command, check=True))


def measure(asked: argparse.Namespace) -> list[results.Row]:
    results.progress("start of the service")
    rows = seed_comments()
    starts, imports = (statistics.median(one() for _ in range(STARTS)) for one in (first_answer, importing))
    what = "serve: start to first answer (theirs: importing scikit-learn)"
    return [*rows, results.Row(what, f"{starts:.2f} s", f"{imports:.2f} s", imports / starts)]


if __name__ == "__main__":
    results.main(measure, __doc__ or "")
