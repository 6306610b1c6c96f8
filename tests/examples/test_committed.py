"""The labelled set as it is committed: large enough, sound, and as its card says."""

from __future__ import annotations

import csv
import json
import re
from functools import cache

import pytest

from moderation.examples import read_examples, read_judgements, split
from moderation.examples.agreement import agreement
from moderation.examples.splits import SPLITS, read_splits
from moderation.examples.stats import count
from moderation.labels import LABEL_NAMES
from moderation.sources import WRITTEN, judged_corpora, own_judgements, seed_sets
from tests.conftest import ROOT
from tests.corpora.conftest import CORPORA_FOLDER, published

SEEDS = ROOT / "seeds"
LINES = [
    json.loads(line)
    for file in sorted((SEEDS / "written").glob("*.jsonl"))
    for line in file.read_text(encoding="utf-8").splitlines()
]
COMMENTS = [row for part in seed_sets(SEEDS) if part.name == WRITTEN for row in part.examples]
READ = {"context_toxicity": 600, "fox_news": 1_528, "isca_2023": 669, "toxic_spans": 1_000, "ukp_ad_hominem": 2_200}
"""Rows of published corpora to be judged at least."""


@cache
def judged(name):
    return {row: one for row, one in read_judgements(SEEDS / "labels" / f"{name}.csv").items() if one.labels}


def test_enough_real_comments_were_read():
    for name, least in READ.items():
        assert len(judged(name)) >= least, name
    assert sum(len(judged(name)) for name in READ) >= 6_000


@pytest.mark.parametrize("name", READ)
def test_every_real_comment_was_read_twice_and_differences_are_settled(name):
    readers = [
        read_judgements(SEEDS / "labels" / "readings" / reader / f"{name}.csv") for reader in ("first", "second")
    ]
    final = read_judgements(SEEDS / "labels" / f"{name}.csv")
    assert {row for reader in readers for row in reader} == set(final)
    for row, one in final.items():
        answers = [reader[row].labels for reader in readers]
        assert one.certainty in (1, 2, 3)
        if answers[0] != answers[1]:
            assert one.readings == 3, row
        assert (one.readings == 3) == bool(one.reason), row
        if one.readings == 2:
            assert one.labels == answers[0], row


@pytest.mark.parametrize("name", [*READ, "written"])
def test_readers_agree(name):
    readers = [
        read_judgements(SEEDS / "labels" / "readings" / reader / f"{name}.csv") for reader in ("first", "second")
    ]
    for row in agreement(*readers):
        if min(row.first, row.second) >= 5:
            assert row.kappa >= 0.7, row


def test_a_third_reading_from_scratch_agrees_with_the_file():
    """Fifty rows a label were drawn (half of them with the label where there were enough) and read again."""
    third = {
        (name, row): one
        for name in READ
        for row, one in read_judgements(SEEDS / "labels" / "readings" / "third" / f"{name}.csv").items()
    }
    assert len(third) >= 250
    for label in LABEL_NAMES:
        pairs = [(judged(name)[row].labels.get(label), one.labels.get(label)) for (name, row), one in third.items()]
        known = [(one, other) for one, other in pairs if one is not None and other is not None]
        assert sum(one == other for one, other in known) >= 0.9 * len(known), label


def test_label_files_have_no_text():
    """Row ids, figures and reasons of a clause; the longest reason is shorter than two lines."""
    for path in (SEEDS / "labels").rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            table = list(csv.DictReader(lines))
        assert set(table[0]) <= {"row", *LABEL_NAMES, "certainty", "readings", "reason"}
        assert all(len(cells.get("reason") or "") <= 160 for cells in table), path


@published
def test_no_reason_quotes_its_comment():
    for name, rows in judged_corpora(CORPORA_FOLDER).items():
        text_of = {row.provenance.row: " ".join(row.situation.text.casefold().split()) for row in rows}
        for row, one in own_judgements(name).items():
            words = one.reason.casefold().split()
            assert not [at for at in range(len(words) - 4) if " ".join(words[at : at + 5]) in text_of[row]], row


def test_written_comments_are_complete():
    assert len(LINES) >= 1_500
    assert len({line["text"] for line in LINES}) == len(LINES), "no text twice"
    for line in LINES:
        assert line["note"]
        # Tweets stand under no article.
        assert line["article"] is None or (line["article"]["title"] and line["article"]["summary"])
        assert set(line["labels"]) == set(LABEL_NAMES)
        assert 1 <= len(line["text"].split()) <= 200, line["id"]
    assert sum(bool(line["parent"]) for line in LINES) >= len(LINES) / 3
    assert sum(line["pair"] is not None for line in LINES) >= 200
    assert sum(not any(line["labels"].values()) for line in LINES) >= 300


def test_hard_negatives_are_two_fifths_of_what_is_about_a_label():
    for label in count(WRITTEN, COMMENTS).labels:
        assert label.positive >= 50, label
        assert label.hard_share >= 0.4, label
    accusations = next(label for label in count(WRITTEN, COMMENTS).labels if label.label == "antisemitism_accusation")
    assert accusations.positive >= 150
    assert accusations.hard >= 300


def test_splits_are_fixed_for_every_thread_of_the_set():
    fixed = read_splits(SEEDS / "splits.csv")
    threads = {row.thread for row in [*COMMENTS, *read_examples(SEEDS / "examples.jsonl")]}
    assert threads <= set(fixed)
    learned, measured = split(COMMENTS)
    assert {row.thread for row in learned}.isdisjoint({row.thread for row in measured})
    assert 0.08 < len(measured) / len(COMMENTS) < 0.25
    assert set(fixed.values()) == set(SPLITS)


@published
def test_threads_of_the_corpora_are_in_one_split_each():
    fixed = read_splits(SEEDS / "splits.csv")
    for name, rows in judged_corpora(CORPORA_FOLDER).items():
        own = own_judgements(name)
        assert {row.thread for row in rows if row.provenance.row in own} <= set(fixed)


def card_table(heading):
    card = (SEEDS / "CARD.md").read_text(encoding="utf-8")
    section = card.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")
    ]
    return [cells for cells in rows[2:] if not re.fullmatch(r"-+", cells[0])]


def test_the_card_counts_what_is_there():
    rows = {cells[0]: cells for cells in card_table("What is in it")}
    for name in READ:
        values = [one.labels for one in judged(name).values()]
        expected = [
            f"{len(values):,}",
            *(f"{sum(labels.get(label) == 1 for labels in values):,}" for label in LABEL_NAMES),
        ]
        assert rows[name][1:] == expected, name
    written = count(WRITTEN, COMMENTS)
    assert rows["written"][1:] == [f"{written.rows:,}", *(f"{label.positive:,}" for label in written.labels)]


def test_the_card_states_the_agreement_that_the_readings_have():
    rows = {cells[0]: cells[1:] for cells in card_table("Agreement")}
    for name in [*READ, "written"]:
        readers = [
            read_judgements(SEEDS / "labels" / "readings" / reader / f"{name}.csv") for reader in ("first", "second")
        ]
        expected = ["-" if row.kappa is None else f"{row.kappa:.2f}" for row in agreement(*readers)]
        assert rows[name] == expected, name
