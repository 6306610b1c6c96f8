"""Exports of every format, from a file on disk to comments in their places."""

from __future__ import annotations

import gzip
import io
import json
import random
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.errors import ExportError, InputError, PageError
from moderation.records import Archived, Comment
from moderation.threads.comment_records import comments_of_thread
from moderation.threads.exports import reading, unpacking
from moderation.threads.exports.places import Counts
from moderation.threads.exports.reading import read_archive, read_export
from moderation.threads.situations import situations
from tests.conftest import DOCUMENTS

FIXTURES = Path(__file__).parent / "fixtures"
FORMATS = {
    "blogger_classic.xml": "blogger",
    "blogger_takeout.atom": "blogger",
    "disqus.xml": "disqus",
    "isso.sql": "isso",
    "isso_import.json": "isso-json",
    "remark42.jsonl": "remark42",
    "rows.csv": "csv",
    "rows.jsonl": "jsonl",
    "wordpress.xml": "wordpress",
    "wordpress_rest.json": "wordpress-rest",
}
ROWS = [
    {"id": "1", "text": "The bins are full.", "thread_id": "bins", "author": {"name": "Jo"}, "status": "approved"},
    {"id": "2", "text": "They are not.", "thread_id": "bins", "parent": "1", "status": "held"},
    {"id": "3", "text": "Who says so?", "thread_id": "bins", "parent": "A bin man told me.", "parent_author": "Mo"},
]
JSONL = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
CSV = b"id,text,thread_id\n" + b"".join(b"%d,Comment number %d,bins\n" % (n, n) for n in range(1_000))
XML = b"<disqus><category/>" + b"".join(
    b'<post dsq:id="%d"><id/><message><![CDATA[<p>Number %d</p>]]></message><thread dsq:id="5" /></post>\n' % (n, n)
    for n in range(1_000)
)


def fixture(name: str, folder: Path) -> Path:
    """The file of a fixture; a database is made of its statements."""
    path = FIXTURES / name
    if path.suffix != ".sql":
        return path
    with closing(sqlite3.connect(folder / "comments.db")) as data:
        data.executescript(path.read_text(encoding="utf-8"))
    return folder / "comments.db"


def read(path: Path, recover: bool = False):
    """The comments that come out, the export with its faults and counts, and the error that ended it."""
    export = read_export(path, recover)
    found, error = [], None
    try:
        for one in export:
            found.append(one)  # noqa: PERF402
    except InputError as caught:
        error = caught
    assert export.counts.placed == len(found)
    assert export.counts.read == export.counts.placed + export.counts.skipped
    assert export.counts.skipped == export.faults.skipped
    return found, export, error


def texts(found) -> list[str]:
    return [one.situation.text for one in found]


def in_one_batch(found):
    """What a batch makes of the comments that came out."""
    return situations([one.archived.comment for one in found])


@pytest.fixture
def file(tmp_path):
    def write(raw: bytes, name: str = "export") -> Path:
        path = tmp_path / name
        path.write_bytes(raw)
        return path

    return write


@pytest.mark.parametrize(("name", "expected"), FORMATS.items())
def test_every_fixture_is_read_as_what_it_is(name, expected, tmp_path):
    path = fixture(name, tmp_path)
    found, export, error = read(path)
    assert (export.format, error) == (expected, None)
    assert found
    packed = tmp_path / "packed"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    if export.format in ("isso", "parquet"):
        assert "packed with gzip, expected it unpacked" in str(read(packed)[2])
    else:
        assert read(packed)[0] == found


def test_records_in_json_lines_csv_and_parquet(file, tmp_path):
    found, export, error = read(file(JSONL))
    assert (export.format, error) == ("jsonl", None)
    assert [one.archived.status for one in found] == ["approved", "held", None]
    assert [one.situation.parent for one in found] == [None, "The bins are full.", "A bin man told me."]
    assert [one.situation for one in found] == in_one_batch(found)
    rows = [{key: value for key, value in row.items() if key != "author"} for row in ROWS]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "table")
    table, export, error = read(tmp_path / "table")
    assert (export.format, error, texts(table)) == ("parquet", None, texts(found))
    rows, export, error = read(file(CSV))
    assert (export.format, error, len(rows)) == ("csv", None, 1_000)


def test_a_page_is_what_the_reader_of_pages_makes_of_it(seed_thread):
    found, export, error = read(DOCUMENTS[0])
    assert (export.format, error) == ("page", None)
    assert [one.archived for one in found] == [Archived(comment) for comment in comments_of_thread(seed_thread)]
    assert [one.situation for one in found] == in_one_batch(found)


@pytest.mark.parametrize("packed", [False, True])
def test_a_page_may_be_packed_but_not_too_large(file, monkeypatch, packed):
    raw = DOCUMENTS[0].read_bytes()
    path = file(gzip.compress(raw, mtime=0) if packed else raw)
    assert texts(read(path)[0])
    monkeypatch.setattr(reading, "MAX_PAGE_BYTES", 100)
    with pytest.raises(PageError, match="is more than 100 bytes"):
        list(read_export(path))


