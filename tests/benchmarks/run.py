"""How fast it is: `make bench`. Ratios in one run on one machine; nothing here is asserted.

One comment in process: the seed comments with article and parent, one call each, against splitting the same comment's
text by a regular expression as the smallest thinkable reading of it. Start of the service: from `moderation serve` to
its first answer, against starting Python and importing scikit-learn.
"""

from __future__ import annotations

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

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "seeds" / "documents" / "000_37cefdc699f39b4b.txt"
ROUNDS = 40
STARTS = 5


def milliseconds(function, *arguments):
    started = time.perf_counter()
    function(*arguments)
    return 1000 * (time.perf_counter() - started)


def in_process():
    moderator = load_moderator()
    thread = read_page(PAGE)
    texts = {comment.id: comment.text for comment in thread.comments}
    comments = [
        Comment(comment.text, parent=texts.get(comment.parent), article=comment.article)
        for comment in comments_of_thread(thread)
    ]
    baseline = re.compile(r"\w+")
    moderator.score(comments)
    scored, split = [], []
    for _ in range(ROUNDS):
        for comment in comments:
            scored.append(milliseconds(moderator.score, [comment]))
            split.append(milliseconds(baseline.findall, comment.text))
    batch = [milliseconds(moderator.score, comments * 8) for _ in range(5)]
    return {
        "one comment, median ms": statistics.median(scored),
        "one comment, 95th percentile ms": statistics.quantiles(scored, n=20)[-1],
        "ratio to splitting it into words": statistics.median(scored) / statistics.median(split),
        "in a batch, ms a comment": statistics.median(batch) / (8 * len(comments)),
    }


def first_answer():
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


def importing():
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import sklearn.linear_model"], check=True)
    return time.perf_counter() - started


def main():
    figures = in_process()
    starts = statistics.median(first_answer() for _ in range(STARTS))
    imports = statistics.median(importing() for _ in range(STARTS))
    figures["serve: start to first answer, median s"] = starts
    figures["ratio to importing scikit-learn"] = starts / imports
    for name, value in figures.items():
        sys.stdout.write(f"{name:<42}{value:>10.2f}\n")


if __name__ == "__main__":
    main()
