"""Ends of Reddit threads."""

from __future__ import annotations

import json

from tests.corpora.conftest import read, said


def test_it_reads_its_authors_format(tmp_path):
    def end(number: int, kind: str, rule: int, *bodies: str) -> str:
        comments = [{"id": f"{number}{body[:6]}{len(body)}", "body": body, "violated_rule": 0} for body in bodies]
        comments[-1]["violated_rule"] = rule
        return json.dumps({"thread": number, "kind": kind, "file": kind, "comments": comments}) + "\n"

    lines = (
        end(7, "ad_hominem", 2, "First.", "", "Second.", "You fool.")
        + end(7, "delta", 0, "First.", "You changed my mind.")
        + end(8, "ad_hominem", 5, "Begins.", "Removed for another rule.")
        + end(9, "delta", 0, "Starts.", "  ")
        + end(10, "ad_hominem", 2, "Alone, fool.")
    )
    rows = read("ukp_ad_hominem", tmp_path, {"threads.jsonl": lines})
    assert said(rows) == [
        ("First.", {}),
        ("Second.", {}),
        ("You fool.", {"personal_attack": 1}),
        ("You changed my mind.", {"personal_attack": 0, "abuse": 0}),
        ("Begins.", {}),
        ("Removed for another rule.", {}),
        ("Starts.", {}),
        ("Alone, fool.", {"personal_attack": 1}),
    ]
    assert [row.situation.parent for row in rows] == [None, "First.", "Second.", "First.", None, "Begins.", None, None]
    assert [row.situation.earlier for row in rows][:4] == [(), ("First.",), ("First.", "Second."), ("First.",)]
    assert [row.thread.split(":")[1] for row in rows] == ["7"] * 4 + ["8"] * 2 + ["9", "10"]


def test_ends_that_share_a_comment_are_one_thread(tmp_path):
    def end(number: int, *ids: str) -> str:
        comments = [{"id": name, "body": f"Comment {name}.", "violated_rule": 0} for name in ids]
        return json.dumps({"thread": number, "kind": "delta", "file": "f", "comments": comments}) + "\n"

    rows = read(
        "ukp_ad_hominem", tmp_path, {"threads.jsonl": end(1, "a", "b") + end(2, "c") + end(2, "b", "d") + end(3, "e")}
    )
    assert [(row.provenance.row, row.thread) for row in rows] == [
        ("a", "ukp_ad_hominem:1"),
        ("b", "ukp_ad_hominem:1"),
        ("c", "ukp_ad_hominem:1"),  # its thread number shares a comment with the first, in its other end
        ("d", "ukp_ad_hominem:1"),
        ("e", "ukp_ad_hominem:3"),
    ]
