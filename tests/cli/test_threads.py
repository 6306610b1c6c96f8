"""`moderation threads`."""

from __future__ import annotations

import json
import os
import re

import pytest

from tests.cli.conftest import PAGE, one_line, plain
from tests.conftest import DOCUMENTS

THREAD_KEYS = ["source", "article", "policy_text", "who_may_comment", "quotations", "comments"]
COMMENT_KEYS = ["id", "number", "text", "parent_id", "parent_missing", "author", "created_at", "status"]


def test_a_pipe_gets_one_json_thread_a_line(run):
    done = run("threads", *DOCUMENTS)
    assert (done.code, done.err) == (0, "")
    threads = [json.loads(line) for line in done.out.splitlines()]
    assert [thread["source"] for thread in threads] == [path.name for path in DOCUMENTS]
    for thread in threads:
        assert sorted(thread) == sorted(THREAD_KEYS)
        assert sorted(thread["article"]) == ["published_at", "text", "title", "url"]
        for comment in thread["comments"]:
            assert sorted(comment) == sorted(COMMENT_KEYS)
    assert [len(thread["comments"]) for thread in threads] == [13, 0, 0, 0]
    missing = [comment["number"] for comment in threads[0]["comments"] if comment["parent_missing"]]
    assert missing == ["6.1.1"]


def test_a_terminal_gets_the_tree(terminal):
    done = terminal("threads", PAGE)
    assert done.code == 0
    lines = [plain(line) for line in done.out.splitlines()]
    depths = {
        found.group(1): found.start() for line in lines if (found := re.search(r"(?<=[├└]── )(\d[\d.]*) \S", line))
    }
    assert list(depths) == ["1", "2", "3", "4", "5", "5.1", "6", "6.1.1", "7", "8", "8.1", "8.2", "9"]
    assert len({depths[top] for top in "123456789"}) == 1
    assert len({depths[reply] for reply in ("5.1", "6.1.1", "8.1", "8.2")}) == 1
    assert depths["8"] < depths["8.1"]
    missing = [line for line in lines if "its parent is missing from the page" in line]
    assert [line.split("── ")[1].split()[0] for line in missing] == ["6.1.1"]
    assert "Lansman declares for GenSec" in lines[0]
    assert '"source"' not in done.out
    assert "\x1b[1m1 \x1b[0mPower corrupts" in done.out, "only the number is bold"


def test_a_terminal_shows_the_policy_the_quotations_and_who_may_comment(terminal):
    done = terminal("threads", *DOCUMENTS[1:])
    assert done.code == 0
    assert "who may comment: site account, Twitter, Facebook" in done.out
    assert "quotation: Peter Mason (@_petermason), 2020-01-26: Thread: Len McCluskey" in done.out
    assert "I moderate once per day" in done.out
    assert done.out.count("comments: 0") == 3


def test_nothing_on_a_page_commands_the_terminal(terminal, tmp_path):
    """A stranger's comment could clear the screen, retitle the window or turn a line round."""
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><title>Bins \x9b2J news</title></head><body><article><h1>Bins</h1><p>The bins will be emptied every "
        "other week from May, said the council on Monday, and the old ones are to be collected.</p></article>"
        '<ol class="commentlist"><li class="comment" id="comment-1"><div class="comment-body">'
        '<cite class="fn">Jo\u202eeroM</cite><p>red\u2066 [bold]not bold[/bold] &#x9b;31m end</p></div></li></ol>'
        "</body></html>",
        encoding="utf-8",
    )
    done = terminal("threads", page)
    assert done.code == 0, done
    assert "[bold]not bold[/bold]" in done.out, "markup is text"
    for hostile in ("\x9b", "\u202e", "\u2066"):
        assert hostile not in done.out
    assert "\ufffd" in done.out


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "is binary"),
        (b"def main():\n    return {1: 2}\n" * 20, "is not a page"),
        (DOCUMENTS[3].read_bytes()[:3001], "is cut off in the middle"),
        (None, "no such file or directory"),
    ],
    ids=["empty", "binary", "no page", "cut off", "missing"],
)
def test_a_bad_file_ends_in_one_line(run, tmp_path, content, reason):
    bad = tmp_path / "bad.txt"
    if content is not None:
        bad.write_bytes(content)
    for files in ([bad], [PAGE, bad]):
        line = one_line(run("threads", *files))
        assert str(bad) in line
        assert reason in line


def test_a_folder_is_no_page(run, tmp_path):
    assert "is a directory" in one_line(run("threads", tmp_path))


def test_the_process_itself_ends_with_2_and_without_a_stack_trace(pipe, tmp_path):
    (tmp_path / "empty.txt").touch()
    assert "empty.txt: is empty" in one_line(pipe("threads", tmp_path / "empty.txt"))


def test_a_pipe_is_utf_8_whatever_the_locale_and_the_file_name(pipe, tmp_path):
    name = os.fsdecode(b"caf\xe9.txt")  # saved by a program that knew no UTF-8
    (tmp_path / name).write_bytes(DOCUMENTS[0].read_bytes())
    done = pipe("threads", name, cwd=tmp_path, PYTHONIOENCODING="ascii:strict")
    assert (done.code, done.err) == (0, "")
    thread = json.loads(done.out)
    assert thread["source"] == name
    assert "–" in thread["article"]["title"]
