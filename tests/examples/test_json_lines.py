"""Examples as JSON lines."""

from __future__ import annotations

import json

import pytest

from moderation.errors import RecordError, UnknownNameError
from moderation.examples import (
    digest,
    example_to_dict,
    examples_of_thread,
    read_examples,
    read_labels,
)
from moderation.threads.page import read_page
from tests.conftest import DOCUMENTS, ROOT

SEEDS = ROOT / "seeds"
WRITTEN = [row for file in sorted((SEEDS / "written").glob("*.jsonl")) for row in read_examples(file, "written")]


def test_the_seed_examples_are_what_split_makes_of_the_documents():
    labels = read_labels(SEEDS / "labels" / "documents.csv")
    made = [row for page in DOCUMENTS for row in examples_of_thread(read_page(page), labels)]
    assert made == list(read_examples(SEEDS / "examples.jsonl"))
    assert len(made) == 13
    lines = (SEEDS / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    assert [example_to_dict(row) for row in made] == [json.loads(line) for line in lines]


def test_the_seed_documents_are_verbatim():
    """Their digests, so that no editor or formatter changes them unseen."""
    assert [path.name for path in DOCUMENTS] == [
        "000_37cefdc699f39b4b.txt",
        "001_97ced322892eb33c.txt",
        "002_9fbab12b0ab3fd27.txt",
        "003_51dbf981b0c3cc73.txt",
    ]
    assert [path.stat().st_size for path in DOCUMENTS] == [7752, 3587, 4125, 9983]


def test_round_trip(tmp_path):
    path = tmp_path / "examples.jsonl"
    path.write_text("\n".join(json.dumps(example_to_dict(row)) for row in WRITTEN), encoding="utf-8")
    again = list(read_examples(path))
    assert again == WRITTEN
    assert digest(again) == digest(WRITTEN)


def test_an_owners_line_is_a_comment_record_with_labels(tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text(
        '{"text": "Buy now", "parent": "Hello", "article": {"title": "Bins"}, "labels": {"spam": 1, "abuse": null}}\n',
        encoding="utf-8",
    )
    (row,) = read_examples(path)
    assert row.labels == {"spam": 1}
    assert (row.situation.parent, row.situation.article.title, row.thread) == ("Hello", "Bins", "Bins")
    assert row.provenance.corpus == "mine"


@pytest.mark.parametrize(
    ("line", "error", "message"),
    [
        ('{"text": "x"}', RecordError, "mine.jsonl:1: has no 'labels'"),
        ('{"labels": {"spam": 1}}', RecordError, "mine.jsonl:1: text is empty"),
        ('{"text": "x", "labels": {"spma": 1}}', UnknownNameError, "did you mean 'spam'"),
        ('{"text": "x", "labels": {"spam": 3}}', RecordError, "expected 0, 1 or null"),
        ('{"text": "x", "labels": {}, "lables": {}}', UnknownNameError, "did you mean 'labels'"),
        ('{"text": "x", "labels": {}, "context": {"parent": 5}}', RecordError, "mine.jsonl:1: parent is no string"),
        ('{"text": "x", "labels": {}, "context": 5}', RecordError, "mine.jsonl:1: context is no object"),
        ('{"text": "x", "labels": {}, "provenance": 5}', RecordError, "mine.jsonl:1: provenance is no object"),
        ('{"text": "x", "labels": {}, "context": {"earlier": "abc"}}', RecordError, "mine.jsonl:1: earlier is no list"),
        ('{"text": "x", "labels": {}, "context": {"artcle": {}}}', UnknownNameError, "did you mean 'context.article'"),
        ('{"text": "x", "labels": {}, "provenance": {"corpus": ["x"]}}', RecordError, "corpus is no string"),
        ('{"text": "x", "labels": {}, "thread": "\\ud800"}', RecordError, "thread contains a lone surrogate"),
        ("nonsense", RecordError, "mine.jsonl:1: is not JSON"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, error, message):
    path = tmp_path / "mine.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(error) as caught:
        list(read_examples(path))
    assert message in str(caught.value)
