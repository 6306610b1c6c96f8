"""A model and labelled comments -> everything the page shows."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moderation.errors import TrainingError
from moderation.examples import for_fitting, in_test
from moderation.labels import LABEL_NAMES
from moderation.model.adaptation import adapt
from moderation.model.card import MAIN_THREE
from moderation.model.evaluation import LabelMetrics, evaluate, metrics_of, score, targets
from moderation.model.explain import explain
from moderation.model.fairness import Fairness, fairness_of
from moderation.model.functional import Answer, answers, obfuscation_rate, pass_rates, read_suite
from moderation.model.reading import read
from moderation.model.scoring import Scorer
from moderation.model.store import StoredModel
from moderation.records import Example

WORST = 20
"""Mistakes shown."""
CURVE_SIZES = (25, 50, 100, 200, 400, 800, 1600, 3200, 6400)
"""Numbers of an owner's own labels at which the learning curve is measured."""
SHOWN_WORDS = 6

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A comment that the model got most wrong for a label: its text in pieces, each with the weight of its word or 0."""

    id: str
    label: str
    wanted: int
    score: float
    pieces: Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What so many of the owner's labels buy: ROC AUC and average precision by label on the held-out threads."""

    labels: int
    roc_auc: Mapping[str, float]
    average_precision: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Findings:
    """What was measured. `wanted` and `scores` have shape (comments, labels); NaN in `wanted` was not judged.

    `confusion[i][j]` counts the comments whose only label among the main three is `MAIN_THREE[i]` and whose highest score
    among them is `MAIN_THREE[j]`.
    """

    model: StoredModel
    sets: Mapping[str, Sequence[LabelMetrics]]
    together: Sequence[LabelMetrics]
    wanted: Floats
    scores: Floats
    confusion: NDArray[np.int_]
    mistakes: Sequence[Mistake]
    functional: Mapping[str, float]
    obfuscation: float | None
    fairness: Mapping[str, Fairness]
    curve: Sequence[CurvePoint]

    def figures(self) -> dict[str, Any]:
        """Return the figures, JSON-ready; no text of any comment is among them."""
        return {
            "model": {"name": self.model.name, "sha256": self.model.about.get("sha256")},
            "thresholds": self.model.thresholds,
            "sets": {
                name: {row.label: dataclasses.asdict(row) for row in rows if row.judged}
                for name, rows in self.sets.items()
            },
            "together": {row.label: dataclasses.asdict(row) for row in self.together if row.judged},
            "confusion": {"labels": list(MAIN_THREE), "counts": self.confusion.tolist()},
            "functional": {"pass_rates": dict(self.functional), "obfuscation_rate": self.obfuscation},
            "fairness": {
                name: {
                    "overall": found.overall,
                    "widest_gap": found.widest_gap,
                    "terms": {one.term: dataclasses.asdict(one) for one in found.terms},
                }
                for name, found in self.fairness.items()
            },
            "learning_curve": [dataclasses.asdict(point) for point in self.curve],
        }


def find(
    model: StoredModel,
    sets: Mapping[str, Sequence[Example]],
    own: Sequence[Example] = (),
    templates: Sequence[Example] = (),
    report: Callable[[str], None] = lambda step: None,
) -> Findings:
    """Measure a model on sets of labelled comments.

    `own` are an owner's examples to draw a learning curve from, split into training and held-out threads as always;
    `templates` the sentences of `bias_madlibs`. `report` is called with the name of each step.
    """
    rows = [row for part in sets.values() for row in part]
    report("scoring")
    scores = score(model.pipeline, rows)
    wanted = targets(rows)
    by_set, start = {}, 0
    for name, part in sets.items():
        own_rows = slice(start, start + len(part))
        by_set[name] = metrics_of(wanted[own_rows], scores[own_rows], model.thresholds)
        start += len(part)
    report("the functional suite")
    answered = answers(model.pipeline, read_suite(), model.thresholds)
    return Findings(
        model=model,
        sets=by_set,
        together=metrics_of(wanted, scores, model.thresholds),
        wanted=wanted,
        scores=scores,
        confusion=_confusion(wanted, scores),
        mistakes=_mistakes(model, rows, wanted, scores),
        functional=pass_rates(answered),
        obfuscation=obfuscation_rate(answered.get("obfuscation", list[Answer]())),
        fairness=fairness_of(model.pipeline, templates) if templates else {},
        curve=learning_curve(model, own, report),
    )


def learning_curve(
    model: StoredModel, own: Sequence[Example], report: Callable[[str], None] = lambda step: None
) -> list[CurvePoint]:
    """Return how good the model is on held-out threads after learning from more and more of an owner's labels.

    Whole threads are added in the order of their names, so that the first point is the model as it is (0 labels).
    """
    held_out, training = [row for row in own if in_test(row)], [row for row in own if for_fitting(row)]
    if not held_out or not training:
        return []
    points = [_point(0, model, evaluate(model.pipeline, held_out, model.thresholds))]
    for size in sorted({min(size, len(training)) for size in CURVE_SIZES}):
        report(f"learning from {size} labels")
        try:
            adapted, _ = adapt(model.pipeline, training[:size])
        except TrainingError:
            continue
        points.append(_point(size, model, evaluate(adapted, held_out, model.thresholds)))
    return points


def _point(size: int, model: StoredModel, rows: Sequence[LabelMetrics]) -> CurvePoint:
    return CurvePoint(
        size,
        {row.label: row.roc_auc for row in rows if row.roc_auc is not None},
        {row.label: row.average_precision for row in rows if row.average_precision is not None},
    )


def _confusion(wanted: Floats, scores: Floats) -> NDArray[np.int_]:
    columns = [LABEL_NAMES.index(name) for name in MAIN_THREE]
    three = wanted[:, columns]
    one = np.nan_to_num(three).sum(axis=1) == 1
    table = np.zeros((len(MAIN_THREE), len(MAIN_THREE)), dtype=int)
    np.add.at(table, (np.nanargmax(np.nan_to_num(three[one]), axis=1), np.argmax(scores[one][:, columns], axis=1)), 1)
    return table


def _mistakes(model: StoredModel, rows: Sequence[Example], wanted: Floats, scores: Floats) -> list[Mistake]:
    wrong = np.nan_to_num(np.abs(scores - wanted), nan=-1.0)
    worst = np.argsort(-wrong, axis=None, kind="stable")[:WORST]
    scorer = Scorer(model.pipeline)
    return [
        _mistake(scorer, rows[index], LABEL_NAMES[column], int(wanted[index, column]), float(scores[index, column]))
        for index, column in zip(*np.unravel_index(worst, wrong.shape), strict=True)
        if wrong[index, column] >= 0.5
    ]


def _mistake(scorer: Scorer, row: Example, label: str, wanted: int, score: float) -> Mistake:
    reading = read([row.situation])
    weights = explain(scorer, reading)[:, LABEL_NAMES.index(label)]
    # What speaks for the label where it was wrongly named, and against it where it was missed.
    heaviest = set(np.argsort(weights if wanted else -weights, kind="stable")[:SHOWN_WORDS].tolist())
    pieces: list[tuple[str, float]] = []
    text, before = row.situation.text, 0
    for token in range(len(weights)):
        start, end = reading.tokens.span(token)
        if token in heaviest and weights[token] != 0 and start >= before:
            pieces += [(text[before:start], 0.0), (text[start:end], float(weights[token]))]
            before = end
    return Mistake(row.id, label, wanted, score, [*pieces, (text[before:], 0.0)])
