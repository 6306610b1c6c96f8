"""`moderation score`."""

from __future__ import annotations

import csv
import json
import subprocess

import pyarrow.parquet
import pytest

from moderation.batch import Journal
from moderation.labels import LABEL_NAMES
from tests.cli.conftest import COMMAND, PAGE, one_line, plain

KEYS = ["id", "decision", "suggestion", "rules", "scores", "spans", "model", "policy"]
RULE_KEYS = ["id", "says", "label", "score", "threshold", "action", "reason"]
SPAN_KEYS = ["start", "end", "label", "weight"]
CURSOR = "\x1b[?25"  # what every progress bar begins with: it hides the cursor


def jsonl(*records: dict) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


HOSTILE = jsonl({"text": "x", "id": "=1+1"}, {"text": "You are an idiot.", "id": "é\n2"}, {"text": "y", "id": None})


def records(done) -> list[dict]:
    assert done.code == 0, done
    assert done.err == "", "no progress bar in a pipe"
    return [json.loads(line) for line in done.out.splitlines()]


def test_a_pipe_gets_one_scored_record_a_line(run):
    rows = records(run("score", PAGE))
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5", "5.1", "6", "6.1.1", "7", "8", "8.1", "8.2", "9"]
    for row in rows:
        assert list(row) == KEYS
        assert all(list(rule) == RULE_KEYS for rule in row["rules"])
        assert all(list(span) == SPAN_KEYS for span in row["spans"])
        assert list(row["scores"]) == list(LABEL_NAMES)
        assert all(score is None or 0 <= score <= 1 for score in row["scores"].values())
        assert (row["decision"] in ("hold", "reject"), row["model"], row["policy"]) == (True, "default", "barnet-eye")


def test_a_page_its_threads_and_its_records_score_alike(run):
    of_page = run("score", PAGE)
    threads = run("threads", PAGE).out.encode()
    assert run("score", "-", stdin=threads) == of_page
    thread = json.loads(threads)
    rows = [
        {
            "id": comment["id"],
            "text": comment["text"],
            "parent": comment["parent_id"],
            "article": {key: thread["article"][key] for key in ("title", "text", "url")},
            "thread_id": thread["source"],
        }
        for comment in thread["comments"]
    ]
    assert run("score", "-", stdin=jsonl(*rows)) == of_page


@pytest.mark.parametrize(
    "content",
    [
        b'{"id": "a", "text": "Hello."}',
        b'\xef\xbb\xbf{"id": "a", "text": "Hello."}\r\n\r\n',
        b"id,text\na,Hello.\n",
        b"\xef\xbb\xbfid,text\r\na,Hello.\r\n",
    ],
    ids=["jsonl", "jsonl of a Windows editor", "csv", "csv of a spreadsheet"],
)
def test_the_kind_of_file_is_found_from_its_content(run, tmp_path, content):
    file = tmp_path / "comments.dat"
    file.write_bytes(content)
    (row,) = records(run("score", file))
    assert (row["id"], row["scores"]["off_topic"]) == ("a", None)
    assert records(run("score", "-", stdin=content)) == [row]


def test_every_output_format_says_the_same(run, tmp_path):
    expected = records(run("score", "-", stdin=HOSTILE))
    for ending in ("jsonl", "csv", "parquet"):
        out = tmp_path / f"out.{ending}"
        done = run("score", "-", "-o", out, stdin=HOSTILE)
        counts = "read 3 = scored 3 + skipped 0\n"
        assert (done.code, done.out, done.err) == (0, "", f"scored 3 comments into {out}\n{counts}")
    text = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line) for line in text.splitlines()] == expected
    assert pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist() == expected
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    assert [row["id"] for row in table] == ["'=1+1", "é\n2", ""], "a spreadsheet must not run an id"
    for row, record in zip(table, expected, strict=True):
        assert row["decision"] == record["decision"]
        assert row["rules"].split(";") == [rule["id"] for rule in record["rules"]]
        scores = {label: float(row[label]) if row[label] else None for label in LABEL_NAMES}
        assert scores == record["scores"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "standard input: is empty"),
        (b"\0\1\2", "standard input: is binary"),
        (b"id,text\n", "standard input: has no comments to score"),
    ],
)
def test_what_is_no_export_ends_in_one_line_and_leaves_an_older_file(run, tmp_path, content, reason):
    out = tmp_path / "out.csv"
    out.write_text("older", encoding="utf-8")
    assert reason in one_line(run("score", "-", "-o", out, stdin=content))
    assert out.read_text(encoding="utf-8") == "older"
    assert reason in one_line(run("score", "-", stdin=content))
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


