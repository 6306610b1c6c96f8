"""What goes into a model and what is said about it: example sets -> fitted pipeline, `model.json`, `card.md`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sklearn.pipeline import Pipeline

from moderation.errors import TrainingError
from moderation.examples import for_fitting, in_test
from moderation.labels import LABEL_NAMES
from moderation.model import training
from moderation.model.card import ExampleSet, LeftOut, render
from moderation.model.evaluation import LabelMetrics, evaluate

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A fitted pipeline and everything that is stored beside it."""

    pipeline: Pipeline
    about: dict[str, Any]
    card: str
    metrics: dict[str, list[LabelMetrics]]


def build(
    name: str, sets: Sequence[ExampleSet], leave_out: str | None = None, report: Report = lambda step: None
) -> Built:
    """Fit a model on the training threads of all sets and measure it on their test threads.

    `leave_out` names a thread that is trained on whatever its split; first, a model fitted without it is tried on its
    comments, and their scores go into the card. `report` is called with the name of each step before it starts.

    Raises:
        TrainingError: the examples cannot teach a label, or no example belongs to the thread `leave_out`.
    """
    left_out = None
    if leave_out is not None:
        report(f"fitting without the thread {leave_out}")
        left_out = try_without(sets, leave_out)
    report("fitting the model")
    examples = [row for part in sets for row in part.examples]
    pipeline = training.fit([row for row in examples if row.thread == leave_out or for_fitting(row)])
    thresholds = thresholds_of(pipeline)
    report("measuring it on held-out threads")
    metrics = {}
    for part in sets:
        held_out = [row for row in part.examples if in_test(row) and row.thread != leave_out]
        if held_out:
            metrics[part.name] = evaluate(pipeline, held_out, thresholds)
    about = {
        "name": name,
        "trained_at": datetime.now(UTC).date().isoformat(),
        "labels": list(LABEL_NAMES),
        "thresholds": thresholds,
        "metrics": {
            part: {row.label: dataclasses.asdict(row) for row in rows if row.judged} for part, rows in metrics.items()
        },
        "corpora": [
            {
                "name": part.name,
                "licence": part.licence,
                "origin": part.origin,
                "digest": part.digest,
                **({"labels": part.labels} if part.labels else {}),
                "rows": len(part.examples),
                "threads": len({row.thread for row in part.examples}),
            }
            for part in sets
        ],
    }
    if left_out is not None:
        about["left_out"] = {
            "thread": left_out.thread,
            "scores": {
                row.id: dict(zip(LABEL_NAMES, scores, strict=True))
                for row, scores in zip(left_out.examples, left_out.scores, strict=True)
            },
        }
    return Built(pipeline, about, render(name, sets, metrics, left_out), metrics)


def try_without(sets: Sequence[ExampleSet], thread: str) -> LeftOut:
    """Return the scores of a thread's comments by a model fitted on all other training threads.

    Raises:
        TrainingError: no example belongs to the thread.
    """
    examples = [row for part in sets for row in part.examples]
    own = [row for row in examples if row.thread == thread]
    if not own:
        raise TrainingError(f"thread {thread[:80]!r} to leave out has no example")
    pipeline = training.fit([row for row in examples if row.thread != thread and for_fitting(row)])
    scores = pipeline.predict_proba([row.situation for row in own])
    return LeftOut(thread, own, [list(map(float, row)) for row in scores])


def thresholds_of(pipeline: Pipeline) -> dict[str, float]:
    """Return the threshold of each label at which F1 was best on threads left out during fitting."""
    return dict(zip(LABEL_NAMES, pipeline.named_steps["labels"].thresholds_.tolist(), strict=True))
