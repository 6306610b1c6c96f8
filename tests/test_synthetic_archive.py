"""The synthetic export that the benchmarks score: what it promises, the readers find in it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from moderation.threads.exports.reading import read_export
from tests.benchmarks.archive import DEEPEST, parents, section, write_archive
from tests.benchmarks.shapes import CHARACTERS, DEPTHS, LEVELS
from tests.benchmarks.words import Words

COMMENTS = 3_000


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("archive") / "export.xml"
    return path, write_archive(path, COMMENTS)


@pytest.fixture(scope="module")
def read(archive):
    export = read_export(archive[0])
    return list(export), export


def test_every_comment_is_read_and_every_pingback_is_left_out(archive, read):
    placed, export = read
    made = archive[1]
    assert made.comments == len(placed) == export.counts.placed == COMMENTS
    assert made.pingbacks == export.counts.skipped > 0
    assert export.format == "wordpress"


def test_the_same_seed_gives_the_same_bytes_and_a_longer_export_has_the_same_posts(archive, tmp_path):
    again, shorter, other = (tmp_path / name for name in ("again.xml", "shorter.xml", "other.xml"))
    write_archive(again, COMMENTS)
    write_archive(shorter, COMMENTS // 2)
    write_archive(other, 20, seed=1)
    whole = archive[0].read_bytes()
    assert again.read_bytes() == whole
    posts = shorter.read_bytes().split(b"<item>")
    assert len(posts) > 3
    assert whole.split(b"<item>")[: len(posts) - 1] == posts[:-1]
    assert other.read_bytes().split(b"<item>")[1] != posts[1]


def test_lengths_are_those_that_were_measured(read):
    sizes = np.quantile([len(one.archived.comment.text) for one in read[0]], (0.1, 0.5, 0.9))
    wanted = np.interp((0.1, 0.5, 0.9), LEVELS, CHARACTERS)
    assert sizes == pytest.approx(wanted, rel=0.25)


def test_threads_have_the_replies_that_were_measured_and_some_are_deep(read):
    depths, parent = {}, {}
    for one in read[0]:
        comment = one.archived.comment
        parent[comment.id] = comment.parent
        depths[comment.id] = 0 if comment.parent is None else depths.get(comment.parent, 0) + 1
    counts = Counter(depths.values())
    assert counts[0] / COMMENTS == pytest.approx(DEPTHS[0] / sum(DEPTHS), abs=0.05)
    assert counts[1] > counts[2] > counts[3] > 0
    deep = [parents(np.random.default_rng(seed), 30) for seed in range(100)]
    assert max(depth_of(thread) for thread in deep) == DEEPEST - 1
    assert all(to is None or to < index for thread in deep for index, to in enumerate(thread))


def depth_of(thread: list[int | None]) -> int:
    depths: list[int] = []
    for to in thread:
        depths.append(0 if to is None else depths[to] + 1)
    return max(depths)


def test_it_has_the_oddities_of_real_exports(archive, read):
    raw = archive[0].read_text(encoding="utf-8")
    assert "]]]]><![CDATA[>" in raw
    assert {one.archived.status for one in read[0]} == {"approved", "held", "spam", "trash"}
    assert "<blockquote>" in raw
    assert all(one.situation.article is not None and one.situation.article.title for one in read[0])
    assert any(one.archived.comment.author.registered for one in read[0])
    assert section("a]]>b") == "<![CDATA[a]]]]><![CDATA[>b]]>"


def test_new_words_keep_turning_up():
    """The more text, the more words: a closed vocabulary of what was written would end."""
    random, words = np.random.default_rng(0), Words()
    text = " ".join(words.take(random, np.array([1_000_000]))[0]).split()
    distinct = [len(set(text[:count])) for count in (40_000, 80_000, 160_000)]
    growth = np.log2(np.array(distinct[1:]) / distinct[:-1])
    assert (growth > 0.6).all()


def test_coined_words_differ_from_each_other():
    words = Words()
    assert len({words.coin(rank) for rank in range(6_000, 16_000)}) > 9_500
    assert words.coin(6_000) == Words().coin(6_000)


def test_a_text_has_at_least_one_word():
    assert all(text for text in Words().take(np.random.default_rng(0), np.ones(50, dtype=int)))