BROKEN = [
    (b'{"text": "a"}\n{"text": 5}\n', "standard input: byte 14, line 2: text is a number, expected a string", 1),
    (b'{"text": "a"}\n{"text": ""}\n', "standard input: byte 14, line 2: text is empty", 1),
    (b'{"text": "a", "txet": "b"}\n', "unknown field 'txet', expected one of", 0),
    (b'{"text": "a"\n', "line 1: is not", 0),
    (b"id,text\n1\n", "line 2: has 1 values, expected 2", 0),
    (b'{"text": "a", "\\u001b[2J\\u202e": 1}\n', r"'\x1b[2J\u202e'", 0),
]


@pytest.mark.parametrize(("content", "reason", "before"), BROKEN)
def test_a_broken_file_is_scored_up_to_the_fault(run, tmp_path, content, reason, before):
    out = tmp_path / "out.jsonl"
    out.write_text("older", encoding="utf-8")
    done = run("score", "-", "-o", out, stdin=content)
    assert done.code == 3
    assert done.err.splitlines()[-1].startswith("moderation: ")
    assert reason in done.err.splitlines()[-1]
    written = out.read_text(encoding="utf-8")
    assert written.count("\n") == before if before else written == "older"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    done = run("score", "-", stdin=content)
    assert (done.code, done.out.count("\n")) == (3, before)


def test_recovering_goes_on_behind_a_fault_and_counts_add_up(run, tmp_path):
    out = tmp_path / "out.jsonl"
    done = run(
        "score", "-", "-o", out, "--recover", stdin=jsonl({"text": "a"}, {"text": 5}, {"text": "c"}, {"text": "d"})
    )
    assert done.code == 0
    assert "skipped standard input: byte 14, line 2: text is a number, expected a string\n" in done.err
    assert "read 4 = scored 3 + skipped 1" in done.err
    assert out.read_text().count("\n") == 3


@pytest.mark.usefixtures("own_processes")
def test_many_workers_give_the_same_bytes(run, tmp_path):
    rows = [{"text": f"You are comment number {n} and an idiot.", "thread_id": f"t{n % 3}"} for n in range(1200)]
    files = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for workers, out in enumerate(files, start=1):
        done = run("score", "-", "-o", out, "--workers", workers, "--no-spans", stdin=jsonl(*rows))
        assert done.code == 0, done
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].read_bytes().count(b"\n") == 1200


class TestResume:
    ROWS = jsonl(*({"text": f"Comment number {n}.", "id": str(n)} for n in range(1300)))

    def test_goes_on_where_a_killed_run_stopped(self, run, tmp_path, monkeypatch):
        source, whole, out = tmp_path / "in.jsonl", tmp_path / "whole.csv", tmp_path / "out.csv"
        source.write_bytes(self.ROWS)
        assert run("score", source, "-o", whole, "--no-spans").code == 0
        add = Journal.add

        def killed(self, chunk):
            if self.rows:
                # Written but not counted, as when the power fails in between.
                self._file.write(chunk.lines[:1000])
                self._file.flush()
                raise KeyboardInterrupt
            add(self, chunk)

        monkeypatch.setattr(Journal, "add", killed)
        done = run("score", source, "-o", out, "--no-spans")
        assert done.code == 130
        assert "stopped after 500 comments; go on with --resume" in done.err
        assert not out.exists()
        monkeypatch.setattr(Journal, "add", add)
        sizes = []
        monkeypatch.setattr(Journal, "add", lambda self, chunk: sizes.append(chunk.rows) or add(self, chunk))
        assert run("score", source, "-o", out, "--no-spans", "--resume").code == 0
        assert sizes == [500, 300], "nothing is scored twice"
        assert out.read_bytes() == whole.read_bytes()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.csv", "whole.csv"]

    def test_is_refused_where_there_is_nothing_or_something_else(self, run, tmp_path, monkeypatch):
        source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
        source.write_bytes(self.ROWS)
        assert "no unfinished run to resume" in one_line(run("score", source, "-o", out, "--resume"))
        assert "expected -o OUT too" in one_line(run("score", source, "--resume"))
        add = Journal.add

        def stopped(self, chunk):
            add(self, chunk)
            raise KeyboardInterrupt

        monkeypatch.setattr(Journal, "add", stopped)
        assert run("score", source, "-o", out).code == 130
        monkeypatch.setattr(Journal, "add", add)
        line = one_line(run("score", source, "-o", out, "--resume", "--policy", "open"))
        assert "the unfinished run was of another model or policy" in line
        source.write_bytes(self.ROWS + b"\n")
        assert "the unfinished run was of another export" in one_line(run("score", source, "-o", out, "--resume"))
        assert run("score", source, "-o", out).code == 0, "without --resume it begins anew"


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("nowhere.txt",), "nowhere.txt: no such file or directory"),
        ((PAGE, "-o", "out.tsv"), "unknown output format '.tsv', expected one of .csv, .jsonl, .parquet"),
        ((PAGE, "-o", "out"), "unknown output format 'out'"),
        ((PAGE, "-o", "nowhere/out.csv"), "nowhere/out.csv: cannot be written: no such file or directory"),
        ((PAGE, "--model", "defualt"), "unknown model 'defualt', expected one of default"),
        ((PAGE, "--model", "defualt"), "did you mean 'default'?"),
        ((PAGE, "--policy", "barnet"), "did you mean 'barnet-eye'?"),
    ],
)
def test_bad_arguments_end_in_one_line(run, tmp_path, monkeypatch, args, reason):
    monkeypatch.chdir(tmp_path)
    assert reason in one_line(run("score", *args))
    assert list(tmp_path.iterdir()) == []


