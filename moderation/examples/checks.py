"""What is wrong with an example set: one line a fault, none for a good set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from moderation.examples.duplicates import copies, near_duplicates
from moderation.examples.judgements import Judgement
from moderation.examples.splits import WITHHELD, split_of
from moderation.labels import exclusions
from moderation.records import Example


def faults(examples: Sequence[Example]) -> list[str]:
    """Return every fault of the examples: ids that stand twice, labels that exclude each other, equal comments with unequal
    labels, minimal pairs that are none, and near-duplicates in different splits.
    """
    return [*_ids(examples), *_exclusions(examples), *_contradictions(examples), *_pairs(examples), *_leaks(examples)]


def faults_of_labels(name: str, judgements: Iterable[Judgement]) -> list[str]:
    """Return the faults that a label file shows without its rows' text."""
    return [fault for one in judgements for fault in _excluding(f"{name}: row {one.row}", one.labels)]


def _ids(examples: Sequence[Example]) -> Iterator[str]:
    seen = set()
    for example in examples:
        if example.id in seen:
            yield f"{example.id}: stands twice, expected each id once"
        seen.add(example.id)


def _exclusions(examples: Sequence[Example]) -> Iterator[str]:
    for example in examples:
        yield from _excluding(example.id, example.labels)
        for label in example.looks_like:
            if example.labels.get(label) != 0:
                yield f"{example.id}: looks like {label}, expected the label to be 0 there"


def _excluding(where: str, labels: Mapping[str, int]) -> Iterator[str]:
    for one, other in exclusions(labels):
        yield f"{where}: {one} stands beside {other}, expected one of them (see the guide)"


def _contradictions(examples: Sequence[Example]) -> Iterator[str]:
    for same in copies(examples):
        first: dict[str, Example] = {}
        for row in same:
            for label, value in sorted(row.labels.items()):
                before = first.setdefault(label, row)
                if before.labels[label] != value:
                    yield f"{row.id}: {label} is {value}, but {before.labels[label]} in its copy {before.id}"


def _pairs(examples: Sequence[Example]) -> Iterator[str]:
    by_id = {example.id: example for example in examples}
    for example in examples:
        if example.pair is None:
            continue
        partner = by_id.get(example.pair)
        if partner is None or partner.pair != example.id:
            yield f"{example.id}: its pair {example.pair} is missing or names another, expected each to name the other"
        elif partner.labels == example.labels:
            yield f"{example.id}: has the labels of its pair {example.pair}, expected at least one that differs"
        elif partner.thread != example.thread:
            yield f"{example.id}: is in another thread than its pair {example.pair}, expected the same"


def _leaks(examples: Sequence[Example]) -> Iterator[str]:
    kept = [example for example in examples if split_of(example) != WITHHELD]
    for left, right in near_duplicates([example.situation.text for example in kept]):
        one, other = kept[left], kept[right]
        if split_of(one) != split_of(other):
            yield (
                f"{other.id}: is in {split_of(other)}, but its near-duplicate {one.id} in {split_of(one)}; "
                "`moderation examples splits` keeps them together"
            )
