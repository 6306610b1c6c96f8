"""The model card, `card.md`: what a model was made from, how good it is, and what it is not good at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moderation.labels import LABEL_NAMES
from moderation.model.adaptation import Learned
from moderation.model.evaluation import LabelMetrics
from moderation.model.fairness import Fairness
from moderation.model.mistakes import Mistakes
from moderation.records import Example

MAIN_THREE = ("personal_attack", "antisemitism_accusation", "on_topic_disagreement")
"""The labels that this project exists for."""
_EXCERPT = 110


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


@dataclass(frozen=True, slots=True)
class Tests:
    """By functionality: shares of right answers, numbers of cases, text and score of the worst mistake. Shares of harmless
    comments named by the identity they name; obfuscated attacks caught, as a ratio to plain ones; fairness by score.
    """

    rates: Mapping[str, float]
    cases: Mapping[str, int]
    worst: Mapping[str, tuple[str, float]]
    benign_named: Mapping[str, float]
    obfuscation: float | None
    fairness: Mapping[str, Fairness]


def render(
    name: str,
    sets: Sequence[ExampleSet],
    metrics: Mapping[str, Sequence[LabelMetrics]],
    left_out: LeftOut | None,
    tests: Tests,
    wrong: Mapping[str, Sequence[Mistakes]],
    notes: str = "",
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
    parts += ["## Functional suite", _SUITE, _rates_table(tests)]
    if tests.obfuscation is not None:
        parts.append(f"Obfuscated attacks are caught at {tests.obfuscation:.0%} of the rate of their plain forms.")
    parts += ["## Fairness", _FAIRNESS, *_fairness(tests)]
    if wrong:
        parts += ["## What it gets wrong", _WRONG]
    for source, kinds in wrong.items():
        parts += [f"**{source}**", _mistakes_table(kinds)]
    parts += ["## Not good at", NOT_GOOD_AT, *([notes.strip()] if notes.strip() else [])]
    return "\n\n".join(parts) + "\n"


def render_adapted(
    name: str,
    base: str,
    sets: Sequence[ExampleSet],
    metrics: Mapping[str, Sequence[LabelMetrics]],
    learned: Sequence[Learned],
) -> str:
    """Return the card of a model that was adapted to a blog's own decisions, as Markdown."""
    lines = [
        "| label | yes | no | log loss before | after | strength |",
        "|---|---|---|---|---|---|",
        *(
            f"| {row.label} | {row.yes} | {row.no} | {_figure(row.before)} | {_figure(row.after)} | "
            f"{'as it was' if row.strength is None else f'{row.strength:g}'} |"
            for row in learned
        ),
    ]
    parts = [
        f"# Model card: {name}",
        f"The model `{base}`, adapted to a blog's own decisions. The card of `{base}` holds here too.",
        "## Learned from",
        _sets_table(sets),
        "## What each label took from it",
        "Log loss on the blog's threads left out in turn; a strength of 0 only stretches and shifts the scores.",
        "\n".join(lines),
    ]
    for source, rows in metrics.items():
        parts += [f"**{source}: held-out threads**", metrics_table(rows)]
    return "\n\n".join(parts) + "\n"


