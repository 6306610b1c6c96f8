"""Tweets about Jews and Israel: "biased" is no label of ours."""

from __future__ import annotations

import pytest

from moderation.corpora.registry import read_corpus
from moderation.errors import InputError
from tests.corpora.conftest import read, said

HEADER = "TweetID,CreateDate,Biased,Keyword,Text\n"


def test_it_reads_its_authors_format(tmp_path):
    lines = (
        "1,2020-02-25 10:58:23+00:00,0,Israel,News of the day: \\n\\nrain\n"
        '2,2020-02-25 10:58:23+00:00,1,Jews,"Vile, and long"\n'
        "3,2020-02-25 10:58:23+00:00,0,Jews, \n"
        "1,2020-02-25 10:58:23+00:00,1,Jews,News of the day: rain\n"  # four tweets are listed twice
    )
    rows = read("isca_2023", tmp_path, {"tweets.csv": HEADER + lines})
    assert said(rows) == [("News of the day: \n\nrain", {}), ("Vile, and long", {})]
    assert [row.id for row in rows] == ["isca_2023:1", "isca_2023:2"]
    assert all(row.situation.parent is None and row.situation.article is None for row in rows)


def test_another_annotation_is_not_as_published(tmp_path):
    (tmp_path / "isca_2023").mkdir()
    (tmp_path / "isca_2023" / "tweets.csv").write_text(HEADER + "1,2020,2,Jews,text\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"is not as published at github\.com/andwzn"):
        read_corpus("isca_2023", tmp_path)
