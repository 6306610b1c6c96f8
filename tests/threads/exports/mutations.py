"""Damage to a file, for property tests of the readers."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from hypothesis import strategies as st

from moderation.errors import ExportError
from moderation.threads.exports.faults import Faults


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


def one_clear_error(read: Callable[..., tuple[list[object], Faults]], data: bytes, name: str, recover: bool) -> None:
    """Check that bytes which are no export called `name` are one fault, with its place, and listed with `recover`."""
    if recover:
        assert read(data, recover=True)[1].listed
    else:
        with pytest.raises(ExportError, match=rf"^{re.escape(name)}: byte [\d,]+, line [\d,]+: [^\n]+$"):
            read(data)


@dataclass(frozen=True)
class Cut:
    """What a reader made of the first `at` bytes: what it found, where it stopped, and what it listed when recovering."""

    at: int
    found: list[object]
    offset: int
    listed: list[str]


def cuts(reader: Callable[..., Iterable[object]], data: bytes, places: Iterable[int]) -> list[Cut]:
    """Cut a file at some places, and check that what was whole is found and then one fault, which can be passed over."""
    whole = list(reader(io.BytesIO(data), Faults("whole")))
    made = []
    for at in places:
        found: list[object] = []
        faults, recovering = Faults("cut"), Faults("cut", recover=True)
        with pytest.raises(ExportError) as caught:
            found.extend(reader(io.BytesIO(data[:at]), faults))  # keeps what came before the error
        assert found == whole[: len(found)]
        assert 0 <= caught.value.offset <= at
        assert list(reader(io.BytesIO(data[:at]), recovering)) == found
        assert len(recovering.listed) == len(faults.listed) + 1
        made.append(Cut(at, found, caught.value.offset, recovering.listed))
    return made
