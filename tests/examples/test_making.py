"""Files of comments -> examples: what a row is called."""

from __future__ import annotations

import gzip
import json

import pytest

from moderation.errors import InputError, PageError, RecordError
from moderation.examples import ExampleFile, example_to_dict, examples_of_file, read_examples
from moderation.records import Article
from tests.conftest import DOCUMENTS, ROOT

RECORDS = """\
{"id": "a", "text": "First.", "thread_id": "bins", "article": {"title": "Bins", "text": "Late."}}
{"id": "b", "text": "Second.", "thread_id": "bins", "parent": "a"}
{"id": 7, "text": "Under another.", "article": {"title": "Buses"}}
{"text": "Without a name."}
"""


def test_a_page_is_named_by_its_file_and_the_numbers_on_it():
    rows = examples_of_file(DOCUMENTS[0], {f"{DOCUMENTS[0].name}#8": {"spam": 0}})
    assert len(rows) == 13
    assert [row.labels for row in rows if row.labels] == [{"spam": 0}]


def test_only_the_shipped_documents_are_this_projects(tmp_path):
    page = tmp_path / DOCUMENTS[0].name
    page.write_bytes(DOCUMENTS[0].read_bytes())
    assert {row.provenance.licence for row in examples_of_file(page, {})} == {"the owner's"}
    assert {row.provenance.licence for row in examples_of_file(DOCUMENTS[0], {})} == {"CC BY 4.0"}


def test_a_thread_may_be_named_by_a_long_address(tmp_path):
    path, out = tmp_path / "mine.jsonl", tmp_path / "out.jsonl"
    address = "https://example.com/" + "a" * 1_900
    path.write_text(json.dumps({"text": "One.", "article": {"url": address}}) + "\n", encoding="utf-8")
    (made,) = examples_of_file(path, {"mine.jsonl:1": {"spam": 0}})
    out.write_text(json.dumps(example_to_dict(made)) + "\n", encoding="utf-8")
    assert list(read_examples(out)) == [made]


def test_records_are_named_by_thread_and_id(tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text(RECORDS, encoding="utf-8")
    rows = examples_of_file(path, {"mine.jsonl#bins#b": {"spam": 1}, "mine.jsonl#7": {"spam": 0}, "7": {"spam": 1}})
    assert [row.id for row in rows] == ["mine.jsonl#bins#a", "mine.jsonl#bins#b", "mine.jsonl#7", "mine.jsonl:4"]
    assert [row.thread for row in rows] == ["bins", "bins", "Buses", "mine.jsonl:4"]
    assert [dict(row.labels) for row in rows] == [{}, {"spam": 1}, {"spam": 0}, {}]
    assert rows[1].situation.parent == "First."
    assert rows[0].situation.article == Article("Bins", "Late.")
    assert {row.provenance.corpus for row in rows} == {"mine"}


def test_one_id_in_two_threads_is_two_rows(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("id,text,thread_id\n1,One.,a\n1,Two.,b\n", encoding="utf-8")
    assert [row.id for row in examples_of_file(path, {})] == ["mine.csv#a#1", "mine.csv#b#1"]
    path.write_text("id,text,thread_id\n1,One.,a\n1,Two.,a\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"id 'mine\.csv#a#1' stands twice, expected each id once in its thread"):
        examples_of_file(path, {})


def test_what_is_neither_page_nor_records_is_refused(tmp_path):
    path = tmp_path / "odd.bin"
    path.write_bytes(b"\0\1\2")
    with pytest.raises(PageError, match=r"odd\.bin: is binary"):
        examples_of_file(path, {})


def test_an_export_has_its_articles_threads_and_statuses():
    path = ROOT / "tests" / "threads" / "exports" / "fixtures" / "wordpress.xml"
    source = ExampleFile(path)
    rows = {example.id: (example, status) for example, status in source}
    example, status = rows["wordpress.xml#11#102"]
    assert (example.thread, status) == ("11", "approved")
    assert example.situation.article.title == "Tea & scones"
    assert example.situation.parent == "Mine is green.\n\nAnd yours?"
    assert example.labels == {}
    assert (source.export.counts.placed, source.export.counts.skipped) == (len(rows), 4)


def test_a_page_may_be_packed(tmp_path):
    packed = tmp_path / "page.gz"
    packed.write_bytes(gzip.compress(DOCUMENTS[0].read_bytes()))
    plain = [row.situation for row in examples_of_file(DOCUMENTS[0], {})]
    assert [row.situation for row in examples_of_file(packed, {})] == plain
    packed.write_bytes(packed.read_bytes()[:-2_000])
    with pytest.raises(InputError, match=r"page\.gz: byte .*, line .*"):
        examples_of_file(packed, {})


def test_ids_of_any_length_are_read_again(tmp_path):
    path, out = tmp_path / "mine.jsonl", tmp_path / "out.jsonl"
    thread, name = "é" * 2_000, "x" * 5_000
    disqus = f"""<disqus><thread dsq:id="{thread}"><title>T</title></thread><post dsq:id="{name}"><message>Hello.</message>
        <thread dsq:id="{thread}" /></post></disqus>"""
    path.write_text(disqus, encoding="utf-8")
    (made,) = examples_of_file(path, {})
    assert len(made.thread) == 64, "a digest"
    out.write_text(json.dumps(example_to_dict(made)) + "\n", encoding="utf-8")
    assert list(read_examples(out)) == [made]
