"""Posts from Twitter and Gab."""

from __future__ import annotations

from tests.corpora.conftest import read, said


def test_it_reads_its_authors_format(tmp_path):
    rows = read(
        "hatexplain",
        tmp_path,
        {"92_HateXplain.csv": "text,rationale_pos,label\nordinary,,0\nprofane,,1\nhateful,,2\n ,,0\n"},
    )
    assert said(rows) == [("ordinary", {"abuse": 0, "personal_attack": 0}), ("hateful", {"abuse": 1})]
