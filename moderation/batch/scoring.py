"""Comments in their places -> lines of scored records, chunk by chunk, in order, on one core or many."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from joblib import Parallel, delayed

from moderation.errors import ModelError, ModerationError
from moderation.moderator import Moderator, load_moderator
from moderation.scored import to_record
from moderation.threads.exports.places import Placed

CHUNK = 500
"""Comments scored at a time: enough to spread the overhead, few enough for a progress bar that moves."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A chunk of scored records: how many, and one line of JSON each, with its line end."""

    rows: int
    lines: bytes


class Job:
    """What is done to every chunk. It travels to another process as names; the model is loaded there once.

    Attributes:
        moderator: the model and the policy, as they were when the job was made.
        spans: whether the words that weighed are in the records.
    """

    def __init__(self, model: str, policy: str, spans: bool = True) -> None:
        """Load the model and the policy.

        Raises:
            ModelError, PolicyError, UnknownNameError: as `load_moderator`.
        """
        self._names = model, policy
        self.moderator: Moderator = load_moderator(model, policy)
        self.spans = spans

    @property
    def digest(self) -> str:
        """What tells this model and policy from any other."""
        return f"{self.moderator.model.about.get('sha256')} {self.moderator.policy!r}"

    def __call__(self, chunk: Sequence[Placed]) -> Scored:
        """Return the scored records of some comments."""
        comments = [one.archived.comment for one in chunk]
        verdicts = self.moderator.judge(comments, [one.situation for one in chunk], spans=self.spans)
        lines = [json.dumps(to_record(verdict), ensure_ascii=False) + "\n" for verdict in verdicts]
        return Scored(len(lines), "".join(lines).encode("utf-8"))

    def __reduce__(self) -> tuple[Callable[..., Job], tuple[Any, ...]]:
        return _job, (*self._names, self.spans, self.digest)


@lru_cache(maxsize=4)
def _job(model: str, policy: str, spans: bool, digest: str) -> Job:
    job = Job(model, policy, spans)
    if job.digest != digest:
        raise ModelError(
            f"model {model!r} or its policy is another one here, or was changed while comments were scored"
        )
    return job


def score_all(
    places: Iterable[Placed], job: Callable[[Sequence[Placed]], Scored], workers: int = 1, skip: int = 0
) -> Iterator[Scored]:
    """Yield the scored records of all comments in order, without the first `skip`. `job` scores a chunk, see `Job`.

    `workers` processes share the chunks; what comes out is the same, byte by byte. An error of `places` is raised when
    everything before it has been yielded.

    Raises:
        ModerationError: what `places` raises.
    """
    source = _UntilError(places)
    chunks = _chunks(itertools.islice(source, skip, None))
    if workers == 1:
        yield from map(job, chunks)
    else:
        pool = Parallel(n_jobs=workers, return_as="generator", batch_size=1, pre_dispatch=2 * workers)
        yield from pool(delayed(job)(chunk) for chunk in chunks)
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
