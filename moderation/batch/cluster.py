"""A Dask cluster whose workers share the work. Dask is an optional extra: it is imported when a cluster is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from moderation.errors import WorkerError

ANSWER_SECONDS = 30
"""How long the scheduler may take to answer, and then a first worker to be there."""
_ADDRESS = re.compile(r"(?:tcp|tls)://(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}")
_PARTS = ("dask", "distributed")


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster in reach: joblib's backend for it, and how many chunks its workers score at a time."""

    backend: Any
    size: int


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """Give the cluster whose scheduler answers at `tcp://HOST:PORT` (or `tls://`, with the certificates Dask is told of).

    Raises:
        WorkerError: Dask is not installed, that is no address, no scheduler answers there, or it has no workers.
    """
    if not _ADDRESS.fullmatch(address):
        raise WorkerError(f"{address[:80]!r} is no address of a Dask scheduler, expected tcp://HOST:PORT")
    try:
        from moderation.batch import dask_backend
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _PARTS:
            raise
        raise WorkerError("a cluster needs Dask, which is not installed: pip install 'moderation[dask]'") from None
    with dask_backend.client_of(address, ANSWER_SECONDS) as client:
        yield Cluster(dask_backend.Backend(client=client), dask_backend.cores(client))
