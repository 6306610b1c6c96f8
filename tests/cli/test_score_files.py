"""`moderation score` with several files."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest
from pyarrow import parquet

from moderation.batch import Journal
from moderation.threads.exports import parquet_process
from tests.cli.conftest import PAGE, one_line
from tests.cli.test_score import jsonl, records

ROWS = [
    {"text": "You are an idiot.", "id": "1", "thread_id": "bins", "parent": "3"},
    {"text": "The bins are full.", "id": "2", "thread_id": "bins"},
    {"text": "They were emptied on Tuesday.", "id": "3", "thread_id": "bins"},
]


@pytest.fixture
def shards(tmp_path):
    """A file a row, and one of all."""

    def write(name: str, raw: bytes):
        (tmp_path / name).write_bytes(raw)
        return tmp_path / name

    return [write(f"{row['id']}.jsonl", jsonl(row)) for row in ROWS], write("whole.jsonl", jsonl(*ROWS)), write


def test_shards_score_as_the_whole_file_in_the_order_given(run, shards):
    files, whole, _ = shards
    assert records(run("score", *files)) == records(run("score", whole))
    backwards = records(run("score", *reversed(files)))
    assert [row["id"] for row in backwards] == ["3", "2", "1"]


def test_formats_may_be_mixed(run, shards, tmp_path):
    files, _, write = shards
    csv = write("rows.csv", b"id,text\n9,You are a liar.\n")
    rows = records(run("score", files[0], csv, PAGE, files[1]))
    assert [row["id"] for row in rows][:3] == ["1", "9", "1"]
    assert rows[-1]["id"] == "2"
    assert len(rows) == 16


def test_counts_are_said_for_each_file_and_in_all(run, shards, tmp_path):
    files, _, write = shards
    write("2.jsonl", jsonl(ROWS[1], {"text": 5}))
    done = run("score", *files, "-o", tmp_path / "out.csv", "--recover")
    assert done.code == 0
    assert done.err.splitlines()[1:] == [
        f"skipped {files[1]}: byte {len(jsonl(ROWS[1]))}, line 2: text is a number, expected a string",
        f"{files[0]}: read 1 = scored 1 + skipped 0",
        f"{files[1]}: read 2 = scored 1 + skipped 1",
        f"{files[2]}: read 1 = scored 1 + skipped 0",
        "read 4 = scored 3 + skipped 1",
    ]


def test_a_broken_file_does_not_keep_the_others_from_being_scored(run, shards, tmp_path):
    files, _, write = shards
    write("1.jsonl", jsonl(ROWS[0], {"text": 5}))
    write("2.jsonl", b"\0\1\2")
    out = tmp_path / "out.jsonl"
    done = run("score", *files, "-o", out)
    assert done.code == 3
    said = [line for line in done.err.splitlines() if line.startswith("moderation: ")]
    assert len(said) == 2, "one line a fault"
    assert said[0].startswith(f"moderation: {files[1]}: is binary")
    assert said[1] == (
        f"moderation: {files[0]}: byte {len(jsonl(ROWS[0]))}, line 2: text is a number, expected a string"
    )
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == ["1", "3"]
    assert not list(tmp_path.glob(".*")), "nothing is left to resume"


def test_a_file_that_cannot_be_read_is_said_before_anything_is_scored(run, shards, tmp_path):
    files, _, write = shards
    out = tmp_path / "out.jsonl"
    line = one_line(run("score", *files, tmp_path / "missing.jsonl", "-o", out))
    assert line == f"moderation: {tmp_path / 'missing.jsonl'}: no such file or directory\n"
    assert "empty.jsonl: is empty" in one_line(run("score", files[0], write("empty.jsonl", b""), "-o", out))
    assert not out.exists()


def test_no_file_may_be_given_twice(run, shards, tmp_path):
    files, _, _ = shards
    assert f"{files[0]}: is given twice, expected each file once" in one_line(
        run("score", files[0], files[1], files[0])
    )
    link = tmp_path / "link.jsonl"
    link.symlink_to(files[0])
    assert f"{link}: is the same file as {files[0]}" in one_line(run("score", files[0], link))


def test_standard_input_stands_alone(run, shards):
    files, _, _ = shards
    reason = "- (standard input) stands beside other files, expected it alone"
    assert reason in one_line(run("score", files[0], "-", stdin=jsonl(ROWS[1])))
    assert reason in one_line(run("score", "-", "-", stdin=jsonl(ROWS[1])))


def test_files_without_comments_are_said(run, shards):
    write = shards[2]
    files = [write("a.csv", b"id,text\n"), write("b.csv", b"id,text\n")]
    assert f"{files[0]} and 1 more: have no comments to score" in one_line(run("score", *files))


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("--cluster", "somewhere"), "'somewhere' is no address of a Dask scheduler, expected tcp://HOST:PORT"),
        (
            ("--cluster", "tcp://a:1", "--workers", "2"),
            "--cluster has workers of its own, expected it without --workers",
        ),
    ],
)
def test_a_cluster_that_cannot_be_meant_ends_in_one_line(run, shards, tmp_path, args, reason):
    out = tmp_path / "out.jsonl"
    assert reason in one_line(run("score", *shards[0], "-o", out, *args))
    assert not list(tmp_path.glob(".*"))


class TestResume:
    @pytest.fixture
    def stopped(self, run, tmp_path, monkeypatch):
        """A run over two files that was stopped in the second one, and what goes on with it."""
        files = [tmp_path / "a.jsonl", tmp_path / "b.csv"]
        files[0].write_bytes(jsonl(*({"text": f"Comment number {n}.", "id": str(n)} for n in range(700))))
        files[1].write_bytes(b"id,text\n" + b"".join(b"%d,Comment number %d.\n" % (n, n) for n in range(700, 1_300)))
        out, add = tmp_path / "out.jsonl", Journal.add

        def stop(self, chunk):
            add(self, chunk)
            if self.rows == 1_000:
                raise KeyboardInterrupt

        monkeypatch.setattr(Journal, "add", stop)
        done = run("score", *files, "-o", out, "--no-spans")
        monkeypatch.setattr(Journal, "add", add)
        assert done.code == 130
        assert "stopped after 1,000 comments" in done.err
        return files, lambda *given: run("score", *given, "-o", out, "--no-spans", "--resume"), out

    def test_goes_on_in_the_file_where_it_stopped(self, stopped):
        files, resume, out = stopped
        assert resume(*files).code == 0
        assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == [str(n) for n in range(1_300)]

    def test_is_refused_with_other_files_or_another_order(self, stopped):
        files, resume, _ = stopped
        assert "was of another order of exports" in one_line(resume(*reversed(files)))
        assert "was of another export, expected the same" in one_line(resume(files[0]))
        files[1].write_bytes(files[1].read_bytes() + b"1300,More.\n")
        assert f"was of another export {files[1]}, expected the same" in one_line(resume(*files))


def test_a_parquet_file_that_ends_its_reader_is_scored_up_to_there(run, tmp_path, monkeypatch):
    file, program, out = tmp_path / "rows.parquet", tmp_path / "program.py", tmp_path / "out.csv"
    parquet.write_table(pa.Table.from_pylist(ROWS), file)
    lines = [["columns", ["text"]], ["rows", ROWS[:2]]]
    said = "".join(f"{json.dumps(line)}\n" for line in lines)
    program.write_text(f"import os\nprint({said!r}, end='', flush=True)\nos.abort()\n", encoding="utf-8")
    monkeypatch.setattr(parquet_process, "_PROGRAM", program)
    done = run("score", file, "-o", out)
    assert done.code == 3
    reason = "cannot be read as Parquet: it ended its reader (signal 6), expected a whole file"
    assert done.err.splitlines()[-3:] == [
        f"scored 2 comments into {out}",
        "read 2 = scored 2 + skipped 0",
        f"moderation: {file}: from row 3 on: {reason}",
    ]
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3
