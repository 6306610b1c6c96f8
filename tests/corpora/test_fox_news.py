"""Comments under a news site, with title and previous comment."""

from __future__ import annotations

import json

from moderation.records import Article
from tests.corpora.conftest import read, said


def test_it_reads_its_authors_format(tmp_path):
    lines = [
        {"title": "Bins", "meta": "About bins.", "text": "Good.", "prev": "", "label": 0},
        {"title": "Bins", "meta": "", "text": "Vermin.", "prev": "Good.", "label": 1},
        {"title": "Buses", "meta": "About buses.", "text": "", "prev": "", "label": 0},
    ]
    content = "".join(json.dumps(line) + "\n" for line in lines)
    rows = read("fox_news", tmp_path, {"fox-news-comments.json": content})
    assert said(rows) == [("Good.", {"abuse": 0}), ("Vermin.", {"abuse": 1})]
    assert [row.situation.article for row in rows] == [Article("Bins", "About bins."), Article("Bins")]
    assert [row.situation.parent for row in rows] == [None, "Good."]
    assert [row.situation.earlier for row in rows] == [(), ("Good.",)]
    assert {row.thread for row in rows} == {"fox_news:article-1"}
