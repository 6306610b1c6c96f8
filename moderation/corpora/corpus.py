"""A published corpus: where it comes from, under which licence, and how to read it."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moderation.errors import InputError
from moderation.records import Example, Provenance, Situation


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus in its authors' own format.

    `speaks_about` names the labels that its annotation decides; every other label of its rows is unknown. A row about
    which it decides nothing is read all the same: this project's own labels may speak about it. `context` names what
    its rows carry beside the text. A corpus that is for `measuring_only` is never trained on. `read` takes the folder
    with the corpus's files.
    """

    name: str
    licence: str
    origin: str
    domain: str
    files: tuple[str, ...]
    speaks_about: tuple[str, ...]
    read: Callable[[Path], Iterator[Example]]
    context: tuple[str, ...] = ()
    measuring_only: bool = False

    def digest(self, folder: Path) -> str:
        """Return the SHA-256 over the corpus's files, in the order in which they are listed.

        Raises:
            InputError: a file is missing; the message says where its authors publish it.
        """
        running = hashlib.sha256()
        for name in self.files:
            running.update(find(folder, name, self.origin).read_bytes())
        return running.hexdigest()


def find(folder: Path, name: str, origin: str = "its authors") -> Path:
    """Return the path of a corpus file.

    Raises:
        InputError: it is not there.
    """
    path = folder / name
    if not path.is_file():
        raise InputError(f"{path}: no such file; the corpus is published at {origin}")
    return path


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file with a header."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def json_lines(path: Path) -> Iterator[Any]:
    """Yield the parsed lines of a JSON lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def example(
    corpus: tuple[str, str], row: str, situation: Situation, labels: dict[str, int], thread: str | None = None
) -> Example:
    """Return an example of a corpus, `(name, licence)`; a row that belongs to no thread is a thread of its own."""
    name, licence = corpus
    return Example(f"{name}:{row}", f"{name}:{thread or row}", situation, Provenance(name, row, licence), labels)


def majority(votes: Sequence[bool]) -> int | None:
    """Return 1 where at least half of the votes say so, 0 where none does, None in between: not clear enough to teach."""
    share = sum(votes) / len(votes)
    return 1 if share >= 0.5 else 0 if share == 0 else None
