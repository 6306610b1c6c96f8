"""Comments under five videos."""

from __future__ import annotations

from moderation.corpora.registry import CORPORA
from tests.corpora.conftest import said


def test_it_reads_its_authors_format(tmp_path):
    files = dict.fromkeys(CORPORA["youtube_spam"].files, "COMMENT_ID,AUTHOR,DATE,CONTENT,CLASS\n")
    files["Youtube01-Psy.csv"] += "a,x,2015,Subscribe!,1\nb,x,2015,Nice song,0\nc,x,2015, ,0\n"
    files["Youtube05-Shakira.csv"] += 'd,x,,"Buy, now",1\na,x,2015,Subscribe!,1\n'  # one comment is listed twice
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8-sig")
    rows = list(CORPORA["youtube_spam"].read(tmp_path))
    assert said(rows) == [("Subscribe!", {"spam": 1}), ("Nice song", {"spam": 0}), ("Buy, now", {"spam": 1})]
    assert [row.thread for row in rows] == ["youtube_spam:Youtube01-Psy"] * 2 + ["youtube_spam:Youtube05-Shakira"]
