"""Parquet is read in a process of its own: whatever becomes of that one, this one goes on, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from moderation.errors import ExportError, InputError
from moderation.threads.exports import parquet_child, parquet_pages, parquet_process, parquet_rows
from moderation.threads.exports.faults import Faults
from moderation.threads.exports.parquet_rows import read_parquet_rows
from moderation.threads.exports.reading import read_archive, read_export

PROGRAM = parquet_process._PROGRAM


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "rows.parquet"


@pytest.fixture
def processes(monkeypatch) -> list[subprocess.Popen[bytes]]:
    """Every process that is started."""
    started = []

    class Recorded(subprocess.Popen):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    return started


@pytest.fixture
def program(path, tmp_path, monkeypatch):
    """Put other code in the place of the program; the file has one row."""
    parquet.write_table(pa.table({"text": ["x"]}), path)

    def put(code: str) -> None:
        file = tmp_path / "program.py"
        file.write_text(f"import os, sys, time\n{code}\n", encoding="utf-8")
        monkeypatch.setattr(parquet_process, "_PROGRAM", file)

    return put


def rows(path: Path, known: tuple[str, ...] = ("text", "id"), *, recover: bool = False):
    return read_parquet_rows(path, "text", known, Faults("rows", recover))


def write_many(path: Path, count: int = 50_000) -> None:
    columns = {"text": [f"Comment {n}." for n in range(count)], "id": [str(n) for n in range(count)]}
    parquet.write_table(pa.table(columns), path)


@pytest.mark.parametrize("recover", [False, True])
def test_a_process_that_is_killed_in_the_middle_leaves_the_rows_before(path, processes, recover):
    write_many(path)
    reading = rows(path, recover=recover)
    found = list(islice(reading, 100))
    processes[0].kill()
    with pytest.raises(ExportError) as caught:
        found.extend(reading)
    assert found == [(n + 1, {"text": f"Comment {n}.", "id": str(n)}) for n in range(len(found))]
    assert 100 <= len(found) < 50_000
    assert str(caught.value) == (
        f"rows: from row {len(found) + 1:,} on: cannot be read as Parquet: "
        "it ended its reader (signal 9), expected a whole file"
    )
    assert caught.value.line == len(found) + 1
    assert processes[0].returncode == -9


def test_the_next_file_of_an_archive_is_read(path, tmp_path, processes):
    write_many(path)
    next_one = tmp_path / "next.parquet"
    parquet.write_table(pa.table({"text": ["The last."]}), next_one)
    archive = read_archive([(path, "first"), (next_one, "second")])
    entries = archive.parts[0]._entries
    next(entries)
    processes[0].kill()
    *_, last = archive
    assert last.archived.comment.text == "The last."
    (error,) = archive.errors
    assert str(error).startswith("first: from row ")
    counts = archive.parts[0].counts
    assert counts.read == counts.placed > 0
    assert len(processes) == 2


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("os.kill(os.getpid(), 11)", "it ended its reader (signal 11), expected a whole file"),
        ("sys.exit(3)", "it ended its reader (exit code 3), expected a whole file"),
        ("raise KeyError('a')", "it ended its reader (exit code 1), expected a whole file"),
        (
            "print('[\"rows\", [{}', end='', flush=True); os.abort()",
            "it ended its reader (signal 6), expected a",
        ),
        ("print('x' * 9_000_000)", "its reader said more than 8,000,000 bytes of a row"),
        ("print('nothing')", "its reader said something else than rows"),
        ("print('[\"rows\", [5]]')", "its reader said something else than rows"),
        ("print('[\"rows\"]')", "its reader said something else than rows"),
        ("print('[[], []]')", "its reader said something else than rows"),
        ("print('[\"columns\", [5]]')", "its reader said something else than rows"),
        ("print('[\"size\", ' + '9' * 4_000 + ']')", "its reader said something else than rows"),
        ("print('[\"error\", ' + '[' * 900 + ']' * 901)", "its reader said something else than rows"),
        ("print('[' * 100_000)", "its reader said something else than rows"),
        ("print('[\"error\", \"a\\\\u001b[1m\\\\nb' + 'c' * 999 + '\"]')", "a?[1m?bc"),
        ("os.close(1); time.sleep(600)", "it ended its reader (which hangs), expected a whole file"),
    ],
)
def test_whatever_the_process_does_is_one_line(path, program, processes, monkeypatch, code, reason):
    program(code)
    monkeypatch.setattr(parquet_process, "_SECONDS", 1 if "sleep" in code else 60)
    with pytest.raises(InputError) as caught:
        list(rows(path))
    assert str(caught.value).startswith(f"rows: cannot be read as Parquet: {reason}")
    assert len(str(caught.value)) < 300
    assert str(caught.value).isprintable()
    assert not isinstance(caught.value, ExportError)
    assert processes[0].returncode is not None


def test_rows_are_checked_like_those_of_any_file(path, program):
    rows = [{"text": "a\ud800"}, {"a": {}}, {"text": {"b": 1}}, {"text": "x", "status": "\udfff"}, {"text": "whole"}]
    program(f"print({json.dumps(json.dumps(['rows', rows]))})")
    export = read_export(path, recover=True, name="rows")
    assert [one.archived.comment.text for one in export] == ["whole"]
    assert export.faults.skipped == 4
    assert "".join(export.faults.listed).isprintable()


def test_a_process_that_cannot_be_started_is_one_line(path, program, monkeypatch):
    program("")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(InputError, match=r"^rows: cannot be read as Parquet: no process for it: no such file"):
        list(rows(path))


def test_what_is_said_on_standard_error_fills_no_pipe(path, program):
    program('sys.stderr.write(\'x\' * 9_000_000); print(\'["rows", [{"text": "y"}]]\')')
    assert list(rows(path)) == [(1, {"text": "y"})]


SMALLER = f"""
import importlib.util
spec = importlib.util.spec_from_file_location("parquet_child", {str(PROGRAM)!r})
child = importlib.util.module_from_spec(spec)
spec.loader.exec_module(child)
child.MEMORY_BYTES = 150_000_000
child.main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the limit does not count all memory")
def test_a_process_that_takes_too_much_memory_is_one_line(path, program):
    program(SMALLER)
    assert list(rows(path)) == [(1, {"text": "x"})]
    texts = pa.table({"text": ["y" * 10_000] * 7_000})
    parquet.write_table(texts, path, use_dictionary=False, row_group_size=100)
    assert len(list(rows(path))) == 7_000
    parquet.write_table(texts, path, use_dictionary=False, data_page_size=2**30)  # one page
    with pytest.raises(InputError, match=r"cannot be read as Parquet: takes more than 150,000,000 bytes of memory$"):
        list(rows(path))


