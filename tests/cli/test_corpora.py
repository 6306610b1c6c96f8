"""`moderation corpora`."""

from __future__ import annotations

import pytest

from moderation.corpora.registry import CORPORA
from moderation.sources import own_judgements
from tests.cli.conftest import one_line
from tests.corpora.conftest import CORPORA_FOLDER, published
from tests.corpora.test_registry import ROWS


def test_without_a_folder_every_corpus_is_named_with_where_it_is_published(run):
    done = run("corpora", "list")
    assert (done.code, done.err) == (0, "")
    for name, corpus in CORPORA.items():
        assert f"{name} is not here (no --corpora folder given); its authors publish it at {corpus.origin}" in done.out
        assert corpus.licence in done.out


@pytest.mark.parametrize("name", CORPORA)
def test_one_corpus_says_what_it_speaks_about_and_what_not(run, tmp_path, name):
    corpus = CORPORA[name]
    done = run("corpora", "show", name, "--corpora", tmp_path)
    lines = {line[2:19].strip(): line[19:] for line in done.out.splitlines()[1:]}
    assert lines["licence"] == corpus.licence
    assert lines["speaks about"] == (", ".join(corpus.speaks_about) or "none of our labels")
    assert not set(lines["silent about"].split(", ")) & set(corpus.speaks_about)
    assert lines["labelled by us"] == f"{len(own_judgements(name)):,} rows"
    assert lines["use"].startswith("measuring only") == (name == "bias_madlibs")
    assert f"not in {tmp_path}; its authors publish it at {corpus.origin}" in done.out


def test_an_unknown_corpus_suggests_the_nearest(run):
    assert "unknown corpus 'foxnews'" in one_line(run("corpora", "show", "foxnews"))


def test_rows_that_are_labelled_but_not_in_the_corpus_are_named(run, tmp_path):
    (tmp_path / "fox_news").mkdir()
    line = '{"title": "Bins", "meta": "", "text": "Good.", "prev": "", "label": 0}\n'
    (tmp_path / "fox_news" / "fox-news-comments.json").write_text(line, encoding="utf-8")
    assert "has labels but is not in the corpus (1527 such rows)" in one_line(
        run("corpora", "show", "fox_news", "--corpora", tmp_path)
    )


@published
def test_the_published_files_are_counted(run, env, monkeypatch):
    monkeypatch.setenv("MODERATION_CORPORA", str(CORPORA_FOLDER))
    listed = {line.split()[0]: line.split() for line in run("corpora", "list").out.splitlines()[1:]}
    assert {name: cells[1] for name, cells in listed.items()} == {name: f"{rows:,}" for name, rows in ROWS.items()}
    shown = run("corpora", "show", "isca_2023").out
    assert "rows             6,937" in shown
    assert "with ours in their place: 910 rows judged" in shown
