"""Parquet files that the fuzzer made: the library must not end the process."""

from __future__ import annotations

import base64

import pytest

from moderation.errors import InputError
from moderation.threads.exports import parquet_process
from moderation.threads.exports.reading import read_export

ASKS_FOR_A_VALUE_THAT_IS_NOT_THERE = base64.b64decode(
    "UEFSMRUEFY4FFV5MFQgVABIAAMcCIAAAAAAsAQAAeP4BAP4BAP4BAP4BAKoBAEgGAAAA7Z+/7oCABQAAAEhlbGxvFQAVoggVrAgsFbgXFRAVBh"
    "UGHDbqBCgG7Z+/7oCAGAAREQAAAJEE9BAC3wAAABvn++zZ3f373y/329+6IgEJ1t5/uhIBB/y9/hoBA1YcAQP2FgED3hIBL/K/6f3lb8vrlx39"
    "+r77u673X2xz/k7nNAEP/u0W/rb7/hABBdz8EAED3hQBDzLf6VVf7o0UAQP2FAEhvv638jnf3+717v5/6/U/5xQBCf57+tskAQv+/aW/txoBD1"
    "zGnfjPffwSAQWuJxQBBfLvEgEP3t/rfV95jbNob/00oM7sOeKoiDnXxNMa+CAyGDEQm1BnjBmNaIUhYbc3sCXJWajgrnll5Lmrny7pG41mpNC3"
    "QYgtr0UfIp9/XIuKRcT0mLRN48VJPM+f5y8XGnkaB5/35OiWjGlxZ5ixA3mGbf8GzS0Y9TEOyl4mt0+Kh8IkhQw22CigS8EzFQQZLDUAGAZzY2"
    "hlbWEVAgAVDCUCGAR0ZXh0JQBMHAAAABa4FxkcGRwmABwVDBk1AAYQGRgEdGV4dBUCFrgXFpgOFvIJJoQBJggcNuoEKAbtn7/ugIAYABERABks"
    "FQQVABUCABUAFRAVAgA8Fu7xChkGGSbqBM4SAAAAFpgOFrgXJggW8gkAGRwYAgAVABUQFQIAPBbu8QoZBhkm6gTOEgAAABaYDha4FyYIFvIJEB"
    "kcGAxBUlJPVzpzY2hlbUEAGCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRkcHAAAAOgAAABQQVIx"
)


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Read the file by a program that is changed in places: in batches of 1,000 rows the file is worst."""

    def read(**changes: str) -> None:
        code = parquet_process._PROGRAM.read_text(encoding="utf-8")
        for old, new in {"_BATCH = 4_000": "_BATCH = 1_000", **changes}.items():
            assert code.count(old) == 1
            code = code.replace(old, new)
        program, file = tmp_path / "program.py", tmp_path / "rows.parquet"
        program.write_text(code, encoding="utf-8")
        monkeypatch.setattr(parquet_process, "_PROGRAM", program)
        file.write_bytes(ASKS_FOR_A_VALUE_THAT_IS_NOT_THERE)
        list(read_export(file))

    return read


def test_a_dictionary_without_the_value_that_is_asked_of_it_is_an_error(read):
    with pytest.raises(InputError, match="cannot be read as Parquet: In column 0: Invalid: Dictionary indices invalid"):
        read()


def test_a_file_that_ends_the_library_ends_no_other_process(read):
    with pytest.raises(InputError, match=r"it ended its reader \(signal \d+\), expected a whole file$"):
        read(**{"batch.validate(full=True)": ""})


def test_the_file_is_an_error_as_it_is_read(tmp_path):
    file = tmp_path / "rows.parquet"
    file.write_bytes(ASKS_FOR_A_VALUE_THAT_IS_NOT_THERE)
    with pytest.raises(InputError, match="cannot be read as Parquet: Number of decoded rep / def levels do not match"):
        list(read_export(file))
