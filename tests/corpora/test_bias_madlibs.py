"""Template sentences, for measuring only."""

from __future__ import annotations

from moderation.corpora.registry import CORPORA, read_corpora
from tests.corpora.conftest import read, said

FILES = {
    "bias_madlibs_77k.csv": 'Text,Label,Template\n"hug a baker",NOT_BAD,verb_adj\n"kick a baker",BAD,verb_adj\n',
    "en_sentence_templates.csv": "template,toxicity,phrase\nverb_adj,nontoxic,hug a cook\nverb_adj,toxic,kick a cook\n",
}


def test_it_reads_its_authors_format(tmp_path):
    rows = read("bias_madlibs", tmp_path, FILES)
    assert said(rows) == [
        ("hug a baker", {"abuse": 0}),
        ("kick a baker", {"abuse": 1}),
        ("hug a cook", {"abuse": 0}),
        ("kick a cook", {"abuse": 1}),
    ]
    assert [row.provenance.row for row in rows][1:3] == ["bias_madlibs_77k.csv:2", "en_sentence_templates.csv:1"]


def test_nothing_is_ever_trained_on_it(tmp_path):
    (tmp_path / "bias_madlibs").mkdir()
    read("bias_madlibs", tmp_path / "bias_madlibs", FILES)
    (tmp_path / "davidson").mkdir()
    tweets = ",count,hate_speech,offensive_language,neither,class,tweet\n0,3,0,0,3,2,hello\n"
    (tmp_path / "davidson" / "labeled_data.csv").write_text(tweets, encoding="utf-8")
    assert CORPORA["bias_madlibs"].measuring_only
    assert list(read_corpora(tmp_path)) == ["davidson"]
