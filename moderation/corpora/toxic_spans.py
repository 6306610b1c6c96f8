"""Toxic Spans (ACL 2022): Civil Comments with the characters that annotators marked as toxic, by kind.

Nearly every comment is toxic, so the comments with those characters removed are read too, as negatives of the same
domain: without them a model learns "news comment" instead of "insult".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from moderation.corpora.corpus import Corpus, example, find, majority, rows
from moderation.records import Example, Situation

_CORPUS = ("toxic_spans", "CC0")
_MIN_LEFT = 25
"""Characters that must be left of a comment whose toxic spans were removed."""
_KINDS = {"Insu": "Insult", "Identity based": "Identity based Attack"}


@dataclass
class _Reading:
    """What the annotators of one comment said."""

    not_toxic: list[bool] = field(default_factory=list)
    kinds: list[set[str]] = field(default_factory=list)
    marked: set[int] = field(default_factory=set)
    whole: bool = False


def _read(folder: Path) -> Iterator[Example]:
    readings = _readings(folder)
    for row in rows(find(folder, "comments.csv")):
        comment, text = row["comment_id"], row["comment_text"]
        reading = readings.get(comment)
        if reading is None or not text.strip():
            continue
        yield example(_CORPUS, comment, Situation(text), _labels(reading))
        rest = "".join(character for index, character in enumerate(text) if index not in reading.marked)
        rest = " ".join(rest.split())
        if reading.marked and not reading.whole and len(rest) >= _MIN_LEFT:
            cleaned = {"personal_attack": 0, "abuse": 0}
            yield example(_CORPUS, f"{comment}-cleaned", Situation(rest), cleaned, thread=comment)


def _readings(folder: Path) -> dict[str, _Reading]:
    spans: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for row in rows(find(folder, "spans.csv")):
        kind = _KINDS.get(row["type"], row["type"])
        spans[row["annotation"]].append((kind, int(row["start"]), int(row["end"])))
    readings: dict[str, _Reading] = defaultdict(_Reading)
    for row in rows(find(folder, "annotations.csv")):
        reading = readings[row["comment_id"]]
        reading.not_toxic.append(row["not toxic"] == "True")
        reading.whole = reading.whole or row["all toxic"] == "True"
        marks = spans.get(row["annotation"], [])
        reading.kinds.append({kind for kind, _, _ in marks})
        for _, start, end in marks:
            reading.marked.update(range(start, end))
    return readings


def _labels(reading: _Reading) -> dict[str, int]:
    insult = majority(["Insult" in kinds for kinds in reading.kinds])
    abuse = majority([bool(kinds & {"Identity based Attack", "Threat"}) for kinds in reading.kinds])
    harmless = sum(reading.not_toxic) > len(reading.not_toxic) / 2
    labels: dict[str, int] = {}
    # No insult marked in a comment found toxic says little: obscenities and whole-comment verdicts carry no mark.
    if insult == 1 or (insult == 0 and harmless):
        labels["personal_attack"] = insult
    if abuse == 1 or (abuse == 0 and harmless):
        labels["abuse"] = abuse
    return labels


TOXIC_SPANS = Corpus(
    name=_CORPUS[0],
    licence=_CORPUS[1],
    origin="github.com/ipavlopoulos/toxic_spans @ beaf170 (ACL2022)",
    domain="comments under news sites (Civil Comments)",
    files=("comments.csv", "annotations.csv", "spans.csv"),
    speaks_about=("personal_attack", "abuse"),
    read=_read,
)