def takeout(feeds: dict[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, feed in feeds.items():
            archive.writestr(f"Takeout/Blogger/Blogs/{name}/feed.atom", feed)
    return raw.getvalue()


def test_every_blog_of_a_takeout_is_read(file):
    feed = (FIXTURES / "blogger_takeout.atom").read_bytes()
    one, *_ = read(FIXTURES / "blogger_takeout.atom")
    found, export, error = read(file(takeout({"Bins": feed, "Parks": feed})))
    assert (export.format, error) == ("blogger-takeout", None)
    assert texts(found) == 2 * texts(one)


def test_a_damaged_blog_of_a_takeout_ends_the_reading_or_is_passed_over(file):
    feed = (FIXTURES / "blogger_takeout.atom").read_bytes()
    raw = takeout({"Bins": feed, "Parks": feed, "Trees": feed})
    place = raw.index(b"<feed", raw.index(b"Blogs/Parks"))
    path = file(raw[:place] + b"!" + raw[place + 1 :])  # stored as it is: only the checksum tells
    good = texts(read(FIXTURES / "blogger_takeout.atom")[0])
    found, _, error = read(path)
    assert texts(found)[: len(good)] == good
    assert error is not None
    found, export, error = read(path, recover=True)
    assert error is None
    assert texts(found)[-len(good) :] == good
    assert export.faults.listed


def test_what_is_broken_ends_the_reading_after_all_that_came_before(file):
    found, export, error = read(file(XML + b"<post></message>"))
    assert isinstance(error, ExportError)
    assert error.offset == len(XML) + 8
    assert texts(found) == [f"Number {n}" for n in range(1_000)]
    found, export, error = read(file(XML + b"<post></message>" + XML[19:2_000]), recover=True)
    assert error is None
    assert len(found) > 1_010
    assert export.faults.skipped == 2


@pytest.mark.parametrize("raw", [XML + b"</disqus>", CSV, JSONL * 300], ids=["xml", "csv", "jsonl"])
def test_packed_bytes_that_are_cut_off_end_the_reading_after_all_that_came_before(file, raw):
    whole = texts(read(file(raw))[0])
    packed = gzip.compress(raw)
    for size in (len(packed) - 1, len(packed) - 8, len(packed) // 2, len(packed) // 9):
        path = file(packed[:size])
        found, _, error = read(path)
        assert texts(found) == whole[: len(found)]
        assert len(found) == len(whole) or size < len(packed) - 8
        assert isinstance(error, ExportError)
        assert str(error).startswith(f"{path}: byte ")
        assert str(error).endswith(": the packed bytes are cut off")
        again, export, error = read(path, recover=True)
        assert (texts(again), error) == (texts(found), None)
        assert len(export.faults.listed) == 1


def test_the_place_of_a_fault_in_packed_bytes_is_that_in_the_unpacked(file):
    packed = gzip.compress(XML)
    _, _, error = read(file(packed[:-1]))
    assert isinstance(error, ExportError)
    assert (error.offset, error.line) == (len(XML), 1_001)


def test_packed_bytes_that_are_damaged_end_the_reading(file):
    packed = bytearray(gzip.compress(XML + b"</disqus>", mtime=0))
    packed[-8] ^= 1  # the checksum
    found, _, error = read(file(packed))
    assert len(found) == 1_000
    assert str(error).endswith("the packed bytes are damaged")
    found, _, error = read(file(gzip.compress(XML + b"</disqus>") + b"and so on"))
    assert len(found) == 1_000
    assert str(error).endswith("the packed bytes are damaged")


def test_parts_packed_one_by_one_are_one_export(file):
    found, _, error = read(file(gzip.compress(XML[:20_000]) + gzip.compress(XML[20_000:] + b"</disqus>") + b"\0" * 512))
    assert (len(found), error) == (1_000, None)


@pytest.mark.parametrize("recover", [False, True])
def test_a_bomb_is_not_unpacked(file, recover):
    few = XML[: XML.index(b"\n", 5_000) + 1]
    found, export, error = read(file(gzip.compress(few + b" " * 50_000_000, 9)), recover)
    assert len(found) == few.count(b"</post>")
    (message,) = export.faults.listed or [str(error)]
    assert (
        f"line {few.count(b'</post>') + 1}: the packed bytes are more than 1,000 times as many when unpacked" in message
    )


def test_no_more_is_unpacked_than_the_limit(file, monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_UNPACKED_BYTES", 50_000)
    found, _, error = read(file(gzip.compress(XML + b"</disqus>")))
    assert 0 < len(found) < 1_000
    assert str(error).endswith("the packed bytes are more than 50,000 when unpacked")


def test_a_missing_file_is_said_at_once(tmp_path):
    with pytest.raises(InputError, match=r"no such file"):
        read_export(tmp_path / "missing")


def test_a_file_that_goes_away_is_an_input_error(file):
    path = file(XML)
    export = read_export(path)
    path.unlink()
    with pytest.raises(InputError, match=r"no such file"):
        list(export)


def test_comments_of_the_table_of_readers_are_placed(file, monkeypatch):
    def entries(path, faults):
        yield Archived(Comment("b", "2", parent="1"))
        faults.skip("record 2", "is nothing")
        yield Archived(Comment("a", "1"))

    monkeypatch.setitem(reading._READERS, "disqus", entries)
    found, export, error = read(file(b"<disqus>"))
    assert [one.situation.parent for one in found] == ["a", None]
    assert export.counts.read == 3
    assert error is None


def archive(*paths: Path, recover: bool = False):
    return read_archive([(path, path.name) for path in paths], recover)


def test_files_of_one_format_are_parts_of_one_export(file):
    lines = JSONL.splitlines(keepends=True)
    whole = read(file(JSONL))[0]
    split = archive(*(file(line, f"{number}.jsonl") for number, line in enumerate(lines)))
    assert list(split) == whole
    assert [part.counts for part in split.parts] == [Counts(1, 1, 0)] * 3
    assert (split.counts, split.errors) == (Counts(3, 3, 0), [])
    backwards = list(archive(*(file(line, f"{number}.jsonl") for number, line in enumerate(reversed(lines)))))
    assert [one.archived.comment.id for one in backwards] == ["3", "2", "1"]
    assert backwards[1].situation.parent == "The bins are full.", "it stands in the next file"


def test_files_of_different_formats_are_not(file):
    first, second, third = JSONL.splitlines(keepends=True)
    csv = b"id,text,thread_id,parent\n9,In between,bins,1\n"
    found = list(archive(file(first, "a"), file(csv, "b"), file(second + third, "c")))
    assert [one.archived.comment.id for one in found] == ["1", "9", "2", "3"]
    assert [len(one.situation.earlier) for one in found] == [0, 0, 0, 1]


def test_saved_pages_of_one_name_are_threads_of_their_own(tmp_path):
    pages = [tmp_path / folder / "page.txt" for folder in ("a", "b")]
    for page in pages:
        page.parent.mkdir()
        page.write_bytes(DOCUMENTS[0].read_bytes())
    alone = read(pages[0])[0]
    assert list(archive(*pages)) == [*alone, *alone]


def test_a_broken_file_ends_at_its_fault_and_the_others_are_read(file):
    first, second, third = JSONL.splitlines(keepends=True)
    split = archive(file(first + b'{"text": 5}\n' + second, "a"), file(b"\0\1\2", "b"), file(third, "c"))
    assert [one.archived.comment.id for one in split] == ["1", "3"]
    cut_off, binary = split.errors
    assert isinstance(cut_off, ExportError)
    assert cut_off.offset == len(first)
    assert str(cut_off).startswith("a: byte ")
    assert isinstance(binary, PageError)
    assert str(binary).startswith("b: is binary")
    recovered = archive(file(first + b'{"text": 5}\n' + second, "a"), file(third, "c"), recover=True)
    assert [one.archived.comment.id for one in recovered] == ["1", "2", "3"]
    assert [part.counts for part in recovered.parts] == [Counts(3, 2, 1), Counts(1, 1, 0)]
    assert recovered.errors == []


def test_a_file_that_nobody_knows_is_said_before_anything_is_read(file, tmp_path):
    with pytest.raises(InputError, match="no such file"):
        archive(file(JSONL), tmp_path / "missing")


@pytest.mark.parametrize("recover", [False, True])
@pytest.mark.parametrize("name", FORMATS)
def test_a_fixture_with_bytes_changed_raises_nothing_but_input_errors(name, recover, tmp_path):
    raw = fixture(name, tmp_path).read_bytes()
    rng = random.Random(name)
    for packed in [False, True] * 6:
        changed = bytearray(gzip.compress(raw, mtime=0) if packed else raw)
        for _ in range(rng.choice([1, 3, 30])):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        target = tmp_path / "changed"
        target.write_bytes(changed[: rng.randrange(len(changed))] if rng.random() < 0.3 else changed)
        try:
            read(target, recover)
        except InputError as error:
            assert "\n" not in str(error)  # noqa: PT017


@settings(max_examples=60)
@given(
    raw=st.binary(max_size=200), start=st.sampled_from([b"", b"<rss>", b"<feed>", b"{", b"[{", b"\x1f\x8b", b"text\n"])
)
def test_any_bytes_raise_nothing_but_input_errors(tmp_path_factory, raw, start):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(start + raw)
    for recover in (False, True):
        try:
            read(path, recover)
        except InputError as error:
            assert str(error)  # noqa: PT017
