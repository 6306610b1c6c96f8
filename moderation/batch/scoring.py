"""Comments in their places -> lines of scored records, chunk by chunk, in order, on one core or many."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import version
from typing import Any, TypeVar

from moderation.batch.cluster import Cluster
from moderation.batch.pool import processes, remote, share
from moderation.errors import ModelError, ModerationError
from moderation.model.serving import load_named
from moderation.moderator import Moderator
from moderation.policy.reader import PolicyText, compile_policy, policy_text
from moderation.scored import to_record
from moderation.threads.exports.places import Placed

CHUNK = 500
"""Comments scored at a time: enough to spread the overhead, few enough for a progress bar that moves."""

Out = TypeVar("Out")


@dataclass(frozen=True, slots=True)
class Scored:
    """A chunk of scored records: how many, and one line of JSON each, with its line end."""

    rows: int
    lines: bytes


class Job:
    """What is done to every chunk. It travels to another process as names, and loads the model there, once.

    The policy travels as it is written: a worker on another machine needs the model, and no file of the owner's.
    `digest` is that of the model, the policy and the release where the job was made, None for whatever is found here.
    """

    def __init__(self, model: str, policy: str | PolicyText, spans: bool = True, digest: str | None = None) -> None:
        self._model, self._policy = model, policy
        self._spans, self._expected = spans, digest

    @cached_property
    def moderator(self) -> Moderator:
        """The model and the policy.

        Raises:
            ModelError: the model cannot be loaded, or, in a worker, it is not the one that was meant.
            PolicyError, UnknownNameError: as `load_moderator`.
        """
        if self._expected is None:
            return self._load()
        try:
            found = self._load()
        except ModerationError as error:
            # One that every process can read.
            raise ModelError(f"a worker cannot score: {error}") from None
        if self._digest_of(found) != self._expected:
            raise ModelError(
                f"model {found.model.name!r} or the release of moderation is another one in a worker, expected the same"
            )
        return found

    @cached_property
    def digest(self) -> str:
        """What tells this model, policy and release from any other."""
        return self._digest_of(self.moderator)

    def __call__(self, chunk: Sequence[Placed]) -> Scored:
        """Return the scored records of some comments."""
        comments = [one.archived.comment for one in chunk]
        verdicts = self.moderator.judge(comments, [one.situation for one in chunk], spans=self._spans)
        lines = [json.dumps(to_record(verdict), ensure_ascii=False) + "\n" for verdict in verdicts]
        return Scored(len(lines), "".join(lines).encode("utf-8"))

    def __reduce__(self) -> tuple[Callable[..., Job], tuple[Any, ...]]:
        # What only passes through a process, as a scheduler's, does not load the model there.
        return _job, (self._model, self._written, self._spans, self._expected or self.digest)

    @cached_property
    def _written(self) -> PolicyText:
        return self._policy if isinstance(self._policy, PolicyText) else policy_text(self._policy)

    def _load(self) -> Moderator:
        return Moderator(load_named(self._model), compile_policy(self._written))

    def _digest_of(self, found: Moderator) -> str:
        policy = hashlib.sha256(self._written.text.encode()).hexdigest()
        return f"{found.model.about.get('sha256')} {policy} {version('moderation')}"


@lru_cache(maxsize=4)
def _job(model: str, policy: PolicyText, spans: bool, digest: str) -> Job:
    return Job(model, policy, spans, digest)


def score_all(
    places: Iterable[Placed],
    job: Callable[[Sequence[Placed]], Out],
    workers: int = 1,
    skip: int = 0,
    cluster: Cluster | None = None,
) -> Iterator[Out]:
    """Yield what `job` makes of all comments, chunk by chunk, in order, without the first `skip`: a `Job` makes records.

    `workers` processes, or all of a `cluster`, share the chunks; what comes out is the same, byte by byte. An error of
    `places` is raised when everything before it has been yielded.

    Raises:
        ModerationError: what `places` or `job` raises.
        WorkerError: a process was lost, or the cluster.
    """
    source = _UntilError(places)
    chunks = _chunks(itertools.islice(source, skip, None))
    if cluster is not None:
        yield from share(remote(cluster.backend), cluster.size, job, chunks)
    elif workers > 1:
        yield from share(processes(workers), workers, job, chunks)
    else:
        yield from map(job, chunks)
    if source.error is not None:
        raise source.error


class _UntilError:
    """What comes before an error, and then the error: a pool must not be stopped while chunks are under way."""

    def __init__(self, places: Iterable[Placed]) -> None:
        self._places = places
        self.error: ModerationError | None = None

    def __iter__(self) -> Iterator[Placed]:
        try:
            yield from self._places
        except ModerationError as error:
            self.error = error


def _chunks(places: Iterator[Placed]) -> Iterator[list[Placed]]:
    while chunk := list(itertools.islice(places, CHUNK)):
        yield chunk