def test_the_process_has_its_limits(path, program):
    resource = pytest.importorskip("resource")
    code = SMALLER.replace("child.MEMORY_BYTES = 150_000_000\n", "").replace("child.main()", "child.limit()")
    program(
        f"{code}\nimport json, resource\n"
        "kinds = (resource.RLIMIT_DATA, resource.RLIMIT_CORE)\n"
        "limits = {'text': '', 'id': [resource.getrlimit(kind) for kind in kinds]}\n"
        "print(json.dumps(['rows', [limits]]))"
    )
    ((_, row),) = rows(path)
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    most = parquet_child.MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(parquet_child.MEMORY_BYTES, hard)
    assert row["id"] == [[most, most], [0, 0]]


@pytest.mark.parametrize("how", ["closed", "dropped", "thrown"])
def test_a_reading_that_is_given_up_ends_the_process(path, processes, how):
    write_many(path)
    begun = rows(path)
    assert len(list(islice(begun, 5))) == 5
    assert processes[0].poll() is None  # it waits: nobody takes its rows
    if how == "closed":
        begun.close()
    elif how == "thrown":
        with pytest.raises(KeyboardInterrupt):
            begun.throw(KeyboardInterrupt)
    del begun
    assert processes[0].returncode == -9


@pytest.mark.skipif(os.name != "posix", reason="pipes of other systems have no signal")
def test_the_process_ends_when_nobody_reads_any_more(path):
    write_many(path)
    with (
        path.open("rb") as file,
        subprocess.Popen([sys.executable, "-P", PROGRAM], stdin=file, stdout=subprocess.PIPE) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == b'["columns", ["text", "id"]]\n'
        process.stdout.close()
        assert process.wait(60) == -13


@pytest.mark.parametrize("searched", [None, os.pathsep])
def test_nothing_is_imported_from_the_folder_one_is_in(path, monkeypatch, searched):
    parquet.write_table(pa.table({"text": ["x"]}), path)
    for name in ("pyarrow", "json", "numpy", "pandas", "datetime"):
        path.with_name(f"{name}.py").write_text("raise SystemExit(77)", encoding="utf-8")
    monkeypatch.chdir(path.parent)
    if searched is not None:
        monkeypatch.setenv("PYTHONPATH", searched)
    assert list(rows(Path(path.name))) == [(1, {"text": "x"})]


def test_the_program_imports_little():
    code = f"import runpy, sys; runpy.run_path({str(PROGRAM)!r}); import pyarrow.parquet; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert not {"moderation", "sklearn", "scipy", "pandas"} & set(ran.stdout.split())


@pytest.mark.skipif(os.name != "posix", reason="elsewhere an open file keeps its name")
def test_the_file_may_lose_its_name_while_it_is_read(path):
    write_many(path)
    begun = rows(path)
    next(begun)
    path.unlink()
    assert len(list(begun)) == 49_999


def test_pages_are_checked_before_a_process_is_started(path, processes, monkeypatch):
    monkeypatch.setattr(parquet_pages, "MAX_PAGES_BYTES", 10)
    write_many(path, 100)
    with pytest.raises(InputError, match="has pages of"):
        list(read_export(path))
    assert processes == []


def test_a_group_that_is_too_large_ends_the_file_behind_those_before_it(path, monkeypatch):
    monkeypatch.setattr(parquet_rows, "MAX_ROW_BYTES", 50)
    schema = pa.schema({"text": pa.string()})
    with parquet.ParquetWriter(path, schema) as writer:
        for text in ("short", "long" * 500):
            writer.write_table(pa.table({"text": [text] * 20}, schema=schema))
    found = []
    with pytest.raises(ExportError, match=r"^rows: from row 21 on: has \d+ bytes a row, expected at most 50$"):
        found.extend(rows(path))
    assert len(found) == 20
