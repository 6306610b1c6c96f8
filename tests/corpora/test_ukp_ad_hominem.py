"""Ends of Reddit threads."""

from __future__ import annotations

import json

from tests.corpora.conftest import read, said


def test_it_reads_its_authors_format(tmp_path):
    def thread(file: str, kind: str, rule: int, *bodies: str) -> str:
        comments = [{"body": body, "violated_rule": 0} for body in bodies]
        comments[-1]["violated_rule"] = rule
        return json.dumps({"thread": 7, "kind": kind, "file": file, "comments": comments}) + "\n"

    rows = read(
        "ukp_ad_hominem",
        tmp_path,
        {
            "threads.jsonl": thread("a", "ad_hominem", 2, "First.", "", "Second.", "You fool.")
            + thread("b", "delta", 0, "First.", "You changed my mind.")
            + thread("c", "ad_hominem", 5, "First.", "Removed for another rule.")
            + thread("d", "delta", 0, "First.", "  ")
            + thread("e", "ad_hominem", 2, "Alone, fool."),
        },
    )
    assert said(rows) == [
        ("You fool.", {"personal_attack": 1}),
        ("You changed my mind.", {"personal_attack": 0, "abuse": 0}),
        ("Alone, fool.", {"personal_attack": 1}),
    ]
    assert [row.situation.earlier for row in rows] == [("First.", "Second."), ("First.",), ()]
    assert [row.situation.parent for row in rows] == ["Second.", "First.", None]
    assert {row.thread for row in rows} == {"ukp_ad_hominem:7"}