def test_a_failure_in_the_middle_leaves_the_older_file(run, tmp_path, monkeypatch):
    out = tmp_path / "out.jsonl"
    out.write_text("older", encoding="utf-8")

    def full_disk(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("moderation.batch.journal.os.fsync", full_disk)
    line = one_line(run("score", "-", "-o", out, stdin=HOSTILE))
    assert line == f"moderation: {out}: cannot be written: no space left on device\n"
    assert out.read_text(encoding="utf-8") == "older"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_the_policy_and_the_model_may_come_from_the_environment(run, monkeypatch, models):
    monkeypatch.setenv("MODERATION_POLICY", "open")
    monkeypatch.setenv("MODERATION_MODEL", str(models / "default"))
    (row,) = records(run("score", "-", stdin=b'{"text": "Thank you."}'))
    assert (row["policy"], row["model"]) == ("open", "default")
    assert "moderated" not in [rule["id"] for rule in row["rules"]], "this policy publishes at once"


def test_a_terminal_gets_a_table_and_the_quotes(terminal_process):
    done = terminal_process("score", PAGE)
    assert done.code == 0
    lines = plain(done.out).splitlines()
    (heading,) = (number for number, line in enumerate(lines) if line.split()[:3] == ["id", "decision", "scores"])
    ids = [line.split()[0] for line in lines[heading + 1 :] if line[:1].isdigit()]
    assert ids == ["1", "2", "3", "4", "5", "5.1", "6", "6.1.1", "7", "8", "8.1", "8.2", "9"]
    assert "registered: “Only comments from Registered users allowed”" in plain(done.out)
    assert CURSOR in done.out, "a progress bar, gone when it is done"
    assert '"decision"' not in done.out


def test_standard_output_in_a_pipe_stays_there_though_errors_go_to_a_terminal(terminal_process):
    """`moderation score FILE | jq`: the progress bar belongs to the terminal and the records to the pipe."""
    done = terminal_process("score", PAGE, piped=True)
    assert done.code == 0
    assert len([json.loads(line) for line in done.out.splitlines()]) == 13
    assert CURSOR in done.err
    assert '"decision"' not in done.err


def test_no_progress_bar_in_a_pipe_even_where_colours_are_forced(run, monkeypatch):
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.setenv(name, "1")
    (row,) = records(run("score", "-", stdin=b'{"text": "Hello."}'))
    assert list(row) == KEYS


def test_nothing_in_a_comment_commands_the_terminal(terminal, tmp_path):
    hostile = "\x1b]0;owned\x07 \x1b[2J \x9b31m \u202eright to left\u2066 [red]markup[/red] \r\b\x00"[:-1]
    file = tmp_path / "comments.jsonl"
    file.write_bytes(jsonl({"text": hostile, "id": hostile}))
    done = terminal("score", file)
    assert done.code == 0
    for sign in ("\x1b]", "\x1b[2J", "\x07", "\x9b", "\u202e", "\u2066", "\b"):
        assert sign not in done.out.replace("\x1b[?25", ""), repr(sign)
    assert "[red]markup[/red]" in plain(done.out)


def test_a_reader_that_leaves_early_is_no_error(env, tmp_path):
    """As in `moderation score FILE | head -1`: enough comments to fill the pipe."""
    file = tmp_path / "comments.jsonl"
    file.write_bytes(jsonl(*({"text": f"Hello number {number}.", "id": str(number)} for number in range(400))))
    with subprocess.Popen(
        [COMMAND, "score", str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
    ) as process:
        first = process.stdout.readline()
        process.stdout.close()
        error = process.stderr.read()
    assert json.loads(first)["id"] == "0"
    assert error == b""
    assert process.returncode in (0, 1), "no signal, no code of a user's mistake"


def test_the_same_file_gives_the_same_bytes_in_another_process(pipe, run):
    assert pipe("score", PAGE) == run("score", PAGE)


def test_the_table_fits_a_narrow_terminal(terminal, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    done = terminal("score", PAGE)
    assert done.code == 0
    assert max(len(line) for line in plain(done.out.split(CURSOR)[-1]).splitlines()) <= 60
