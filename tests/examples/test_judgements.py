"""Label files: labels by row id, never the text."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.errors import InputError, RecordError, UnknownNameError
from moderation.examples import Judgement, agreed, judge, read_judgements, read_labels, write_judgements
from moderation.labels import LABEL_NAMES
from moderation.records import Example, Provenance, Situation

LABELS = st.dictionaries(st.sampled_from(LABEL_NAMES), st.sampled_from([0, 1]))
# What a UTF-8 file can hold: no lone surrogates. Ids and reasons come from somebody's export: anything else may stand there.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
REASON = TEXT.map(str.strip)


@given(
    st.dictionaries(TEXT, st.tuples(LABELS, st.sampled_from([None, 1, 2, 3]), st.sampled_from([None, 1, 7]), REASON))
)
def test_what_is_written_is_read_again(tmp_path_factory, judged):
    path = tmp_path_factory.mktemp("labels") / "labels.csv"
    judgements = {
        row: Judgement(row, {name: labels[name] for name in LABEL_NAMES if name in labels}, certainty, readings, reason)
        for row, (labels, certainty, readings, reason) in judged.items()
    }
    for _ in range(2):
        write_judgements(path, judgements.values())
        assert read_judgements(path) == judgements


@pytest.mark.parametrize("row", ["a\rb", "=1+1", "+a", "-5", "@x", "\ttab", "'=1", "''=1", "'plain", "plain"])
def test_an_id_is_no_formula_and_comes_back_as_it_was(tmp_path, row):
    path = tmp_path / "labels.csv"
    write_judgements(path, [Judgement(row, {"spam": 1}, reason="=reason")])
    first_cell = path.read_text(encoding="utf-8").split("\n")[1].lstrip('"')
    assert first_cell[0] not in "=+-@\t"
    assert [(found, one.reason) for found, one in read_judgements(path).items()] == [(row, "=reason")]


def test_a_label_file_is_checked(tmp_path):
    path = tmp_path / "labels.csv"
    for text, message in (
        ("id,spam\n1,1\n", "expected 'row' and labels, each once"),
        ("row,spam\n1,yes\n", "label value 'yes'"),
        ("row,spma\n1,1\n", "did you mean 'spam'"),
        ("row,text\n1,1\n", "unknown label 'text'"),
        ("row,spam,spam\n1,1,0\n", "each once"),
        ("row,spam\n1,1\n1,0\n", "labels.csv:3: row '1' occurs twice"),
        ("row,spam\n1,1,1\n", "labels.csv:2: has 3 values, expected 2"),
        ('row,spam\n"1,1\n', "is not CSV"),
        ("row,certainty\n1,0\n", "labels.csv:2: certainty is '0', expected 1, 2, 3 or nothing"),
        ("row,readings\n1,-1\n", "labels.csv:2: readings is '-1', expected a whole number from 1 or nothing"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises((RecordError, UnknownNameError)) as caught:
            read_labels(path)
        assert message in str(caught.value)
    with pytest.raises(InputError, match="no such file"):
        read_labels(tmp_path / "none.csv")
    path.write_bytes(b"row,spam\n\xff,1\n")
    with pytest.raises(InputError, match="is not UTF-8 at byte 9"):
        read_labels(path)


def test_a_judgement_takes_the_place_of_what_the_authors_said():
    rows = [
        Example(f"c:{row}", "c:t", Situation("x"), Provenance("c", row, "MIT"), {"abuse": 1, "spam": 0}) for row in "ab"
    ]
    first, second = judge(rows, {"a": Judgement("a", {"personal_attack": 1}), "elsewhere": Judgement("elsewhere")})
    assert first.labels == {"personal_attack": 1}, "what the judge left blank is unknown"
    assert first.provenance == dataclasses.replace(rows[0].provenance, by_guide=True)
    assert second == rows[1]


def test_copies_of_one_comment_are_labelled_equally():
    def row(name, labels, text="Liar.", by_guide=False, parent=None):
        return Example(name, name, Situation(text, parent), Provenance("c", name, "MIT", by_guide), labels)

    rows = [
        row("theirs", {"abuse": 1, "spam": 0}),
        row("ours", {"personal_attack": 1}, " LIAR.", by_guide=True),
        row("elsewhere", {"abuse": 1}, parent="What?"),
        row("one", {"abuse": 1, "spam": 0}, "Bullshit."),
        row("other", {"abuse": 0, "spam": 0}, "Bullshit."),
    ]
    assert [row.id for row in agreed(rows) if row.provenance.by_guide] == ["theirs", "ours"]
    assert [(found.id, dict(found.labels)) for found in agreed(rows)] == [
        ("theirs", {"personal_attack": 1}),
        ("ours", {"personal_attack": 1}),
        ("elsewhere", {"abuse": 1}),
        ("one", {"spam": 0}),
        ("other", {"spam": 0}),
    ]
