"""joblib's Dask backend, made to end where it would wait for ever: work that failed, and a cluster that is gone.

Importing this needs Dask. Chunks travel inside their tasks, so that a task whose worker was lost can begin anew on another.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from typing import Any

import dask

# Errors are said in one line by whoever asks; Dask's own lines are for those who ask for them in its configuration.
_QUIET = dict.fromkeys(("distributed", "distributed.client", "tornado.application"), "critical")
dask.config.update_defaults({"logging": _QUIET})

from distributed import Client, KilledWorker, Security  # noqa: E402 - it reads that configuration once
from joblib._dask import DaskDistributedBackend  # noqa: E402

from moderation.errors import WorkerError  # noqa: E402

# A connection remembers the messages it sent, 1,000 unless the owner's configuration says otherwise: each has a chunk in it.
dask.config.update_defaults({"distributed": {"admin": {"low-level-log-length": 10}}})

ALONE_SECONDS = 60
"""How long a cluster may be without any worker, in the middle of the work, before it is given up."""
_LOST = (CancelledError, asyncio.CancelledError)


@contextmanager
def client_of(address: str, seconds: float) -> Iterator[Client]:
    """Give a connection to a scheduler that has workers.

    Raises:
        WorkerError: no scheduler answers there within some seconds, or it has no workers.
    """
    try:
        if address.startswith("tls:") and Security().get_connection_args("client").get("ssl_context") is None:
            raise WorkerError(
                f"{address}: needs certificates, expected them in Dask's configuration (distributed.comm.tls)"
            )
        client = Client(address, timeout=seconds, set_as_default=False)
    except (OSError, ValueError, RuntimeError):
        raise WorkerError(f"{address}: no Dask scheduler answers within {seconds:.0f} s") from None
    try:
        try:
            client.wait_for_workers(1, timeout=seconds)
        except (TimeoutError, OSError):
            raise WorkerError(f"{address}: has no workers within {seconds:.0f} s, expected at least one") from None
        yield client
    finally:
        with suppress(TimeoutError, OSError):
            client.close(timeout=seconds)


def cores(client: Client) -> int:
    """Return how many chunks the workers score at a time.

    Raises:
        WorkerError: the scheduler does not answer any more.
    """
    try:
        return sum(client.ncores().values())
    except (OSError, *_LOST):
        raise _lost() from None


class Backend(DaskDistributedBackend):  # type: ignore[misc]
    """Chunks that failed are errors of the run: joblib hears of them only where the job itself raised something."""

    _watching: asyncio.Task[None] | None = None

    def effective_n_jobs(self, n_jobs: int) -> int:
        """Return how many chunks are scored at a time: of one only joblib would do the work here."""
        return max(2, cores(self.client))

    def start_call(self) -> None:
        """Begin to watch over the workers."""
        super().start_call()
        self.client.loop.add_callback(self._watch)

    def submit(self, func: Any, callback: Callable[[Any], None] | None = None) -> Future[Any]:
        """Send a chunk; `callback` is told what came of it, failure included."""
        future: Future[Any] = super().submit(func, callback)

        def tell(done: Future[Any]) -> None:
            error = done.exception()
            if error is not None and callback is not None:
                callback(_failed(error))

        future.add_done_callback(tell)
        return future

    def retrieve_result_callback(self, out: Any) -> Any:
        """Return the result of a chunk, or raise what came in place of it."""
        if isinstance(out, _LOST):
            raise _lost()
        return super().retrieve_result_callback(out)

    async def _watch(self) -> None:
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._until_hopeless())

    async def _until_hopeless(self) -> None:
        """Give up a cluster that has been without workers for too long, or whose scheduler was lost.

        Of a result that was on its way when that happened nobody else would ever hear.
        """
        last, lost = time.monotonic(), False
        while self._continue and not lost and time.monotonic() - last < ALONE_SECONDS:
            await asyncio.sleep(1)
            lost = self.client.status == "closed" or any(future.cancelled() for future in self._results)
            if lost or await self._has_workers():
                last = time.monotonic()
        if self._continue:
            self._give_up(_lost() if lost else WorkerError(f"the cluster has had no worker for {ALONE_SECONDS} s"))

    async def _has_workers(self) -> bool:
        """Whether there are workers, as far as is known: a lost connection, seen to elsewhere, is no answer."""
        try:
            return bool(await self.client.scheduler.ncores())
        except OSError:
            return True

    def _give_up(self, error: WorkerError) -> None:
        for waiting in list(self._results.values()):
            if not waiting.done():
                waiting.set_exception(error)


def _failed(error: BaseException) -> WorkerError:
    if isinstance(error, WorkerError):
        return error
    if isinstance(error, KilledWorker):
        return WorkerError("a chunk ended one worker of the cluster after the other, for want of memory perhaps")
    reason = str(error).split("\n", 1)[0][:200]
    return WorkerError(
        f"the cluster cannot run this ({type(error).__name__}: {reason}); install the same release of moderation on its "
        "scheduler and workers"
    )


def _lost() -> WorkerError:
    return WorkerError("the connection to the cluster's scheduler is lost")
