"""JSON of an export -> its elements one by one, in memory that does not grow with the file.

Every offset is a byte of the export, counted from 0, every line counts from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from moderation.threads.exports.faults import Faults
from moderation.threads.exports.json_arrays import MAX_ELEMENT_BYTES, Arrays
from moderation.threads.exports.json_values import WrongError, clean, parsed
from moderation.threads.exports.lines import read_lines

__all__ = ["MAX_ELEMENT_BYTES", "clean", "read_json_array", "read_json_lines"]


def read_json_array(stream: BinaryIO, faults: Faults) -> Iterator[tuple[int, int, object]]:
    """Yield byte offset, line and value of each element of the arrays that stand in the stream one after another.

    An element that is an array itself is a page of elements: they are yielded in its place.

    Raises:
        ExportError: the JSON is broken or cut off, is no array or has an element that is too large or too deep, and `faults`
            does not recover.
    """
    yield from Arrays(stream, faults).read()


def read_json_lines(stream: BinaryIO, faults: Faults) -> Iterator[tuple[int, int, object]]:
    """Yield byte offset, line and value of each line that is not blank.

    Raises:
        ExportError: a line is not JSON, is cut off, too long or too deep, and `faults` does not recover.
    """
    for offset, number, line in read_lines(stream):
        if line is None:
            faults.broken(offset, number, f"a line is larger than {MAX_ELEMENT_BYTES:,} bytes")
        elif line.strip():
            try:
                value = parsed(line)
            except WrongError as error:
                cut = error.cut and not line.endswith(b"\n")
                place = offset + (len(line) if cut else error.position)
                faults.broken(place, number, "is cut off in this line" if cut else error.reason)
            else:
                yield offset, number, value
