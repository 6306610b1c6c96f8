"""The model card, `card.md`: what a model was made from, how good it is, and what it is not good at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moderation.labels import LABEL_NAMES
from moderation.model.evaluation import LabelMetrics
from moderation.records import Example

MAIN_THREE = ("personal_attack", "antisemitism_accusation", "on_topic_disagreement")
"""The labels that this project exists for."""


@dataclass(frozen=True, slots=True)
class ExampleSet:
    """Examples of one source, with the licence and origin it is used under and the digest of its data.

    `labels` is the digest of this project's label file for a published corpus, empty where there is none.
    """

    name: str
    licence: str
    origin: str
    digest: str
    examples: Sequence[Example]
    labels: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Scores of the comments of one thread by a model that saw nothing of that thread; one score a label, in order."""

    thread: str
    examples: Sequence[Example]
    scores: Sequence[Sequence[float]]


def render(
    name: str, sets: Sequence[ExampleSet], metrics: Mapping[str, Sequence[LabelMetrics]], left_out: LeftOut | None
) -> str:
    """Return the card as Markdown."""
    parts = [
        f"# Model card: {name}",
        _WHAT,
        "## Made from",
        _sets_table(sets),
        _HOW,
        "## Measured on held-out threads",
    ]
    for source, rows in metrics.items():
        parts += [f"**{source}**", metrics_table(rows)]
    if left_out is not None:
        parts += [
            "## The seed thread, left out of training",
            f"Every comment of `{left_out.thread}`, scored with its article and parent by a model that saw nothing of it.",
            _LOOKED_AT,
            left_out_table(left_out),
        ]
    parts += ["## Not good at", NOT_GOOD_AT]
    return "\n\n".join(parts) + "\n"


def metrics_table(rows: Sequence[LabelMetrics]) -> str:
    """Return a Markdown table of the figures, one row a label that was judged."""
    lines = [
        "| label | judged | positive | threshold | precision | recall | AP | ROC AUC | ECE |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        if row.judged:
            figures = (row.precision, row.recall, row.average_precision, row.roc_auc, row.calibration_error)
            shown = " | ".join(_figure(value) for value in (row.threshold, *figures))
            lines.append(f"| {row.label} | {row.judged} | {row.positive} | {shown} |")
    return "\n".join(lines)


def left_out_table(left_out: LeftOut) -> str:
    """Return a Markdown table of the main three scores of each comment, with the labels it was given."""
    columns = [LABEL_NAMES.index(name) for name in MAIN_THREE]
    lines = [f"| comment | labelled | {' | '.join(MAIN_THREE)} |", "|---|---|---|---|---|"]
    for example, scores in zip(left_out.examples, left_out.scores, strict=True):
        labelled = ", ".join(name for name in LABEL_NAMES if example.labels.get(name)) or "none"
        shown = " | ".join(_figure(scores[column]) for column in columns)
        lines.append(f"| {example.id.rsplit('#', 1)[-1]} | {labelled} | {shown} |")
    return "\n".join(lines)


def _sets_table(sets: Sequence[ExampleSet]) -> str:
    rows = (
        f"| {part.name} | {len(part.examples):,} | {part.licence} | {part.origin} | `{part.digest[:12]}` |"
        for part in sets
    )
    return "\n".join(["| source | rows | licence | origin | SHA-256 |", "|---|---|---|---|---|", *rows])


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


_WHAT = """\
A scikit-learn pipeline (words, characters, the words around *antisemitism* and *Jewish*, a few signals, topicality; a
calibrated linear model a label) that scores a comment in its thread for six labels. Scores are probabilities on comments
like those it learned from, not on every blog: see the calibration error (ECE) below."""

_LOOKED_AT = """\
No comment of it was trained on, and the examples were written without it. But whoever drew up the features and word
classes had read it and looked at its errors, so this table flatters; the held-out threads above do not."""

_HOW = """\
Rows are used under the licences named; none of their text is stored. A thread is either trained on or measured on, never
both; a label that a source does not speak about is unknown there, not absent. Where this project judged a row of a corpus
itself, its labels stand in the place of the authors'."""

NOT_GOOD_AT = """\
- **English only.** Nothing tells it that a comment is in another language: its scores there mean nothing.
- **`antisemitism_accusation` was learned from comments written for this project and from tweets.** Insinuation, irony and
  long comments that accuse in one sentence are often missed; denials in the words of an accusation are sometimes taken for
  one. That is why the shipped policies only ever hold on it.
- **`on_topic_disagreement` leans on tone.** A calm agreement at length can score as disagreement.
- **Sarcasm, coded language, attacks spelled around filters** (spaces, stars, look-alike letters) are often missed.
- **Identity terms** occur more often in abusive training rows than in benign ones; a benign comment that names an
  identity can score higher for `abuse` than it should. How much is not measured yet.
- **`off_topic` compares words.** A pertinent remark in other words than the article's looks off topic.
- **Labels** of the written comments, and this project's labels for rows of published corpora, were made by a language model
  against the guide, read twice by it and by nobody else; `seeds/CARD.md` says how and how far its readings agree."""
