"""Wikipedia talk pages: two files, one with parents."""

from __future__ import annotations

from tests.corpora.conftest import read, said


def test_it_reads_its_authors_format(tmp_path):
    rows = read(
        "context_toxicity",
        tmp_path,
        {
            "gc.csv": "id,text,parent,label,api\n1.1,An answer,A question,0,0.1\n1.2,Rubbish,A question,1,0.9\n"
            "1.3, ,p,0,0\n",
            "gn.csv": "id,text,label,api,parent\n1.1,Alone,0,0.1,\n",
            "cat_small.csv": "text,parent_text,tox_codes_oc,label_oc,tox_codes_ic,label_ic\n"
            "Fine , ,[0. 0. 0.],1,[0. 0. 0.],0\n ,p,[],0,[],0\nAwful,A question,[0. 0. 0.],0,[1. 1. 1.],1\n",
        },
    )
    assert said(rows) == [
        ("An answer", {"abuse": 0, "personal_attack": 0}),
        ("Rubbish", {"abuse": 1}),  # toxic does not say at whom
        ("Alone", {"abuse": 0, "personal_attack": 0}),
        ("Fine ", {"abuse": 0, "personal_attack": 0}),  # judged in its context, not alone
        ("Awful", {"abuse": 1}),
    ]
    assert [row.situation.parent for row in rows] == ["A question", "A question", None, None, "A question"]
    assert len({row.id for row in rows}) == 5, "an id may be in two files"
    assert [row.provenance.row for row in rows][3:] == ["cat_small.csv:1", "cat_small.csv:3"], "no ids: the place"
