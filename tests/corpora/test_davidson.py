"""Tweets."""

from __future__ import annotations

from tests.corpora.conftest import read, said


def test_it_reads_its_authors_format(tmp_path):
    rows = read(
        "davidson",
        tmp_path,
        {
            "labeled_data.csv": ",count,hate_speech,offensive_language,neither,class,tweet\n"
            '0,3,3,0,0,0,hateful\n1,3,0,3,0,1,profane\n2,3,0,0,3,2,"friendly, twice"\n3,3,0,0,3,2, \n',
        },
    )
    assert said(rows) == [
        ("hateful", {"abuse": 1}),
        ("profane", {}),  # says nothing about our labels
        ("friendly, twice", {"abuse": 0, "personal_attack": 0}),
    ]
    assert [row.provenance.row for row in rows] == ["0", "1", "2"], "the authors' row numbers"
