"""Comments in their places -> lines of scored records, chunk by chunk, in order, on one core or many."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from joblib import Parallel, delayed

from moderation.errors import ModelError, ModerationError
from moderation.moderator import Moderator, load_moderator
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

    `digest` is that of the model and the policy where the job was made, None for whatever is found here.
    """

    def __init__(self, model: str, policy: str, spans: bool = True, digest: str | None = None) -> None:
        self._names = model, policy
        self._spans, self._expected = spans, digest

    @cached_property
    def moderator(self) -> Moderator:
        """The model and the policy.

        Raises:
            ModelError: the model cannot be loaded, or it or the policy is not the one that was meant.
            PolicyError, UnknownNameError: as `load_moderator`.
        """
        found = load_moderator(*self._names)
        if self._expected not in (None, _digest(found)):
            raise ModelError(
                f"model {found.model.name!r} or its policy is another one in this process, expected the same"
            )
        return found

    @property
    def digest(self) -> str:
        """What tells this model and policy from any other."""
        return _digest(self.moderator)

    def __call__(self, chunk: Sequence[Placed]) -> Scored:
        """Return the scored records of some comments."""
        comments = [one.archived.comment for one in chunk]
        verdicts = self.moderator.judge(comments, [one.situation for one in chunk], spans=self._spans)
        lines = [json.dumps(to_record(verdict), ensure_ascii=False) + "\n" for verdict in verdicts]
        return Scored(len(lines), "".join(lines).encode("utf-8"))

    def __reduce__(self) -> tuple[Callable[..., Job], tuple[Any, ...]]:
        return _job, (*self._names, self._spans, self.digest)


@lru_cache(maxsize=4)
def _job(model: str, policy: str, spans: bool, digest: str) -> Job:
    return Job(model, policy, spans, digest)


def _digest(moderator: Moderator) -> str:
    return f"{moderator.model.about.get('sha256')} {moderator.policy!r}"


def score_all(
    places: Iterable[Placed], job: Callable[[Sequence[Placed]], Out], workers: int = 1, skip: int = 0
) -> Iterator[Out]:
    """Yield what `job` makes of all comments, chunk by chunk, in order, without the first `skip`: a `Job` makes records.

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