def metrics_table(rows: Sequence[LabelMetrics]) -> str:
    """Return a Markdown table of the figures, one row a label that was judged."""
    lines = [
        "| label | judged | positive | hold | precision | recall | reject | precision | recall | AP | ROC AUC | ECE |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        if row.judged:
            shown = " | ".join(_figure(value) for value in figures(row))
            lines.append(f"| {row.label} | {row.judged} | {row.positive} | {shown} |")
    return "\n".join(lines)


def figures(row: LabelMetrics) -> tuple[float | None, ...]:
    """Return the figures of a label in the order of the table's columns."""
    held, rejected = (row.hold, row.precision, row.recall), (row.reject, row.reject_precision, row.reject_recall)
    return (*held, *rejected, row.average_precision, row.roc_auc, row.calibration_error)


def left_out_table(left_out: LeftOut) -> str:
    """Return a Markdown table of the main three scores of each comment, with the labels it was given."""
    columns = [LABEL_NAMES.index(name) for name in MAIN_THREE]
    lines = [f"| comment | labelled | {' | '.join(MAIN_THREE)} |", "|---|---|---|---|---|"]
    for example, scores in zip(left_out.examples, left_out.scores, strict=True):
        labelled = ", ".join(name for name in LABEL_NAMES if example.labels.get(name)) or "none"
        shown = " | ".join(_figure(scores[column]) for column in columns)
        lines.append(f"| {example.id.rsplit('#', 1)[-1]} | {labelled} | {shown} |")
    return "\n".join(lines)


def _rates_table(tests: Tests) -> str:
    rows = (
        f"| {name.replace('_', ' ')} | {tests.cases[name]} | {rate:.0%} | {round((1 - rate) * tests.cases[name])} | "
        f"{_quoted([tests.worst[name]] if name in tests.worst else [])} |"
        for name, rate in tests.rates.items()
    )
    heading = "| functionality | cases | right | wrong | most wrong about (score) |"
    return "\n".join([heading, "|---|---|---|---|---|", *rows])


def _mistakes_table(kinds: Sequence[Mistakes]) -> str:
    rows = (
        f"| {one.label} | {one.kind} | {one.wrong:,} of {one.cases:,} | {one.wrong / one.cases:.0%} | {_quoted(one.worst)} |"
        for one in kinds
    )
    heading = "| label | comment | wrong | share | most wrong about (score) |"
    return "\n".join([heading, "|---|---|---|---|---|", *rows])


def _quoted(worst: Sequence[tuple[str, float]]) -> str:
    """Texts and scores as they may stand in a cell of a table; a text is cut after `_EXCERPT` characters."""
    shown = []
    for text, score in worst:
        line = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("`", "'").replace("<", "&lt;")
        line = line if len(line) <= _EXCERPT else f"{line[:_EXCERPT].rsplit(' ', 1)[0]} ..."
        shown.append(f"*{line}* ({score:.2f})")
    return "; ".join(shown)


def _fairness(tests: Tests) -> list[str]:
    parts = []
    if tests.benign_named:
        named = ", ".join(f"{group} {rate:.0%}" for group, rate in tests.benign_named.items())
        parts.append(f"Harmless comments of the suite that name an identity and would be held: {named}.")
    if tests.fairness:
        lines = [
            "| score | ROC AUC | term furthest from it | subgroup | BPSN | BNSP | widest gap |",
            "|---|---|---|---|---|---|---|",
        ]
        for name, found in tests.fairness.items():
            one = max(found.terms, key=lambda term: max(abs(term.bpsn - found.overall), abs(term.bnsp - found.overall)))
            figures_of = " | ".join(f"{value:.3f}" for value in (one.subgroup, one.bpsn, one.bnsp, found.widest_gap))
            lines.append(f"| {name} | {found.overall:.3f} | {one.term} | {figures_of} |")
        parts.append("\n".join(lines))
    return parts


def _sets_table(sets: Sequence[ExampleSet]) -> str:
    rows = (
        f"| {part.name} | {len(part.examples):,} | {part.licence} | {part.origin} | `{part.digest[:12]}` |"
        for part in sets
    )
    return "\n".join(["| source | rows | licence | origin | SHA-256 |", "|---|---|---|---|---|", *rows])


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


_WHAT = """\
A scikit-learn pipeline (words, characters, the words around *antisemitism* and *Jewish*, a few signals, topicality by
shared words and by word vectors learned from the same comments; a calibrated linear model a label) that scores a comment in
its thread for six labels. Scores are probabilities on comments like those it learned from, not on every blog: see the
calibration error (ECE) below."""

_LOOKED_AT = """\
No comment of it was trained on, and the examples were written without it. But whoever drew up the features and word
classes had read it and looked at its errors, so this table flatters; the held-out threads above do not."""

_HOW = """\
Rows are used under the licences named; none of their text is stored. A thread is either trained on or measured on, never
both; a label that a source does not speak about is unknown there, not absent. Where this project judged a row of a corpus
itself, its labels stand in the place of the authors'."""

_SUITE = """\
`seeds/functional/`: cases that each ask one thing, never trained on, written by a writer who saw neither the training
comments nor the model. A case is right if the label is named (its score reaches the threshold from which comments are held)
exactly when it should be."""

_WRONG = """\
Held-out comments written for this project, by kind: those that have the label and stay under the threshold to hold, those
that were written to look as if they had it and reach it, and all others that reach it."""

_FAIRNESS = """\
Words that name who somebody is are read as one and the same word, so that naming one group weighs as naming another. On the
template sentences of bias_madlibs (never trained on; their `BAD` is an insult or hate, so both labels count): ROC AUC
overall, and for the identity term furthest from it the AUC among its own sentences, BPSN (its harmless ones against the
others' bad ones) and BNSP (its bad ones against the others' harmless ones), as Borkan et al. (2019) define them."""

NOT_GOOD_AT = """\
- **English only.** What seems to be another language is not judged, and held; a sentence that mixes two may slip through.
- **`antisemitism_accusation` was learned from comments written for this project and from tweets.** Insinuation, irony and
  long comments that accuse in one sentence are often missed; denials in the words of an accusation are sometimes taken for
  one. That is why the shipped policies only ever hold on it.
- **`on_topic_disagreement` leans on tone.** A calm agreement at length can score as disagreement.
- **Sarcasm, coded language and insults without an insulting word** are often missed.
- **Negation, quotation, reclaimed words**: it reads which words stand beside which, not who says what. The suite above says
  how often that goes wrong.
- **Hate that a name makes**: since identities are read alike, what is hateful only about one of them is not told apart.
- **`off_topic` compares words, and which words they keep company with.** A pertinent remark in words that were seldom seen
  near the article's looks off topic; so does many a remark of fewer than eight words.
- **Labels** of the written comments, and this project's labels for rows of published corpora, were made by a language model
  against the guide, read twice by it and by nobody else; `seeds/CARD.md` says how and how far its readings agree."""
