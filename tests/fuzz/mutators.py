"""Changes to a file that keep some of its structure: where most bytes are syntax, blind changes are refused at once."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

Mutate = Callable[[bytes, int], bytes]
"""The fuzzer's own change of some bytes, to at most so many."""
Mutator = Callable[[bytes, int, random.Random, Mutate], bytes]
"""A change of a whole file, to at most so many bytes."""

XML_WORDS = (
    b"<![CDATA[",
    b"]]>",
    b"]]]]><![CDATA[>",
    b"<!--",
    b"-->",
    b"<?xml version='1.0' encoding='UTF-16'?>",
    b"<?a ?>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"&b;",
    b"&amp;lt;p&amp;gt;",
    b"&#0;",
    b"&#x1F;",
    b"&#1114112;",
    b"&#55296;",
    b"\xef\xbf\xbf",
    b"\xed\xa0\x80",
    b"\xc3",
    b"\x00",
    b"\x0b",
    b"<blockquote>",
    b"</blockquote>",
    b"<a href='http://a.example'>",
    b"&lt;script&gt;",
    b"<p><br/></p>",
    b"0000-00-00 00:00:00",
    b"2014-03-05T10:11:12.5+25:00",
    b"9999-12-31T23:59:59-23:59",
    b"Wed, 05 Mar 0000 10:11:12 +9999",
)
JSON_WORDS = (
    b'"\\ud800"',
    b'"\\u0000"',
    b"\\udc00",
    b'\\"',
    b"\\",
    b"null",
    b"true",
    b"-1",
    b"1e999",
    b"NaN",
    b"-Infinity",
    b"9" * 400,
    b"9" * 5_000,
    b"0.1e-5",
    b"{}",
    b"[]",
    b"[{",
    b"}]",
    b'{"a":',
    b'"id":',
    b'"text":',
    b"\r\n",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xa8",
    b"\xff",
    b'"0000-00-00T00:00:00"',
    b'"2014-03-05T10:11:12+25:00"',
)
CSV_WORDS = (
    b'"',
    b'""',
    b",",
    b"\r",
    b"\r\n",
    b"\n",
    b",,,,",
    b"\x00",
    b"text",
    b"status",
    b"author.registered",
    b"\xff",
)
HTML_WORDS = (
    b"<li class='comment depth-2' id='comment-2'>",
    b"<div class='comment-body'>",
    b"<dt id='c1'><dd>",
    b"<ol class='children'>",
    b"<cite class='fn'>",
    b"</li></ol>",
    b"<meta charset='utf-16'>",
    b"<meta charset='base64'>",
    b"<meta charset='idna'>",
    b"<template>",
    b"<svg><style><!--</style>",
    b"<table><td><form>",
    b"<![if IE]>",
    b"<!doctype html SYSTEM",
    b"<time datetime='2014-03-05T10:11:12+25:00'>",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"1.1.1.1.1 says:",
    b"5 comments:",
    b"Reply",
    b"\n\n",
    b"at 10:11 pm",
)
TEXT_WORDS = (
    b"\xe2\x80\x8b",
    b"\xcc\xb7\xcc\x9b",
    b"\xed\xa0\x80",
    b"\xef\xbf\xbe",
    b"\xf4\x8f\xbf\xbf",
    b"\xf0\x9f\x91\xa8\xe2\x80\x8d",
    b"\xef\xb7\xba",
    b"\xee\x80\x80",
    b"&lt;",
    b"&#x110000;",
    b"<b>",
    b"</",
    b"<!--",
    b"https://",
    b"www.",
    b"@a",
    b"****",
    b"anti-semit",
    b"middle-eastern",
    b"african-american",
    b"f.u.c.k",
    b"sh1t",
    b"\x1f",
    b"> ",
    b"\xe2\x80\x9c",
    b"\xc4\xb0",
    b"\xc3\x9f",
)
_MARKS = re.compile(rb'[<>"{}\[\]\n,:]')
_NUMBER = re.compile(rb"[0-9]+")
_NUMBERS = (b"0", b"-1", b"2147483648", b"9223372036854775808", b"1e400", b"0x1", b"99999999999999999999999999")


def textual(words: Sequence[bytes]) -> Mutator:
    """Changes of text with marks: words put in, parts copied, repeated and taken out, mostly where a mark stands."""
    changes = (_word, _copied, _taken_out, _number, _cut, _repeated)
    often = (12, 8, 6, 4, 1, 1)

    def mutated(data: bytes, size: int, rng: random.Random, mutate: Mutate) -> bytes:
        for _ in range(rng.choice((1, 1, 2, 4))):
            if not data or rng.random() < 0.4:
                data = mutate(data, size)
            else:
                (change,) = rng.choices(changes, often)
                data = change(data, rng, words)
        return data[:size]

    return mutated


def _place(data: bytes, rng: random.Random) -> int:
    """A place in the bytes, most often at a mark."""
    place = rng.randrange(len(data) + 1)
    found = _MARKS.search(data, place) if rng.random() < 0.7 else None
    return found.start() + rng.randrange(2) if found else place


def _part(data: bytes, rng: random.Random) -> tuple[int, int]:
    start = _place(data, rng)
    end = _place(data, rng) if rng.random() < 0.2 else _place(data[: start + rng.choice((10, 100, 1_000))], rng)
    return min(start, end), max(start, end)


def _word(data: bytes, rng: random.Random, words: Sequence[bytes]) -> bytes:
    place = _place(data, rng)
    return data[:place] + rng.choice(words) + data[place:]


def _copied(data: bytes, rng: random.Random, words: Sequence[bytes]) -> bytes:
    start, end = _part(data, rng)
    place = _place(data, rng)
    return data[:place] + data[start:end] + data[place:]


def _taken_out(data: bytes, rng: random.Random, words: Sequence[bytes]) -> bytes:
    start, end = _part(data, rng)
    return data[:start] + data[end:]


def _number(data: bytes, rng: random.Random, words: Sequence[bytes]) -> bytes:
    found = _NUMBER.search(data, rng.randrange(len(data) + 1))
    return data[: found.start()] + rng.choice(_NUMBERS) + data[found.end() :] if found else data


def _cut(data: bytes, rng: random.Random, words: Sequence[bytes]) -> bytes:
    return data[: _place(data, rng)]


def _repeated(data: bytes, rng: random.Random, words: Sequence[bytes]) -> bytes:
    """A part many times over: what takes more than its share of time does so on such a file."""
    start, end = _part(data, rng)
    part = data[start:end][:2_000] if rng.random() < 0.5 else rng.choice(words)
    (times,) = rng.choices((2, 10, 100, 3_000), (40, 20, 4, 1))
    return data[:start] + part * times + data[start:]
