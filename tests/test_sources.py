"""The example sets that models are made from."""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest

from moderation import sources
from moderation.errors import InputError, RecordError
from moderation.examples import digest, read_examples
from moderation.sources import corpus_sets, own_sets, seed_sets
from tests.conftest import ROOT

SEEDS = ROOT / "seeds"
HEADER = "COMMENT_ID,AUTHOR,DATE,CONTENT,CLASS\n"
VIDEOS = ("01-Psy", "02-KatyPerry", "03-LMFAO", "04-Eminem", "05-Shakira")


def test_the_shipped_seeds_are_the_default():
    documents, written = seed_sets()
    assert (documents.name, written.name) == ("documents", "written")
    assert len(documents.examples) == 13
    assert len(written.examples) >= 300
    assert {row.provenance.corpus for row in documents.examples} == {"documents"}
    assert {row.provenance.corpus for row in written.examples} == {"written"}
    assert documents.licence != written.licence, "the texts of the documents are their authors'"
    for part in (documents, written):
        assert part.digest == digest(part.examples)


def test_other_seeds_are_read_from_their_folder(tmp_path):
    (tmp_path / "written").mkdir()
    shutil.copy(SEEDS / "examples.jsonl", tmp_path)
    for name in ("visitors", "debates"):
        shutil.copy(SEEDS / "written" / f"{name}.jsonl", tmp_path / "written")
    written = seed_sets(tmp_path)[1]
    rows = [row for name in ("debates", "visitors") for row in read_examples(SEEDS / "written" / f"{name}.jsonl")]
    assert [row.id for row in written.examples] == [row.id for row in rows], "in the order of the file names"


def test_a_folder_without_seeds_is_named(tmp_path):
    with pytest.raises(InputError, match=r"has no written/\*.jsonl"):
        seed_sets(tmp_path)
    (tmp_path / "written").mkdir()
    (tmp_path / "written" / "a.jsonl").touch()
    with pytest.raises(InputError, match=r"examples.jsonl: no such file"):
        seed_sets(tmp_path)


def test_own_files_are_one_set_each(tmp_path):
    for name in ("mine", "yours"):
        line = json.dumps({"text": f"By {name}.", "labels": {"spam": 0}})
        (tmp_path / f"{name}.jsonl").write_text(f"{line}\n\n", encoding="utf-8")
    first, second = own_sets([tmp_path / "mine.jsonl", tmp_path / "yours.jsonl"])
    assert (first.name, first.origin, len(first.examples)) == ("mine", "mine.jsonl", 1)
    assert (second.name, second.examples[0].situation.text) == ("yours", "By yours.")
    assert first.digest != second.digest
    assert own_sets([]) == []


def test_own_files_that_teach_nothing_are_refused(tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text("\n \n", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine.jsonl: has no examples"):
        own_sets([path])
    path.write_text('{"text": "x", "labels": {"spam": 0}}\n{"text": "x"}\n', encoding="utf-8")
    with pytest.raises(RecordError, match=r"mine.jsonl:2: has no 'labels'"):
        own_sets([path])


@pytest.fixture
def corpora(tmp_path):
    folder = tmp_path / "corpora"
    (folder / "youtube_spam").mkdir(parents=True)
    for video in VIDEOS:
        rows = "".join(f"{video}-{number},a,b,Comment {number} of {video},0\n" for number in range(4))
        (folder / "youtube_spam" / f"Youtube{video}.csv").write_text(HEADER + rows, encoding="utf-8")
    return folder


def test_a_published_corpus_carries_its_licence_origin_and_digest(corpora):
    (part,) = corpus_sets(corpora)
    assert (part.name, len(part.examples)) == ("youtube_spam", 20)
    assert part.licence == "UCI ML repository, citation requested"
    assert part.origin.startswith("github.com/")
    before = part.digest
    with (corpora / "youtube_spam" / "Youtube01-Psy.csv").open("a", encoding="utf-8") as file:
        file.write("x,a,b,One more,1\n")
    assert corpus_sets(corpora)[0].digest != before


def test_a_large_corpus_is_cut_to_the_same_rows_whatever_their_order(corpora, monkeypatch):
    monkeypatch.setattr(sources, "MAX_CORPUS_ROWS", 7)
    (part,) = corpus_sets(corpora)
    chosen = [row.id for row in part.examples]
    assert len(chosen) == 7
    assert len({row.thread for row in part.examples}) > 1, "spread over the corpus, not its first rows"
    file = corpora / "youtube_spam" / "Youtube01-Psy.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([header, *reversed(rows)]), encoding="utf-8")
    assert [row.id for row in corpus_sets(corpora)[0].examples] == chosen


def test_own_labels_take_the_place_of_the_authors_and_are_kept_when_a_corpus_is_cut(corpora, monkeypatch, tmp_path):
    labels = tmp_path / "seeds" / "labels"
    labels.mkdir(parents=True)
    (labels / "youtube_spam.csv").write_text("row,spam,abuse\n01-Psy-3,1,0\n05-Shakira-2,,1\n", encoding="utf-8")
    monkeypatch.setattr(sources, "seeds", lambda: tmp_path / "seeds")
    monkeypatch.setattr(sources, "MAX_CORPUS_ROWS", 3)
    (part,) = corpus_sets(corpora)
    own = {row.provenance.row: dict(row.labels) for row in part.examples if row.provenance.by_guide}
    assert own["01-Psy-3"] == {"spam": 1, "abuse": 0}
    assert own["05-Shakira-2"] == {"abuse": 1}, "what we left blank is unknown, whatever its authors said"
    assert len(part.examples) == 3
    assert part.labels == hashlib.sha256((labels / "youtube_spam.csv").read_bytes()).hexdigest()


def test_a_corpus_with_a_missing_file_says_where_it_is_published(corpora, tmp_path):
    (corpora / "youtube_spam" / "Youtube05-Shakira.csv").unlink()
    with pytest.raises(InputError, match=r"Youtube05-Shakira.csv: no such file; the corpus is published at"):
        corpus_sets(corpora)
    with pytest.raises(InputError, match="has no corpus, expected sub-folders such as context_toxicity, davidson"):
        corpus_sets(tmp_path / "nowhere")
