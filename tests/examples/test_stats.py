"""Counts of an example set."""

from __future__ import annotations

from moderation.examples import splits
from moderation.examples.stats import count
from moderation.labels import LABEL_NAMES
from moderation.records import Article, Example, Provenance, Situation


def test_it_counts_rows_labels_context_and_splits(monkeypatch):
    monkeypatch.setattr(splits, "_fixed", lambda: {"t": "train", "u": "test"})
    none = dict.fromkeys(LABEL_NAMES, 0)

    def row(thread, labels, looks_like=(), **place):
        return Example("x", thread, Situation("x", **place), Provenance("c", "x", "MIT"), labels, looks_like)

    found = count(
        "c",
        [
            row("t", none, ("abuse",), article=Article("Bins"), parent="p"),
            row("t", none | {"abuse": 1}, ("spam",), parent="p"),
            row("u", {"abuse": 0}),
            row("u", {}),
        ],
    )
    assert (found.rows, found.threads, found.articles, found.parents, found.none) == (3, 2, 1, 2, 1)
    assert found.splits == [("train", 2), ("validation", 0), ("test", 1), ("withheld", 0)]
    by_label = {label.label: label for label in found.labels}
    abuse = by_label["abuse"]
    assert (abuse.positive, abuse.negative, abuse.unknown, abuse.hard, abuse.hard_share) == (1, 2, 0, 1, 0.5)
    spam = by_label["spam"]
    assert (spam.positive, spam.negative, spam.unknown, spam.hard, spam.hard_share) == (0, 2, 1, 1, 1.0)
    assert by_label["off_topic"].hard_share is None


def test_an_empty_set():
    found = count("c", [])
    assert (found.rows, found.threads, found.none) == (0, 0, 0)
