"""What was found out about texts that come again and again, within limits."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")

OVERHEAD = 500
"""Characters that the shortest text counts for: what is kept of it takes about as much."""


class Kept(Generic[V]):
    """What was found out about texts, kept for the next calls: up to some `room`, in characters, then all are forgotten."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._values: dict[str, V] = {}
        self._lock = Lock()

    def known(self, texts: set[str]) -> dict[str, V]:
        """Return what is kept of some texts."""
        with self._lock:
            return {text: self._values[text] for text in texts if text in self._values}

    def keep(self, found: Mapping[str, V]) -> None:
        """Keep more; what is too much by itself is not kept."""
        size = sum(map(len, found)) + OVERHEAD * len(found)
        with self._lock:
            if self._used + size > self._room:
                self._values.clear()
                self._used = 0
            if size <= self._room:
                self._values.update(found)
                self._used += size
