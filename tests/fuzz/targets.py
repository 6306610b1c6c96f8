"""What is fuzzed: for each reader the files to start from, how they are changed, and what must hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from tests.fuzz import mutators, packed, seeds
from tests.fuzz.mutators import Mutate, Mutator, textual

_XML = textual(mutators.XML_WORDS)
_JSON = textual(mutators.JSON_WORDS)


@dataclass(frozen=True)
class Target:
    """One harness. `format` is how its files are read, whatever they begin with; empty where that is found out as ever.

    Those without a file are given their bytes as text.
    """

    seeds: Callable[[], list[bytes]]
    mutate: Mutator
    words: Sequence[bytes] = ()
    format: str = ""
    largest: int = 200_000


def _of_format(name: str, start: Callable[[], list[bytes]], mutate: Mutator, words: Sequence[bytes] = ()) -> Target:
    return Target(start, mutate, words, format=name)


def _xml(name: str, *files: str) -> Target:
    return _of_format(name, partial(seeds.fixture, *files), packed.gzipped(_XML), mutators.XML_WORDS)


def _json(name: str, *files: str) -> Target:
    return _of_format(name, partial(seeds.fixture, *files), packed.gzipped(_JSON), mutators.JSON_WORDS)


def _anything(data: bytes, size: int, rng: Random, mutate: Mutate) -> bytes:
    """The change that suits what the file begins with."""
    if data.startswith(b"SQLite"):
        return packed.sqlite(data, size, rng, mutate)
    if data.startswith(b"PAR1"):
        return packed.parquet_file(data, size, rng, mutate)
    if data.startswith(b"PK"):
        return packed.zip_of(_XML)(data, size, rng, mutate)
    return packed.gzipped(_JSON if data.lstrip()[:1] in (b"{", b"[") else _XML)(data, size, rng, mutate)


TARGETS = {
    "wordpress": _xml("wordpress", "wordpress.xml"),
    "wordpress-rest": _json("wordpress-rest", "wordpress_rest.json"),
    "blogger": _xml("blogger", "blogger_classic.xml", "blogger_takeout.atom"),
    "blogger-takeout": _of_format("blogger-takeout", seeds.takeouts, packed.zip_of(_XML), mutators.XML_WORDS),
    "disqus": _xml("disqus", "disqus.xml"),
    "isso": _of_format("isso", seeds.databases, packed.sqlite),
    "isso-json": _json("isso-json", "isso_import.json"),
    "remark42": _json("remark42", "remark42.jsonl"),
    "jsonl": _json("jsonl", "rows.jsonl"),
    "csv": _of_format(
        "csv",
        partial(seeds.fixture, "rows.csv"),
        packed.gzipped(textual(mutators.CSV_WORDS)),
        mutators.CSV_WORDS,
    ),
    "parquet": _of_format("parquet", seeds.tables, packed.parquet_file),
    "page": _of_format(
        "page", seeds.pages, packed.gzipped(textual(mutators.HTML_WORDS + mutators.XML_WORDS)), mutators.HTML_WORDS
    ),
    "any": Target(seeds.of_every_format, _anything, mutators.JSON_WORDS + mutators.XML_WORDS),
    "text": Target(seeds.texts, textual(mutators.TEXT_WORDS), mutators.TEXT_WORDS, largest=20_000),
    "moderator": Target(seeds.texts, textual(mutators.TEXT_WORDS), mutators.TEXT_WORDS, largest=20_000),
}


def check_of(name: str, file: Path) -> Callable[[bytes], None]:
    """What the target `name` does with bytes; `file` is where they are put for a reader, and lie if the process dies.

    Only now is what is fuzzed imported.
    """
    if name in ("text", "moderator"):
        from tests.fuzz import text_checks

        checks = {"text": text_checks.check_text, "moderator": text_checks.check_verdict}
        check: Callable[[bytes], None] = checks[name]
    else:
        check = _reading(TARGETS[name].format, file)

    def checked(data: bytes) -> None:
        file.write_bytes(data)
        check(data)

    return checked


def _reading(format_: str, file: Path) -> Callable[[bytes], None]:
    from moderation.threads.exports import parquet_rows, reading
    from tests.fuzz.checks import check_file
    from tests.fuzz.contained import CONTAINED

    vars(parquet_rows)["child_lines"] = CONTAINED.lines
    if format_:
        # A change of the first bytes would make it a file of another kind, and there is a harness for that.
        vars(reading)["format_of"] = lambda *_: format_
    return lambda data: check_file(file)
