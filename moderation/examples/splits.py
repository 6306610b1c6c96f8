"""Which examples are trained on, which are for choosing, which are only measured on: fixed in `seeds/splits.csv`.

The file has the columns `name` and `split`; a name is a thread, or a row that is withheld. Splits are made by thread and
near-duplicates are kept together. Threads of the published corpora and of an owner that the file does not name fall by a
digest of their name: they stay where they are until the file names them, because a copy has turned up in another split.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from moderation.errors import RecordError, UnknownNameError
from moderation.examples.duplicates import groups, near_duplicates
from moderation.files import write_text
from moderation.paths import seeds
from moderation.records import Example
from moderation.threads.tables import read_table_file, table_text

TRAIN, VALIDATION, TEST, WITHHELD = "train", "validation", "test", "withheld"
SPLITS = (TRAIN, VALIDATION, TEST, WITHHELD)
"""`validation` is for choosing between models and setting thresholds; a model that was chosen may learn from it too.
`withheld` rows are in no split: they copy a row of another split, in a thread too large to move."""

TEST_SHARE = 0.15
"""Share of threads that no model is ever fitted on."""
VALIDATION_SHARE = 0.10
LARGE_THREAD = 100
"""Rows from which a thread is not moved to its copies' split; its copied rows are withheld instead."""

_FILE = "splits.csv"


def split_of(example: Example) -> str:
    """Return the split of an example: one of `SPLITS`."""
    fixed = _fixed()
    return fixed.get(example.id) or fixed.get(example.thread) or digest_split(example.thread)


def in_test(example: Example) -> bool:
    """Whether the example belongs to the test split, on which no model is ever fitted."""
    return split_of(example) == TEST


def for_fitting(example: Example) -> bool:
    """Whether a model that was chosen may be fitted on the example: it is in the training or the validation split."""
    return split_of(example) in (TRAIN, VALIDATION)


def split(examples: Iterable[Example]) -> tuple[list[Example], list[Example]]:
    """Return the examples to fit on (train and validation) and the ones to test on; a thread is never in both."""
    rows = list(examples)
    return [row for row in rows if for_fitting(row)], [row for row in rows if in_test(row)]


def digest_split(thread: str) -> str:
    """Return the split of a thread that no file names, by the SHA-256 of its name."""
    bucket = int.from_bytes(hashlib.sha256(thread.encode("utf-8")).digest()[:4], "big") / 2**32
    return TEST if bucket < TEST_SHARE else VALIDATION if bucket < TEST_SHARE + VALIDATION_SHARE else TRAIN


def fix(examples: Sequence[Example], listed: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return the split of the threads in `listed`, of large ones, of those with a near-duplicate elsewhere; withheld rows.

    What is in `known` stays, but for withheld rows among `examples`, which are found anew; a thread that copies a known
    one gets its split.
    """
    sizes = Counter(example.thread for example in examples)
    threads = sorted(sizes)
    place = {thread: index for index, thread in enumerate(threads)}
    pairs = [
        (examples[left], examples[right])
        for left, right in near_duplicates([example.situation.text for example in examples])
        if examples[left].thread != examples[right].thread
    ]
    small = [pair for pair in pairs if max(sizes[row.thread] for row in pair) < LARGE_THREAD]
    links = np.array([[place[row.thread] for row in pair] for pair in small], dtype=np.intp).reshape(-1, 2)
    members: dict[int, list[str]] = defaultdict(list)
    for thread, group in zip(threads, groups(len(threads), links), strict=True):
        members[group].append(thread)
    ids = {example.id for example in examples}
    fixed = {name: split for name, split in known.items() if split != WITHHELD or name not in ids}
    wanted = {*listed, *(thread for thread in threads if sizes[thread] >= LARGE_THREAD)}
    for group in members.values():
        if len(group) > 1 or group[0] in wanted:
            before = [fixed[thread] for thread in group if thread in fixed]
            fixed.update({thread: fixed.get(thread) or (before or [digest_split(group[0])])[0] for thread in group})
    return fixed | _withheld(pairs, fixed)


def read_splits(path: Path) -> dict[str, str]:
    """Return the splits that a file fixes, by thread or row.

    Raises:
        InputError: the file cannot be opened.
        RecordError: it lacks a column, or a name stands twice.
        UnknownNameError: a split nobody knows.
    """
    fixed: dict[str, str] = {}
    for where, cells in read_table_file(path, "name", "'name' and 'split'"):
        if cells.get("split") not in SPLITS:
            raise UnknownNameError("split", cells.get("split", ""), SPLITS, where)
        if cells["name"] in fixed:
            raise RecordError(f"{where}: {cells['name'][:80]!r} occurs twice, expected each name once", "name")
        fixed[cells["name"]] = cells["split"]
    return fixed


def write_splits(path: Path, fixed: Mapping[str, str]) -> None:
    """Write the file, sorted by name, whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    write_text(path, table_text(["name", "split"], sorted(fixed.items())))


def _withheld(pairs: Iterable[tuple[Example, Example]], fixed: Mapping[str, str]) -> dict[str, str]:
    """Of two copies in different splits, withhold the one that would be learned from."""
    order = (TEST, VALIDATION, TRAIN)

    def rank(row: Example) -> int:
        return order.index(fixed.get(row.thread) or digest_split(row.thread))

    found: dict[str, str] = {}
    for pair in pairs:
        kept, copy = sorted(pair, key=rank)
        if rank(kept) != rank(copy) and kept.id not in found:
            found[copy.id] = WITHHELD
    return found


@cache
def _fixed() -> Mapping[str, str]:
    path = seeds() / _FILE
    return read_splits(path) if path.exists() else {}
