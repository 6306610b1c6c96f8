"""Writing whole or not at all."""

from __future__ import annotations

import json
import os
import stat

import pytest

from moderation.errors import InputError
from moderation.files import replacing, write_text


def test_a_file_is_made_and_replaced(tmp_path):
    path = tmp_path / "a.txt"
    for text in ("one\n", "two: é👍\r\n", ""):
        write_text(path, text)
        assert path.read_bytes() == text.encode("utf-8")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o644, "others may read it, unlike a temporary file"


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_the_older_file_stays_until_the_end(tmp_path, error):
    path = tmp_path / "a.txt"
    path.write_text("older", encoding="utf-8")

    def fail_at_the_end():
        with replacing(path) as raw:
            raw.write(b"newer")
            raw.flush()
            assert path.read_text(encoding="utf-8") == "older"
            raise error

    with pytest.raises(error):
        fail_at_the_end()
    assert path.read_text(encoding="utf-8") == "older"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_a_full_disk_is_an_error_that_names_the_file(tmp_path):
    path = tmp_path / "a.txt"
    with pytest.raises(InputError, match=r"a.txt: cannot be written: no space left on device"), replacing(path):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_named(tmp_path):
    with pytest.raises(InputError, match=r"a.txt: cannot be written: no such file or directory"):
        write_text(tmp_path / "nowhere" / "a.txt", "x")
    with pytest.raises(InputError, match="cannot be written: is a directory"):
        write_text(tmp_path, "x")


def test_a_name_that_is_no_utf_8_is_escaped_as_json_escapes_it(tmp_path):
    name = os.fsdecode(b"caf\xe9")
    write_text(tmp_path / "a.json", json.dumps([name], ensure_ascii=False))
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == [name]
