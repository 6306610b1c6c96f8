"""The reader of Toxic Spans: what annotators marked, and the same comments without it."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest

from moderation.corpora.toxic_spans import TOXIC_SPANS
from tests.corpora.conftest import CORPORA_FOLDER, published

TEXT = "The mayor is an idiot and the bins are still not emptied."
IDIOT = (TEXT.index("idiot"), TEXT.index("idiot") + len("idiot"))


@pytest.fixture
def corpus(tmp_path):
    """Write a corpus of one comment a call: annotators given as (all toxic, not toxic, [(type, start, end), ...])."""

    def write(*annotators, text=TEXT):
        quoted = text.replace('"', '""')
        (tmp_path / "comments.csv").write_text(f'comment_id,comment_text\n1,"{quoted}"\n2,Nobody read it.\n', "utf-8")
        votes = ["annotation,comment_id,worker,country,all toxic,not toxic"]
        spans = ["annotation,type,start,end"]
        for number, (whole, harmless, marks) in enumerate(annotators):
            votes.append(f"{number},1,{number},GB,{whole},{harmless}")
            spans += [f"{number},{kind},{start},{end}" for kind, start, end in marks]
        (tmp_path / "annotations.csv").write_text("\n".join(votes) + "\n", "utf-8")
        (tmp_path / "spans.csv").write_text("\n".join(spans) + "\n", "utf-8")
        return [(row.provenance.row, row.situation.text, dict(row.labels)) for row in TOXIC_SPANS.read(tmp_path)]

    return write


CLEAN = ("1-cleaned", "The mayor is an and the bins are still not emptied.", {"personal_attack": 0, "abuse": 0})


def test_an_insult_is_a_personal_attack_and_the_rest_of_the_comment_is_none(corpus):
    marked = (False, False, [("Insult", *IDIOT)])
    assert corpus(marked, marked, (False, True, [])) == [("1", TEXT, {"personal_attack": 1}), CLEAN]


def test_kinds_have_short_names_too(corpus):
    assert corpus((False, False, [("Insu", *IDIOT)]))[0][2] == {"personal_attack": 1}
    assert corpus((False, False, [("Identity based", *IDIOT)]))[0][2] == {"abuse": 1}


@pytest.mark.parametrize("kind", ["Identity based Attack", "Threat"])
def test_a_threat_or_an_attack_on_identity_is_abuse(corpus, kind):
    assert corpus((False, False, [(kind, *IDIOT)])) == [("1", TEXT, {"abuse": 1}), CLEAN]


def test_what_one_of_three_marked_is_not_clear_enough(corpus):
    rows = corpus((False, False, [("Insult", *IDIOT)]), (False, True, []), (False, True, []))
    assert rows == [("1", TEXT, {"abuse": 0}), CLEAN], "harmless to most, and nobody saw abuse"


def test_profanity_decides_nothing(corpus):
    assert corpus((False, False, [("Profane/Obscene", *IDIOT)])) == [("1", TEXT, {}), CLEAN]


def test_a_comment_that_nobody_found_toxic_is_a_negative(corpus):
    assert corpus((False, True, []), (False, True, [])) == [("1", TEXT, {"personal_attack": 0, "abuse": 0})]


def test_a_comment_that_is_toxic_as_a_whole_has_no_clean_form(corpus):
    rows = corpus((False, False, [("Insult", *IDIOT)]), (True, False, []))
    assert [row for row, _, _ in rows] == ["1"]


def test_too_little_left_is_no_comment(corpus):
    assert [row for row, _, _ in corpus((False, False, [("Insult", 0, len(TEXT) - 20)]))] == ["1"]


def test_marks_count_characters_and_may_overlap(corpus):
    text = "👍🏽 é " + TEXT
    start, end = text.index("an idiot"), text.index(" and")
    rows = corpus((False, False, [("Insult", start, end - 2), ("Threat", start + 3, end)]), text=text)
    assert rows[1][1] == "👍🏽 é The mayor is and the bins are still not emptied."


@published
def test_no_clean_form_has_a_character_that_anybody_marked():
    folder = CORPORA_FOLDER / TOXIC_SPANS.name

    def table(name: str) -> list[dict[str, str]]:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    comment_of = {row["annotation"]: row["comment_id"] for row in table("annotations")}
    marked = defaultdict(set)
    for span in table("spans"):
        marked[comment_of[span["annotation"]]] |= set(range(int(span["start"]), int(span["end"])))
    texts = {row["comment_id"]: row["comment_text"] for row in table("comments")}
    cleaned = [row for row in TOXIC_SPANS.read(folder) if row.id.endswith("-cleaned")]
    assert len(cleaned) > 4_000
    for row in cleaned:
        comment = row.provenance.row.removesuffix("-cleaned")
        kept = [
            sign for place, sign in enumerate(texts[comment]) if place not in marked[comment] and not sign.isspace()
        ]
        assert [sign for sign in row.situation.text if not sign.isspace()] == kept
        assert marked[comment]
        assert row.labels == {"personal_attack": 0, "abuse": 0}
        assert row.thread == f"{TOXIC_SPANS.name}:{comment}"
