"""The harnesses themselves, without the fuzzer: their files, their changes and the rules they hold readers to."""

from __future__ import annotations

import random

import pytest

from moderation.errors import InputError
from moderation.records import Archived, Comment
from moderation.threads.exports import parquet_rows, reading
from tests.fuzz import contained, text_checks
from tests.fuzz.checks import FindingError, check_file
from tests.fuzz.contained import CONTAINED
from tests.fuzz.targets import TARGETS, check_of

WITHOUT_FILE = {"text", "moderator"}
READERS = sorted(TARGETS.keys() - WITHOUT_FILE)


def changed(rng: random.Random):
    """What the fuzzer does with bytes, only that no change is chosen for where it leads."""

    def change(data: bytes, size: int) -> bytes:
        place = rng.randrange(len(data) + 1)
        return (data[:place] + rng.randbytes(rng.randrange(4)) + data[place + rng.randrange(4) :])[:size]

    return change


@pytest.fixture(autouse=True)
def readers_as_ever(monkeypatch):
    # A harness sets them for its whole process.
    monkeypatch.setattr(reading, "format_of", reading.format_of)
    monkeypatch.setattr(parquet_rows, "child_lines", parquet_rows.child_lines)
    yield
    CONTAINED.close()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "input"
    path.write_bytes(b"<disqus>")
    return path


def test_every_reader_has_a_harness():
    assert reading._READERS.keys() <= TARGETS.keys()


@pytest.mark.parametrize("name", TARGETS)
def test_files_to_start_from_are_without_a_finding(name, tmp_path):
    check = check_of(name, tmp_path / "input")
    seeds = TARGETS[name].seeds()
    assert seeds
    for raw in seeds:
        assert len(raw) <= TARGETS[name].largest
        check(raw)


@pytest.mark.parametrize("name", READERS)
def test_files_to_start_from_are_of_their_format(name, tmp_path):
    found = set()
    for number, raw in enumerate(TARGETS[name].seeds()):
        path = tmp_path / str(number)
        path.write_bytes(raw)
        found.add(reading.format_of(path, "export"))
    assert found == ({name} if name != "any" else set(reading._READERS))


@pytest.mark.parametrize("name", TARGETS)
def test_changes_depend_on_nothing_but_the_seed_and_stay_within_the_size(name):
    mutate = TARGETS[name].mutate
    for seed, raw in enumerate(TARGETS[name].seeds() * 12):
        one, other = (random.Random(seed) for _ in range(2))
        made = mutate(raw, 30_000, one, changed(one))
        assert made == mutate(raw, 30_000, other, changed(other))
        assert len(made) <= 30_000


@pytest.mark.parametrize("name", READERS)
def test_changed_files_are_without_a_finding(name, tmp_path):
    check = check_of(name, tmp_path / "input")
    seeds = TARGETS[name].seeds()
    rng = random.Random(name)
    for _ in range(25):
        raw = rng.choice(seeds)
        for _ in range(rng.randrange(1, 4)):
            raw = TARGETS[name].mutate(raw, 20_000, rng, changed(rng))
        check(raw)


def test_parquet_that_ends_the_library_is_no_finding(tmp_path, monkeypatch):
    worker = tmp_path / "worker.py"
    worker.write_text("import os, sys\nsys.stdin.readline()\nos.abort()\n", encoding="utf-8")
    monkeypatch.setattr(contained, "_WORKER", worker)
    check, before = check_of("parquet", tmp_path / "input"), CONTAINED.ended
    check(TARGETS["parquet"].seeds()[0])
    assert CONTAINED.ended == before + 2


def test_parquet_of_which_our_own_code_raises_is_a_finding(tmp_path, monkeypatch):
    def lines(stream):
        raise KeyError("text")

    check = check_of("parquet", tmp_path / "input")
    monkeypatch.setattr(contained.parquet_child, "lines", lines)
    with pytest.raises(KeyError):
        check(TARGETS["parquet"].seeds()[0])


def test_one_input_in_so_many_goes_through_the_real_child(tmp_path, monkeypatch):
    check, real = check_of("parquet", tmp_path / "input"), []
    monkeypatch.setattr(contained, "REAL", 1)
    monkeypatch.setattr(contained.parquet_process, "child_lines", lambda stream: real.append(stream) or iter(()))
    check(TARGETS["parquet"].seeds()[0])
    assert len(real) == 2


def reader(monkeypatch, read):
    monkeypatch.setitem(reading._READERS, "disqus", read)


def test_a_text_that_cannot_be_written_is_a_finding(file, monkeypatch):
    reader(monkeypatch, lambda path, faults: iter([Archived(Comment("a", created_at="2014"), status="sp\0am")]))
    with pytest.raises(FindingError, match="has a NUL"):
        check_file(file)


def test_another_error_than_the_documented_ones_is_a_finding(file, monkeypatch):
    def read(path, faults):
        raise KeyError("text")
        yield

    reader(monkeypatch, read)
    with pytest.raises(KeyError):
        check_file(file)


def test_a_message_of_several_lines_is_a_finding(file, monkeypatch):
    def read(path, faults):
        yield Archived(Comment("a"))
        raise InputError("export: is damaged\nTraceback")

    reader(monkeypatch, read)
    with pytest.raises(FindingError, match="not one line"):
        check_file(file)


@pytest.mark.parametrize("skipped", [0, 2])
def test_counts_that_do_not_add_up_are_a_finding(file, monkeypatch, skipped):
    def read(path, faults):
        yield Archived(Comment("a"))
        faults.skip("record 2", "is nothing")
        faults.skipped = skipped

    reader(monkeypatch, read)
    with pytest.raises(FindingError, match="1 comments"):
        check_file(file)


def test_other_comments_with_recover_are_a_finding(file, monkeypatch):
    def read(path, faults):
        yield Archived(Comment("b" if faults.recover else "a"))
        faults.broken(3, 1, "is broken")

    reader(monkeypatch, read)
    with pytest.raises(FindingError, match="with recover the comments before the first fault are others: 1, 1"):
        check_file(file)


def test_a_place_behind_the_end_of_the_file_is_a_finding(file, monkeypatch):
    def read(path, faults):
        yield Archived(Comment("a"))
        faults.broken(9, 1, "is broken")

    reader(monkeypatch, read)
    with pytest.raises(FindingError, match="at byte 9 of 8"):
        check_file(file)


def test_a_batch_that_changes_a_text_is_a_finding(monkeypatch):
    whole = text_checks.normalise_all
    monkeypatch.setattr(text_checks, "normalise_all", lambda texts: whole(texts if len(texts) == 1 else texts[::-1]))
    with pytest.raises(FindingError, match="in a batch"):
        text_checks.check_text(b"One\x1fTwo")
