"""`moderation policy`."""

from __future__ import annotations

import csv
import json

import pyarrow.parquet as pq
import pytest

from moderation.labels import LABEL_NAMES
from tests.cli.conftest import PAGE, one_line, plain
from tests.conftest import ROOT

WORDPRESS = ROOT / "tests" / "threads" / "exports" / "fixtures" / "wordpress.xml"
LINKS = """
name = "links"
appear = "immediately"
says = "Comments appear at once."
[[rules]]
id = "links"
says = "No links."
fact = "links"
most = 0
action = "reject"
[[rules]]
id = "shop"
says = "No shop talk."
pattern = '(?i)buy now'
action = "hold"
"""
# Rules about facts alone: what they do does not hang on a model.
ROWS = [
    {"id": "1", "text": "The bins are full again, said the council on Monday.", "status": "approved"},
    {"id": "2", "text": "See www.example.org for the plan of the council.", "status": "approved"},
    {"id": "3", "text": "Cheap bins at www.example.org for your street.", "status": "spam"},
    {"id": "4", "text": "Buy now what the council cannot give to you.", "status": "spam"},
    {"id": "5", "text": "The council should be ashamed of these bins.", "status": "trash"},
    {
        "id": "6",
        "text": "=1+1 \x1b[2J <script>alert(1)</script> The council says see www.example.org",
        "status": "held",
    },
]


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "archive.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


@pytest.fixture
def links(tmp_path):
    (tmp_path / "blog").mkdir()
    path = tmp_path / "blog" / "links.toml"
    path.write_text(LINKS, encoding="utf-8")
    return path


@pytest.fixture
def shop(tmp_path, links):
    path = tmp_path / "blog" / "shop.toml"
    path.write_text(LINKS.replace("most = 0", "most = 9"), encoding="utf-8")
    return path


def records(done) -> list[dict]:
    assert done.code == 0, done
    return [json.loads(line) for line in done.out.splitlines()]


def of_kind(rows, kind):
    return [row for row in rows if row["kind"] == kind]


def test_a_pipe_gets_the_figures_as_json_lines(run, archive, links, shop):
    done = run("policy", "replay", archive, "--policy", links, "--policy", shop)
    assert done.err == ""
    rows = records(done)
    (about,) = of_kind(rows, "archive")
    assert (about["comments"], about["outcomes"]) == (6, {"kept": 2, "removed": 3, "unknown": 1})
    first, second = of_kind(rows, "policy")
    assert (first["policy"], second["policy"]) == ("links.toml", "shop.toml")
    decisions = first["decisions"]
    assert [decisions[what] for what in ("published", "held", "rejected")] == [2, 1, 3]
    # Published 1 (kept) and 5 (removed), rejected 2 (kept) and 3 (removed); 4 is held, 6 is unknown.
    assert (decisions["agreement"]["hits"], decisions["agreement"]["of"]) == (2, 4)
    assert (decisions["precision"]["hits"], decisions["precision"]["of"]) == (2, 3)
    assert (decisions["recall"]["hits"], decisions["recall"]["of"]) == (2, 3)
    assert first["suggestions"]["published"] == 6, "no rule is about a score"
    rules = {(row["policy"], row["rule"]): (row["held"], row["rejected"]) for row in of_kind(rows, "rule")}
    assert rules["links.toml", "links"] == (0, 3)
    assert rules["links.toml", "shop"] == rules["shop.toml", "shop"] == (1, 0)
    (way,) = of_kind(rows, "differing")
    assert way["first"] == {"policy": "links.toml", "decision": "reject", "suggestion": "publish"}
    assert (way["comments"], way["kept"], way["removed"], way["unknown"]) == (3, 1, 1, 1)
    assert [row["id"] for row in of_kind(rows, "comment")] == ["2", "3", "6"]
    assert {row["answer"] for row in of_kind(rows, "threshold")} == {"too few comments to say"}
    assert [row["label"] for row in of_kind(rows, "threshold")] == list(LABEL_NAMES)


def test_several_exports_are_one_archive(run, archive, links, tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps(ROWS[2]) + "\n", encoding="utf-8")
    done = run("policy", "replay", archive, other, WORDPRESS, "--policy", links)
    rows = records(done)
    assert of_kind(rows, "archive")[0]["comments"] == 6 + 1 + 9
    assert "read 13 = judged 9 + skipped 4\n" in done.err
    assert "wordpress.xml: comment '107': pingback" in done.err


def test_every_file_of_differences_says_the_same(run, archive, links, shop, tmp_path):
    found = {}
    for ending in ("jsonl", "csv", "parquet"):
        out = tmp_path / f"out.{ending}"
        done = run("policy", "replay", archive, "--policy", links, "--policy", shop, "--differences", out)
        assert done.err == f"wrote 3 of 6 comments, on which the policies differ, into {out}\n"
        found[ending] = out
    rows = [json.loads(line) for line in found["jsonl"].read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["status"], row["a_decision"], row["b_decision"]) for row in rows] == [
        ("2", "approved", "reject", "publish"),
        ("3", "spam", "reject", "publish"),
        ("6", "held", "reject", "publish"),
    ]
    assert [row["a_rules"] for row in rows] == ["links"] * 3
    assert pq.read_table(found["parquet"]).to_pylist() == rows
    with found["csv"].open(encoding="utf-8", newline="") as lines:
        assert [row["text"][:5] for row in csv.DictReader(lines)] == ["See w", "Cheap", "'=1+1"]


