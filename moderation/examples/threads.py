"""Examples of one thread see each other: what came before each of them."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable

from moderation.limits import MAX_EARLIER
from moderation.records import Example


def in_threads(examples: Iterable[Example]) -> list[Example]:
    """Return the examples, each with the texts of those before it in its thread where it does not state any itself.

    They are taken in the order given, at most the `MAX_EARLIER` newest, as `threads.situations` does with a batch.
    """
    seen: dict[str, list[str]] = defaultdict(list)
    placed = []
    for example in examples:
        situation, before = example.situation, seen[example.thread]
        if not situation.earlier:
            situation = situation._replace(earlier=tuple(before[-MAX_EARLIER:]))
        before.append(situation.text)
        placed.append(dataclasses.replace(example, situation=situation))
    return placed
