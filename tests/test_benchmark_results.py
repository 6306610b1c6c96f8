"""What the speed benchmarks share: who is measured when, and the table."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest

from tests.benchmarks.results import Row, at_least, at_most, in_their_threads, in_turn, synthetic_texts, table


def test_ways_take_turns_in_coming_first():
    order = []
    ways = [lambda piece: order.append(("a", piece)), lambda piece: order.append(("b", piece))]
    times = in_turn(ways, [1, 2, 3], timed=lambda call: call() or 7.0)
    assert order == [("a", 1), ("b", 1), ("b", 2), ("a", 2), ("a", 3), ("b", 3)]
    assert times == [[7.0, 7.0, 7.0], [7.0, 7.0, 7.0]]


def test_the_table_says_what_was_asked_and_whether_it_holds():
    rows = [
        at_least("fast enough", "2/s", "1/s", 2.0, 2),
        at_least("too slow", "1/s", "2/s", 0.5, 1),
        at_most("memory", 1_023.9, "MiB", 1_024),
        at_most("too much", 3.0, "ms", 3),
        Row("nothing asked", "5 s"),
        Row("far behind", "20 ms", "0.02 ms", 0.001),
    ]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table(rows).split("\n")]
    assert lines[0] == ["what", "ours", "theirs", "times as fast", "asked", "holds"]
    assert [line[-1] for line in lines[2:]] == ["yes", "NO", "yes", "NO", "", ""]
    assert lines[2] == ["fast enough", "2/s", "1/s", "2.00", "at least 2 times", "yes"]
    assert lines[7][3] == "0.001"
    assert lines[4][1:5] == ["1,023.90 MiB", "", "", "under 1024 MiB"]


def test_rows_travel_from_process_to_process():
    rows = [at_least("a", "2/s", "1/s", np.float64(2), 2), at_most("b", np.float64(3), "ms", 3)]
    assert [Row(**json.loads(json.dumps(asdict(row)))) for row in rows] == rows


def test_no_text_comes_twice_with_another_seed():
    assert synthetic_texts(20) == synthetic_texts(20)
    long = {text for text in synthetic_texts(200) if len(text) > 40}
    assert len(long) > 100
    assert not long & set(synthetic_texts(200, seed=1))


@pytest.fixture(scope="module")
def threads():
    return in_their_threads(150, seed=1)


def test_comments_in_their_threads_have_what_they_answer(threads):
    assert len(threads) == 150
    assert all(comment.article and comment.article.text for comment in threads)
    texts = {comment.text for comment in threads}
    answers = [comment for comment in threads if comment.parent]
    assert len(answers) > 50
    assert all(comment.parent in texts for comment in answers)
