"""Posts from Twitter and Gab."""

from __future__ import annotations

from tests.corpora.conftest import read, said


def test_it_reads_its_authors_format(tmp_path):
    rows = read(
        "hatexplain",
        tmp_path,
        {"92_HateXplain.csv": "text,rationale_pos,label\nordinary,,0\nprofane,,1\nhateful,,2\n ,,0\n"},
    )
    assert said(rows) == [
        ("ordinary", {"abuse": 0, "personal_attack": 0}),
        ("profane", {}),  # may be profanity at no one
        ("hateful", {"abuse": 1}),
    ]
    assert [row.provenance.row for row in rows] == ["0", "1", "2"], "their place in the file"
