"""Splits: by thread, fixed in a file, near-duplicates together."""

from __future__ import annotations

import pytest

from moderation.errors import InputError, RecordError, UnknownNameError
from moderation.examples import for_fitting, in_test, split, split_of, splits
from moderation.examples.splits import digest_split, fix, read_splits, write_splits
from moderation.records import Example, Provenance, Situation


def row(thread: str, text: str, name: str | None = None) -> Example:
    return Example(name or thread, thread, Situation(text), Provenance("c", name or thread, "MIT"), {"spam": 0})


def thread_in(wanted: str, *, beside: tuple[str, ...] = ()) -> str:
    return next(f"t{n}" for n in range(1000) if digest_split(f"t{n}") == wanted and f"t{n}" not in beside)


@pytest.fixture
def nothing_fixed(monkeypatch):
    monkeypatch.setattr(splits, "_fixed", dict)


COPIED = "this very long sentence was pasted into three threads by one and the same visitor on one morning"


def test_threads_that_no_file_names_fall_by_their_digest(nothing_fixed):
    names = [f"thread {number}" for number in range(4000)]
    shares = {name: sum(digest_split(thread) == name for thread in names) / len(names) for name in splits.SPLITS}
    assert shares["test"] == pytest.approx(0.15, abs=0.02)
    assert shares["validation"] == pytest.approx(0.10, abs=0.02)
    assert shares["withheld"] == 0


def test_a_file_says_otherwise(monkeypatch):
    thread = thread_in("train")
    monkeypatch.setattr(splits, "_fixed", lambda: {thread: "test", "one-row": "withheld"})
    rows = [row(thread, "x"), row(thread, "x", "one-row"), row(thread_in("validation"), "x")]
    assert [split_of(one) for one in rows] == ["test", "withheld", "validation"]
    assert [in_test(one) for one in rows] == [True, False, False]
    assert [for_fitting(one) for one in rows] == [False, False, True]
    assert split(rows) == ([rows[2]], [rows[0]])


def test_copies_go_where_the_first_of_them_goes():
    train, test = thread_in("train"), thread_in("test")
    fixed = fix([row(test, COPIED), row(train, COPIED + " again"), row("alone", "something else")], [], {})
    assert fixed == dict.fromkeys((train, test), digest_split(min(train, test)))


def test_what_is_known_stays_and_draws_its_copies():
    train, test = thread_in("train"), thread_in("test")
    rows = [row(test, COPIED), row(train, COPIED)]
    assert fix(rows, [], {train: "validation"}) == {train: "validation", test: "validation"}
    assert fix(rows, [], {"gone": "test"})["gone"] == "test"


def test_listed_threads_are_put_into_the_file():
    assert fix([row("a", "x"), row("b", "y")], ["a"], {}) == {"a": digest_split("a")}


def test_a_large_thread_is_not_moved_and_its_copy_is_withheld(monkeypatch):
    monkeypatch.setattr(splits, "LARGE_THREAD", 3)
    train, test = thread_in("train"), thread_in("test")
    rows = [
        *[row(thread, f"comment {n} of its own", f"{thread}-{n}") for thread in (train, test) for n in range(3)],
        row(train, COPIED, "learned"),
        row(test, COPIED, "measured"),
    ]
    assert fix(rows, [], {}) == {train: "train", test: "test", "learned": "withheld"}
    again = fix(rows, [], {"learned": "withheld", train: "test", "of-another-corpus": "withheld"})
    assert again == {train: "test", test: "test", "of-another-corpus": "withheld"}, "rows at hand are found anew"


def test_the_file_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "splits.csv"
    fixed = {"b, with a comma": "test", 'a "quoted"': "train", "c\nd": "withheld", "e\rf": "test"}
    write_splits(path, fixed)
    assert read_splits(path) == fixed
    assert path.read_text(encoding="utf-8").startswith('name,split\n"a ""quoted""",train\n')


def test_a_broken_file_is_named(tmp_path):
    path = tmp_path / "splits.csv"
    for text, error, message in (
        ("name,split\na,tset\n", UnknownNameError, "splits.csv:2: unknown split 'tset'.*did you mean 'test'"),
        ("name,split\na,test\na,test\n", RecordError, "splits.csv:3: 'a' occurs twice"),
        ("thread,split\na,test\n", RecordError, "expected 'name' and 'split'"),
        ("name\na\n", UnknownNameError, "unknown split ''"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(error, match=message):
            read_splits(path)
    with pytest.raises(InputError, match="no such file"):
        read_splits(tmp_path / "none.csv")
