"""Files to start from: the fixtures of the readers' tests, and what is made of them by code."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parent.parent.parent
_THREADS = ROOT / "tests" / "threads"
EXPORTS = _THREADS / "exports" / "fixtures"
PAGES = _THREADS / "fixtures"
ROWS: list[dict[str, Any]] = [
    {"id": "1", "text": "The bins are full.", "author": {"name": "Jo", "registered": True}, "status": "approved"},
    {"id": "2", "text": "They are not.", "author": {"name": "Mo", "registered": None}, "parent": "1", "status": "held"},
    {"id": "3", "text": "", "author": None, "thread_id": "bins", "status": "deleted"},
    {"id": "4", "text": "Ünïcode, <b>&amp;</b> =SUM(A1)", "created_at": "2014-03-05T10:11:12Z", "parent_author": "Jo"},
]


def fixture(*names: str) -> list[bytes]:
    """Fixtures of exports as they are, and one more of each packed with gzip."""
    plain = [(EXPORTS / name).read_bytes() for name in names]
    return plain + [gzip.compress(raw, mtime=0) for raw in plain]


def pages() -> list[bytes]:
    """Saved pages in HTML, and two of the seed documents."""
    documents = sorted((ROOT / "seeds" / "documents").glob("*.txt"))
    files = [*sorted(PAGES.glob("*.html")), *documents[:2]]
    return [file.read_bytes()[:40_000] for file in files] + [gzip.compress(files[0].read_bytes(), mtime=0)]


def takeouts() -> list[bytes]:
    """Zips with one feed and with two, packed and not."""
    feed = (EXPORTS / "blogger_takeout.atom").read_bytes()
    return [
        zipped([("Takeout/Blogger/Blogs/Bins/feed.atom", feed)], zipfile.ZIP_DEFLATED),
        zipped([("a/feed.atom", feed[:1_500]), ("b/feed.atom", feed), ("b/theme.html", b"")], zipfile.ZIP_STORED),
    ]


def zipped(members: Sequence[tuple[str, bytes]], method: int) -> bytes:
    """A zip of some members, the same bytes each time."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return raw.getvalue()


def databases() -> list[bytes]:
    """Isso's database, with small pages and with large ones."""
    script = (EXPORTS / "isso.sql").read_text(encoding="utf-8")
    return [database(script), database(script.replace("page_size = 512", "page_size = 4096"))]


def database(script: str) -> bytes:
    """The file that a script of SQL makes."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(script)
        return connection.serialize()


def tables() -> list[bytes]:
    """Parquet files: every compression, both versions of pages, dictionaries, several groups, times and bytes."""
    table = pa.Table.from_pylist(ROWS)
    plain = table.drop_columns(["author"])
    times = pa.table({"text": [b"Hello", b"\xff"], "created_at": pa.array([0, 2**40], pa.timestamp("ms", "UTC"))})
    categories = pa.table({"text": pa.array(["a", "b", None]).dictionary_encode(), "id": pa.array([1, 2, 3])})
    return [
        parquet(table),
        parquet(table, compression="zstd", data_page_version="2.0", row_group_size=2),
        parquet(plain, compression="gzip", use_dictionary=False),
        parquet(plain, compression="none", write_statistics=False, data_page_size=1),
        parquet(plain, compression="lz4", column_encoding="DELTA_BYTE_ARRAY", use_dictionary=False),
        parquet(plain, compression="brotli", column_encoding="DELTA_LENGTH_BYTE_ARRAY", use_dictionary=False),
        parquet(times, compression="none"),
        parquet(categories, compression="none", store_schema=False),
    ]


def parquet(table: pa.Table, **options: Any) -> bytes:
    """A table as the bytes of a Parquet file."""
    raw = io.BytesIO()
    pq.write_table(table, raw, **options)
    return raw.getvalue()


def of_every_format() -> list[bytes]:
    """One small file of each, for the harness that finds the format itself."""
    names = ("wordpress.xml", "wordpress_rest.json", "blogger_classic.xml", "disqus.xml", "isso_import.json")
    rows = ("remark42.jsonl", "rows.jsonl", "rows.csv")
    return fixture(*names, *rows) + takeouts()[:1] + databases()[:1] + tables()[:1] + pages()[:1]


def texts() -> list[bytes]:
    """Comments as people type them, and as those do who want to get round a filter."""
    rows = (EXPORTS / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    typed = [
        "You are a f.u.c.k.i.n.g 1d10t, go to https://spam.example/x?y=1 now!!!",
        "Anti-Semitism, anti semitic; Middle-Eastern & African Americans, middle aged",
        "ｆｕｌｌ ｗｉｄｔｈ, Ｚ̷̛a̴l̶g̵o, сука, ﷽, ﬁ, İ, ß, ǅ",
        "@someone **** #### w​o​r​d &lt;b&gt; <a href='x'>y</a> &#x41;&#0;&#55296;",
        "👍🏽👨‍👩‍👧 \ud800 \udfff \ue000\ue001\ue002 \u2028",
        "> quoted\n“he said so”\x1fThe bins are full.\x1fBins\x1fAll about bins.\x1fJo",
    ]
    found = [json.loads(row).get("text") for row in rows if row.strip()]
    return [text.encode("utf-8", "surrogatepass") for text in [*typed, *found] if text]
