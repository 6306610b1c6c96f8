"""Every reader at once: on the published files where there are any."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from moderation.corpora.registry import CORPORA, read_corpora, read_corpus
from moderation.errors import InputError, UnknownNameError
from moderation.labels import LABEL_NAMES
from moderation.limits import MAX_ARTICLE_BYTES
from moderation.records import Example
from tests.corpora.conftest import CORPORA_FOLDER, published

ROWS = {
    "bias_madlibs": 153_128,
    "context_toxicity": 20_978,
    "davidson": 24_783,
    "fox_news": 1_528,
    "hatexplain": 18_962,
    "isca_2023": 6_937,  # of 6,941: four tweets are listed twice
    "toxic_spans": 20_141,  # 16,100 comments, and those without their marked characters
    "ukp_ad_hominem": 5_999,  # of 6,020: some comments stand in two thread ends
    "youtube_spam": 1_953,  # of 1,956: three comments are listed twice
}
JUDGED = {  # by its authors, for at least one of our labels
    **ROWS,
    "davidson": 5_593,  # "offensive" decides no label
    "hatexplain": 13_561,  # likewise
    "isca_2023": 0,
    "toxic_spans": 16_969,
    "ukp_ad_hominem": 1_720,  # the last comment of each end
}
NAMES = sorted(CORPORA)


@cache
def rows_of(name: str) -> list[Example]:
    return list(CORPORA[name].read(CORPORA_FOLDER / name))


def test_every_corpus_is_told_apart_and_licensed():
    assert sorted(ROWS) == NAMES
    for name, corpus in CORPORA.items():
        assert corpus.name == name
        assert corpus.licence
        assert "github.com/" in corpus.origin
        assert " @ " in corpus.origin, "the commit that was read"
        assert corpus.domain
        assert corpus.files
        assert set(corpus.speaks_about) < set(LABEL_NAMES), "no corpus decides every label"


def test_no_published_corpus_speaks_about_what_only_this_project_asks():
    for corpus in CORPORA.values():
        assert not {"antisemitism_accusation", "on_topic_disagreement", "off_topic"} & set(corpus.speaks_about)


@published
@pytest.mark.parametrize("name", NAMES)
def test_the_published_files_give_the_known_number_of_examples(name):
    assert len(rows_of(name)) == ROWS[name]
    assert sum(bool(row.labels) for row in rows_of(name)) == JUDGED[name]


@published
@pytest.mark.parametrize("name", NAMES)
def test_rows_speak_about_their_labels_only(name):
    corpus = CORPORA[name]
    judged = Counter((label, value) for row in rows_of(name) for label, value in row.labels.items())
    assert {label for label, _ in judged} == set(corpus.speaks_about)
    assert {value for _, value in judged} == ({0, 1} if corpus.speaks_about else set())


@published
@pytest.mark.parametrize("name", NAMES)
def test_rows_say_where_they_come_from(name):
    corpus = CORPORA[name]
    for row in rows_of(name):
        assert (row.provenance.corpus, row.provenance.licence) == (name, corpus.licence)
        assert row.id == f"{name}:{row.provenance.row}"
        assert row.thread.startswith(f"{name}:")
        assert row.situation.text.strip()
        assert row.situation.parent != ""
        assert len(row.situation.text) < MAX_ARTICLE_BYTES


@published
@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique(name):
    assert len({row.id for row in rows_of(name)}) == len(rows_of(name))


@published
def test_threads_are_kept_together():
    threads = {name: len({row.thread for row in rows_of(name)}) for name in NAMES}
    assert threads["fox_news"] == 10, "one an article"
    assert threads["youtube_spam"] == 5, "one a video"
    assert threads["ukp_ad_hominem"] == 850, "the attack and the delta under one post, and ends that share a comment"
    assert threads["toxic_spans"] < len(rows_of("toxic_spans")), "a comment and its cleaned form"
    for name in ("bias_madlibs", "context_toxicity", "davidson", "hatexplain", "isca_2023"):
        assert threads[name] == ROWS[name], "rows of their own"


@published
def test_context_is_read_where_there_is_any():
    with_parent = {name: sum(row.situation.parent is not None for row in rows_of(name)) for name in NAMES}
    assert with_parent == dict.fromkeys(NAMES, 0) | {
        "context_toxicity": 10_978,
        "fox_news": 813,
        "ukp_ad_hominem": 4_288,
    }
    assert {name for name in NAMES if with_parent[name] or name == "fox_news"} == {
        name for name in NAMES if CORPORA[name].context
    }
    assert all(row.situation.article.title for row in rows_of("fox_news"))
    assert max(len(row.situation.earlier) for row in rows_of("ukp_ad_hominem")) == 3


@published
def test_reading_twice_gives_the_same_rows():
    found = read_corpora(CORPORA_FOLDER)
    assert list(found) == [name for name in NAMES if name != "bias_madlibs"], "what may be trained on"
    for name, rows in found.items():
        assert rows == rows_of(name)


def test_an_unknown_corpus_suggests_the_nearest(tmp_path):
    with pytest.raises(UnknownNameError, match="did you mean 'fox_news'"):
        read_corpus("foxnews", tmp_path)


def test_a_folder_without_corpora_is_named(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(InputError, match=f"{tmp_path}: has no corpus, expected sub-folders such as context_toxicity"):
        read_corpora(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_named_with_its_origin(tmp_path, name):
    (tmp_path / name).mkdir()
    corpus = CORPORA[name]
    for read in (lambda: read_corpus(name, tmp_path), lambda: corpus.digest(tmp_path / name)):
        with pytest.raises(InputError) as caught:
            read()
        assert str(caught.value) == (
            f"{tmp_path / name / corpus.files[0]}: no such file; the corpus is published at {corpus.origin}"
        )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "content", [b"some,other\n1,2\n", b"\xff\xfe\n\xff\n", b"{}\n"], ids=["columns", "bytes", "json"]
)
def test_a_file_that_is_not_as_published_is_named(tmp_path, name, content):
    (tmp_path / name).mkdir()
    corpus = CORPORA[name]
    for file in corpus.files:
        (tmp_path / name / file).write_bytes(content * 3)
    with pytest.raises(InputError) as caught:
        read_corpus(name, tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / name}: is not as published at {corpus.origin} (")
