"""How large the pages of a Parquet file are when unpacked, as their headers say: the description at the end may say less."""

from __future__ import annotations

import io

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from moderation.errors import InputError
from moderation.threads.exports import parquet_pages
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.parquet_rows import read_parquet_rows


def written(texts: list[str], **options: object) -> bytes:
    raw = io.BytesIO()
    parquet.write_table(pa.table({"text": texts, "id": [str(n) for n in range(len(texts))]}), raw, **options)
    return raw.getvalue()


def check(raw: bytes) -> None:
    parquet_pages.check_pages(io.BytesIO(raw), "table")


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


ONE_PAGE = written(["x" * 1_000] * 3_000, compression="zstd", use_dictionary=False, data_page_size=2**30)


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize(
    "options", [{}, {"use_dictionary": False}, {"write_page_checksum": True, "data_page_size": 100}]
)
def test_headers_end_where_the_pages_begin(version, options):
    raw = written([f"Text {n}" for n in range(9_000)], data_page_version=version, row_group_size=5_000, **options)
    described = parquet.read_metadata(io.BytesIO(raw))
    for chunk in (described.row_group(group).column(column) for group in range(2) for column in range(2)):
        start = chunk.dictionary_page_offset or chunk.data_page_offset
        place, unpacked_in_all = start, 0
        while place < start + chunk.total_compressed_size:
            size, unpacked, packed = parquet_pages._header(io.BytesIO(raw), place)
            place += size + packed
            unpacked_in_all += size + unpacked
        assert (place, unpacked_in_all) == (start + chunk.total_compressed_size, chunk.total_uncompressed_size)
    check(raw)


def test_pages_that_are_too_large_are_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_pages, "MAX_PAGES_BYTES", 2_000_000)
    path = tmp_path / "table"
    path.write_bytes(ONE_PAGE)
    with pytest.raises(
        InputError, match=r"^table: has pages of 3,0\d\d,\d\d\d bytes when unpacked, expected at most 2,000,000$"
    ):
        list(read_parquet_rows(path, "text", ("text", "id"), Faults("table", recover=True)))


def test_the_description_at_the_end_is_not_believed(monkeypatch):
    monkeypatch.setattr(parquet_pages, "MAX_PAGES_BYTES", 2_000_000)
    stated = parquet.read_metadata(io.BytesIO(ONE_PAGE)).row_group(0).column(0).total_uncompressed_size
    number = varint(2 * stated)
    small = ONE_PAGE.replace(number, bytes([2 * 16 | 128, *[128] * (len(number) - 2), 0]))
    assert parquet.read_metadata(io.BytesIO(small)).row_group(0).column(0).total_uncompressed_size == 16
    with pytest.raises(InputError, match="has pages of"):
        check(small)


def header(*fields: bytes) -> tuple[int, int, int]:
    raw = b"".join(fields) + b"\0"
    size, unpacked, packed = parquet_pages._header(io.BytesIO(raw + b"rest"), 0)
    assert size == len(raw)
    return unpacked, packed, size


SIZES = b"\x15\x00\x15" + varint(2 * 700) + b"\x15" + varint(2 * 90)


@pytest.mark.parametrize(
    "more",
    [
        b"",
        b"\x1b\x01\x88\x01a\x01b",  # a map of a text to another
        b"\x1b\x00",  # an empty one
        b"\x19\x25\x02\x04",  # a list of two numbers
        b"\x19\xf1\x10" + b"\x01" * 16,  # a list of 16 truth values
        b"\x1c\x15\x02\x00\x11\x12",  # a struct, and truth values, which stand in their kind
        b"\x17" + b"\0" * 8 + b"\x13\x01",  # a real number, and a byte
    ],
)
def test_fields_that_nobody_knows_are_passed_over(more):
    assert header(SIZES, more)[:2] == (700, 90)


def test_of_a_number_that_is_too_long_the_last_bits_count():
    # Thrift does the same: a packed size that seemed larger would lead past the pages that follow.
    long = varint(2 * 90 + 2**32)
    assert header(b"\x15\x00\x15" + varint(2 * 700), b"\x15" + long)[:2] == (700, 90)


def test_a_column_that_the_library_cannot_describe_does_not_end_the_process(tmp_path):
    # Asked to describe this column, the library aborts: nothing may be missing in it, and its statistics count what is.
    raw = written(["Hello", "World"], compression="none")
    optional, required = b"\x25\x02\x18\x04text", b"\x25\x00\x18\x04text"
    assert optional in raw
    path = tmp_path / "table"
    path.write_bytes(raw.replace(optional, required))
    with pytest.raises(
        InputError, match=r"^table: cannot be read as Parquet: Definition level histogram size mismatch"
    ):
        list(read_parquet_rows(path, "text", ("text", "id"), Faults("table", recover=True)))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0",
        b"\x15\x00\x15\x01\x15\x02\0",
        SIZES + b"\x1d\0",
        SIZES + b"\x05\x04\x02\0",
        b"\x1c" * 5_000,
        b"\x19\xfc" + b"\xff" * 20,
    ],
)
def test_a_broken_header_is_refused(raw):
    with pytest.raises((IndexError, ValueError)):
        parquet_pages._header(io.BytesIO(raw), 0)


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_header_or_none(raw):
    try:
        size, unpacked, packed = parquet_pages._header(io.BytesIO(raw), 0)
    except (IndexError, ValueError):
        return
    assert 0 < size <= len(raw)
    assert min(unpacked, packed) >= 0
