"""Damage to a file, for property tests of the readers."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from hypothesis import strategies as st

from moderation.errors import ExportError


def mutations(whole: bytes, extra: tuple[bytes, ...] = ()) -> st.SearchStrategy[bytes]:
    """Copies of `whole` with a few bytes flipped, put in or taken out."""
    put_in = st.binary(max_size=6) | st.sampled_from(extra or (b"",))
    change = st.tuples(st.integers(0, len(whole)), st.integers(0, 40), put_in)
    return st.lists(change, min_size=1, max_size=8).map(lambda changes: _changed(whole, changes))


def _changed(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for position, taken, put_in in changes:
        data = data[:position] + put_in + data[position + (taken if taken > 20 else len(put_in)) :]
    return data


def only_export_errors(read: Callable[..., object], data: bytes) -> None:
    """Check that reading raises nothing but the one error, and with `recover` not even that."""
    with contextlib.suppress(ExportError):
        read(data)
    read(data, recover=True)
