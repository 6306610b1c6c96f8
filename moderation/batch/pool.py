"""Chunks of comments -> scored records, shared among workers by joblib: processes of this machine or of a cluster."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from joblib import Parallel, delayed

from moderation.batch.packing import pack, unpack
from moderation.errors import WorkerError
from moderation.threads.exports.places import Placed

T = TypeVar("T")

_UNDER_WAY = 2
"""Chunks given to workers ahead, for each worker: one is scored, one waits."""
_MOST = 8
"""Chunks read and not yet taken, for each worker, before reading waits for whoever takes them."""


def processes(workers: int) -> Parallel:
    """Return a pool of processes of this machine."""
    return Parallel(n_jobs=workers, return_as="generator", batch_size=1, pre_dispatch=_UNDER_WAY * workers)


def remote(backend: Any) -> Parallel:
    """Return a pool of all workers of a backend of joblib."""
    return Parallel(backend=backend, return_as="generator", batch_size=1, pre_dispatch=f"{_UNDER_WAY} * n_jobs")


def share(
    pool: Parallel, size: int, job: Callable[[Sequence[Placed]], T], chunks: Iterator[list[Placed]]
) -> Iterator[T]:
    """Yield what `job` makes of each chunk, in order; `size` is how many workers the pool has, about.

    How many chunks are in memory hangs on `size` alone, however slow a worker is, or whoever takes the results.

    Raises:
        WorkerError: a process of this machine was lost.
        ModerationError: what the job raises.
    """
    waiting = _Waiting(chunks, _MOST * size)
    remotely = delayed(_Unpacking(job))
    while not waiting.ended:
        results = pool(remotely(pack(chunk)) for chunk in waiting)
        try:
            for result in results:
                waiting.taken += 1
                yield result
        except BrokenProcessPool:
            raise WorkerError(
                "a worker process ended before its work was done, killed for want of memory perhaps; try fewer --workers"
            ) from None
        finally:
            with warnings.catch_warnings(), _silent_manager():
                # Whoever stops early knows that results are lost.
                warnings.simplefilter("ignore")
                results.close()


@contextmanager
def _silent_manager() -> Iterator[None]:
    """Say nothing of the thread that manages processes: work thrown away under its hands ends it with a KeyError (loky)."""
    before = threading.excepthook

    def hook(raised: threading.ExceptHookArgs) -> None:
        if raised.thread is None or raised.thread.name != "ExecutorManagerThread":
            before(raised)

    threading.excepthook = hook
    try:
        yield
    finally:
        threading.excepthook = before


class _Waiting:
    """Chunks to be iterated again and again: each time until too many are under way, in the end until there are no more.

    joblib asks for a new chunk whenever one is scored, whether or not anybody has taken it.
    """

    def __init__(self, chunks: Iterator[list[Placed]], most: int) -> None:
        self._chunks, self._most = chunks, most
        # Each is changed by one thread only: the one that gives chunks, and the one that takes results.
        self._given = self.taken = 0
        self.ended = False

    def __iter__(self) -> Iterator[list[Placed]]:
        while self._given - self.taken < self._most:
            chunk = next(self._chunks, None)
            if chunk is None:
                self.ended = True
                return
            self._given += 1
            yield chunk


class _Unpacking(Generic[T]):
    """A job on packed chunks."""

    __name__ = "score"

    def __init__(self, job: Callable[[Sequence[Placed]], T]) -> None:
        self._job = job

    def __call__(self, raw: bytes) -> T:
        return self._job(unpack(raw))