@pytest.mark.usefixtures("own_processes")
def test_workers_change_nothing(run, archive, links, shop, tmp_path):
    ended, written = [], []
    for workers in (1, 2):
        out = tmp_path / f"{workers}.jsonl"
        args = ("--policy", links, "--policy", shop, "--workers", workers, "--differences", out)
        ended.append(run("policy", "replay", archive, WORDPRESS, *args).out)
        written.append(out.read_bytes())
    assert ended[0] == ended[1] != ""
    assert written[0] == written[1] != b""


def test_a_terminal_gets_tables(terminal, archive, links, shop):
    done = terminal("policy", "replay", archive, "--policy", links, "--policy", shop, "--policy", "open")
    assert done.code == 0, done
    screen = plain(done.out)
    for shown in (
        "6 comments, model default. The owner's decisions: kept 2 (approved 2); removed 3 (spam 2, trash 1); unknown 1",
        "What each policy would have done",
        "Rules of links.toml",
        "links: “No links.”",
        "links.toml and shop.toml differ on 3 of 6 comments",
        "3  links.toml: reject (scores suggest publish);  shop.toml: publish (scores suggest publish)   owner: kept 1,",
        "Thresholds that would reject no more than 1 in 200 good comments",
        "too few, 765 needed",
        "2 of 3",
    ):  # fmt: skip
        assert shown in screen
    assert "<script>alert(1)</script>" in screen
    assert "\x1b[2J" not in done.out, "a comment commands no terminal"
    assert '"kind"' not in done.out


def test_a_page_is_written(run, archive, links, tmp_path):
    out = tmp_path / "page.html"
    done = run("policy", "replay", archive, "--policy", links, "--policy", "open", "--html", out, "--target", "1 in 2")
    assert done.err == f"wrote {out}\n"
    html = out.read_text(encoding="utf-8")
    assert "What would links.toml and open have done?" in html
    assert "1 in 2 of the good comments" in html
    assert "<script" not in html
    assert str(tmp_path) not in html


def test_names_that_two_policies_share_are_shown_in_full(run, archive, links, tmp_path):
    other = tmp_path / "links.toml"
    other.write_text(LINKS.replace("most = 0", "most = 9"), encoding="utf-8")
    rows = records(run("policy", "replay", archive, "--policy", links, "--policy", other))
    assert [row["policy"] for row in of_kind(rows, "policy")] == [str(links), str(other)]


def test_it_says_what_the_archive_cannot_tell(run, tmp_path, links):
    assert "no comment states what the owner did with it" in run("policy", "replay", PAGE, "--policy", "open").err
    kept = tmp_path / "kept.jsonl"
    kept.write_text(json.dumps(ROWS[0]) + "\n", encoding="utf-8")
    done = run("policy", "replay", kept, "--policy", links)
    assert "no comment that the owner removed" in done.err
    assert "WordPress leaves spam out of its own export" in done.err


def test_a_broken_export_is_replayed_up_to_the_fault(run, archive, links, shop, tmp_path):
    with archive.open("a", encoding="utf-8") as lines:
        lines.write('{"text": 5}\n{"text": "The last one about the bins.", "status": "spam"}\n')
    out, page = tmp_path / "out.jsonl", tmp_path / "page.html"
    args = ("policy", "replay", archive, "--policy", links, "--policy", shop, "--differences", out, "--html", page)
    done = run(*args)
    assert done.code == 3
    assert done.err.splitlines()[-1].endswith("line 7: text is a number, expected a string")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert of_kind(rows, "archive")[0]["comments"] == 6
    assert out.read_text(encoding="utf-8").count("\n") == 3
    assert page.exists()
    done = run(*args, "--recover")
    assert of_kind(records(done), "archive")[0]["comments"] == 7
    assert "read 8 = judged 7 + skipped 1\n" in done.err


def test_a_long_list_of_what_was_skipped_is_cut(run, tmp_path, links):
    path = tmp_path / "many.csv"
    path.write_text("id,text,status\n" + "1,,spam\n" * 25 + "2,The bins are full.,approved\n", encoding="utf-8")
    done = run("policy", "replay", path, "--policy", links)
    assert done.err.count("text is empty") == 10
    assert "skipped 15 more\nread 26 = judged 1 + skipped 25\n" in done.err


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("--policy", "opne"), "unknown policy 'opne', expected one of barnet-eye, open; did you mean 'open'?"),
        (("--policy", "open", "--policy", "open"), "policy 'open' is given twice, expected different ones"),
        (("--policy", "nowhere.toml"), "nowhere.toml: no such file or directory"),
        (("--policy", "open", "--differences", "out.csv"), "--differences compares two policies"),
        (("--policy", "open", "--policy", "barnet-eye", "--differences", "out.txt"), "unknown output format '.txt'"),
        (("--policy", "open", "--target", "few"), "target is 'few', expected a share such as '1 in 200' or '0.5%'"),
        (("--policy", "open", "--html", "nowhere/out.html"), "out.html: cannot be written: no such file or directory"),
        (("--policy", "open", "--model", "defualt"), "unknown model 'defualt', expected one of default"),
    ],
)
def test_a_mistake_ends_in_one_line(run, archive, tmp_path, monkeypatch, args, reason):
    monkeypatch.chdir(tmp_path)
    assert reason in one_line(run("policy", "replay", archive, *args))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("out")] == []


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "is empty"), (b"id,text\n", "has no comments to judge"), (b"\0\1", "is binary")]
)
def test_what_is_no_archive_ends_in_one_line(run, tmp_path, links, content, reason):
    path = tmp_path / "archive"
    path.write_bytes(content)
    assert reason in one_line(run("policy", "replay", path, "--policy", links))


def test_a_policy_must_be_given(run, archive):
    done = run("policy", "replay", archive)
    assert (done.code, done.out) == (2, "")
    assert "--policy" in done.err
