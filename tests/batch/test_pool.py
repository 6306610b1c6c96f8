"""Chunks shared among processes."""

from __future__ import annotations

import os
import signal

import pytest

from moderation.batch import pool
from moderation.batch.pool import processes, share
from moderation.errors import WorkerError
from tests.batch.test_scoring import many, named


def chunks(count: int):
    return iter([[one] for one in many(count)])


def dies(chunk):
    """A job that the system ends, as it does where memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_lost_process_is_one_error():
    with pytest.raises(WorkerError, match="a worker process ended before its work was done"):
        list(share(processes(2), 2, dies, chunks(5)))
    assert len(list(share(processes(2), 2, named, chunks(5)))) == 5, "the next pool works"


def test_no_more_is_read_than_is_taken_and_a_few():
    waiting = pool._Waiting(chunks(7), 3)
    assert len(list(waiting)) == 3
    assert list(waiting) == []
    waiting.taken += 2
    assert len(list(waiting)) == 2
    assert not waiting.ended
    waiting.taken += 3
    assert len(list(waiting)) == 2
    assert waiting.ended


@pytest.mark.parametrize("most", [1, 2, 8])
def test_waiting_for_whoever_takes_the_results_loses_nothing(monkeypatch, most):
    monkeypatch.setattr(pool, "_MOST", most)
    found = list(share(processes(2), 1, named, chunks(20)))
    assert [one.lines for one in found] == [b"%d\n" % number for number in range(20)]


def test_whoever_stops_early_hears_nothing_of_it():
    found = share(processes(2), 2, named, chunks(20))
    assert next(found).lines == b"0\n"
    found.close()
