"""Formats of files, found from their content."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import sqlite3
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.errors import InputError
from moderation.threads.exports.formats import HEAD_BYTES, format_of
from tests.conftest import DOCUMENTS

XML = b'<?xml version="1.0" encoding="UTF-8" ?>\n'
REST = b'[{"id":7,"post":3,"parent":0,"content":{"rendered":"<p>Hello</p>"}}]'
ISSO = b'[{"id":"/a-page/","title":"A page","comments":[{"id":1,"text":"Hello"}]}]'
REMARK = b'{"version":1,"users":[],"posts":[]}\n{"id":"4d3c","text":"Hello"}\n'

FORMATS = [
    ("wordpress", XML + b'<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/">'),
    # WordPress explains itself first; a theme with an empty line at its end puts one before everything.
    ("wordpress", b"\n\n" + XML + b"<!-- This is a <WordPress> file -->\n<!-- generator -->\n<rss>"),
    ("wordpress", codecs.BOM_UTF8 + XML + b"<rss>"),
    ("wordpress", b"<rss>"),
    # Such a type is refused, but by the reader, which says why.
    ("wordpress", XML + b'<!DOCTYPE rss [<!ENTITY a "b">]><rss>'),
    (
        "blogger",
        XML + b'<?xml-stylesheet href="http://www.blogger.com/styles/atom.css" type="text/css"?><feed xmlns="x">',
    ),
    ("disqus", XML + b'<disqus xmlns="http://disqus.com">'),
    ("wordpress-rest", REST),
    ("wordpress-rest", b"\n [ " + REST + b"]"),  # pages put into one another,
    ("wordpress-rest", b"[]\n" + REST),  # and one after another, one of them empty
    ("wordpress-rest", b"[]"),
    ("wordpress-rest", b'[{"content":{"id":"/","comments":1},"x":"\\"}{","post":3'),  # cut off
    ("isso-json", ISSO),
    ("isso-json", b'[{"title":"A [page]","id":"/a-page/"'),
    ("remark42", REMARK),
    ("remark42", b'{ "users": [{"version": 1}], "version": 2 }'),
    ("jsonl", b'{"text":"Hello","version":1}\n{"users":1}\n'),
    ("jsonl", codecs.BOM_UTF8 + b'\n{"text":"Hello"}'),
    ("jsonl", b"{"),
    ("csv", b"id,text\n1,Hello\n"),
    ("csv", codecs.BOM_UTF8 + b'"text","author.name"\r\nHello,Jo\r\n'),
    ("parquet", b"PAR1\x15\x04"),
    ("isso", b"SQLite format 3\0\x10\0"),
    ("blogger-takeout", b"PK\x03\x04\x14\0"),
    ("page", b"<!DOCTYPE html><html><body><p>Hello</p>"),
    ("page", XML + b"<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN'><html><rss>"),
    ("page", XML + b'<html xmlns="http://www.w3.org/1999/xhtml">'),
    ("page", b"<div><rss>A piece of a page</rss></div>"),
    ("page", b"<!-- never closed <rss>"),
    ("page", b"An article\n\nA comment, with a comma\n"),
    ("page", b"[Updated] An article\n\n{and so on}\n"),
    ("page", b"\x89PNG\r\n\x1a\n"),
    ("page", b"< rss >"),
]


@pytest.mark.parametrize(("name", "raw"), FORMATS)
def test_a_format_is_found_from_the_content(tmp_path, name, raw):
    # Never from the name, which says something else each time.
    path = tmp_path / ("export.html" if name == "csv" else "export.csv")
    path.write_bytes(raw)
    assert format_of(path) == name


@pytest.mark.parametrize(("name", "raw"), FORMATS)
def test_what_is_packed_with_gzip_is_looked_into(tmp_path, name, raw):
    path = tmp_path / "export"
    path.write_bytes(gzip.compress(raw + b"\n" * 100))
    assert format_of(path) == name


def test_real_files_are_what_they_are(tmp_path):
    path = tmp_path / "file"
    with sqlite3.connect(path) as data:
        data.execute("CREATE TABLE comments (text TEXT)")
    data.close()
    assert format_of(path) == "isso"
    pq.write_table(pa.table({"text": ["Hello"]}), path)
    assert format_of(path) == "parquet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Takeout/Blogger/Blogs/Bins/feed.atom", "<feed/>")
    assert format_of(path) == "blogger-takeout"
    assert {format_of(document) for document in DOCUMENTS} == {"page"}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            XML + b"<opml version='2.0'>",
            "is XML that begins with <opml>, expected <rss> (WordPress), <feed> (Blogger) or",
        ),
        (XML + b"<RSS>", "begins with <RSS>"),  # names in XML have one case
        (XML + b"<!--" + b"-" * HEAD_BYTES + b"-->\n<rss>", "is XML that has no element in its first 65,536 bytes"),
        (XML, "is XML that has no element"),
        (
            b'[{"a":1}]',
            "is a JSON array of other things, expected comments of WordPress's REST API or of Isso, or JSON lin",
        ),
        (b'[{"id":"7","x":{"comments":1}}]', "is a JSON array of other things"),
        ((XML + b"<rss>").decode().encode("utf-16"), "is in UTF-16, expected UTF-8"),  # saved again by Notepad
        ("id,text\n1,Hello\n".encode("utf-16"), "is in UTF-16, expected UTF-8"),
        (b"", "is empty, expected an export of WordPress (WXR or REST), Blogger"),
        (b" \n\t", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (b"\x1f\x8b", "the packed bytes are cut off, expected a gzip file"),
        (b"\x1f\x8b is no gzip", "the packed bytes are damaged, expected a gzip file"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, raw, expected):
    path = tmp_path / "export.xml"
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        format_of(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: {expected}") if not expected.startswith("begins") else expected in message
    assert "\n" not in message


def test_a_page_in_utf_16_is_a_page(tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes("<!DOCTYPE html><html>".encode("utf-16"))
    assert format_of(path) == "page"


def test_what_is_no_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"missing: no such file or directory$"):
        format_of(tmp_path / "missing")
    with pytest.raises(InputError, match=r"is a folder, expected a file$"):
        format_of(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match=r"is not a plain file, expected a file$"):
        format_of(tmp_path / "pipe")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(tmp_path):
    path = tmp_path / "export.xml"
    path.write_bytes(b"<rss>")
    path.chmod(0)
    with pytest.raises(InputError, match=r"permission denied$"):
        format_of(path)


def test_no_more_than_the_head_is_unpacked(tmp_path):
    path = tmp_path / "bomb"
    raw = io.BytesIO()
    with gzip.GzipFile(fileobj=raw, mode="wb") as packed:
        packed.write(XML + b"<rss>")
        for _ in range(100):
            packed.write(b" " * 1_000_000)
    path.write_bytes(raw.getvalue())
    assert format_of(path) == "wordpress"


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * HEAD_BYTES,
        b"[{" * HEAD_BYTES,
        b'[{"' + b"\\" * HEAD_BYTES,
        b'[{"' * HEAD_BYTES,
        XML + b"<!---->" * 9_000,
        XML + b"<!--" * 16_000,
        XML + b"<?" * 30_000,
        XML + b"<" + b"a" * HEAD_BYTES,
        b"a," * HEAD_BYTES,
        b'{"a":' * HEAD_BYTES,
    ],
)
def test_a_head_made_to_take_long_does_not(tmp_path, raw):
    path = tmp_path / "hostile"
    path.write_bytes(raw)
    try:
        assert format_of(path)
    except InputError as error:
        assert len(str(error)) < 500  # noqa: PT017


@settings(max_examples=150)
@given(
    raw=st.binary(max_size=60) | st.lists(st.sampled_from([*b'<>[]{}",:?!-\\ \nrsfedi'])).map(bytes),
    packed=st.booleans(),
)
def test_any_bytes_are_of_some_format_or_an_input_error(tmp_path_factory, raw, packed):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(gzip.compress(raw, mtime=0) if packed else raw)
    try:
        assert format_of(path)
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017
