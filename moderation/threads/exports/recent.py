"""What was used last, as much of it as there is room for."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_OVERHEAD = 1_000
"""What an entry takes beside its text, in characters, about."""


class Recent(Generic[K, V]):
    """A mapping that forgets what was not used for longest when its texts exceed `room` characters."""

    def __init__(self, room: int) -> None:
        self._room, self._size = room, 0
        self._values: OrderedDict[K, V] = OrderedDict()
        self._sizes: dict[K, int] = {}

    def __len__(self) -> int:
        """Return how many entries are kept."""
        return len(self._values)

    def get(self, key: K) -> V | None:
        """Return what is kept under `key`, None if nothing is."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a new entry of `size` characters."""
        self._values[key] = value
        self._sizes[key] = 0
        self.grow(key, size + _OVERHEAD)

    def grow(self, key: K, by: int) -> None:
        """Say that an entry, which is the one used last, has grown by so many characters."""
        self._sizes[key] += by
        self._size += by
        while self._size > self._room and len(self._values) > 1:
            oldest, _ = self._values.popitem(last=False)
            self._size -= self._sizes.pop(oldest)
