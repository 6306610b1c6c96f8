"""What goes into a model and what is said about it: example sets -> fitted pipeline, `model.json`, `card.md`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from moderation.errors import TrainingError
from moderation.examples import for_fitting, in_test
from moderation.labels import LABEL_NAMES
from moderation.model import training
from moderation.model.adaptation import adapt
from moderation.model.card import ExampleSet, LeftOut, Tests, render, render_adapted
from moderation.model.classifier import thresholds_of
from moderation.model.evaluation import LabelMetrics, metrics_of, score, targets
from moderation.model.fairness import fairness_of
from moderation.model.functional import answers, by_group, obfuscation_rate, pass_rates, read_suite, worst_mistakes
from moderation.model.mistakes import Mistakes, mistakes
from moderation.model.store import StoredModel
from moderation.records import Example

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A fitted pipeline and everything that is stored beside it."""

    pipeline: Pipeline
    about: dict[str, Any]
    card: str
    metrics: dict[str, list[LabelMetrics]]


def build(
    name: str,
    sets: Sequence[ExampleSet],
    leave_out: str | None = None,
    templates: Sequence[Example] = (),
    notes: str = "",
    report: Report = lambda step: None,
) -> Built:
    """Fit a model on the training threads of all sets and measure it on their test threads.

    `leave_out` names a thread that is trained on whatever its split; first, a model fitted without it is tried on its
    comments, and their scores go into the card. `templates` are the sentences of `bias_madlibs`, on which fairness is
    measured; `notes` is the end of the card. `report` is called with the name of each step before it starts.

    Raises:
        TrainingError: the examples cannot teach a label, or no example belongs to the thread `leave_out`.
    """
    examples = [row for part in sets for row in part.examples]
    fits = [[row for row in examples if row.thread == leave_out or for_fitting(row)]]
    if leave_out is not None:
        fits.append(_without(examples, leave_out))
    report(f"fitting the model{f', and one without the thread {leave_out}' if leave_out else ''}")
    # A fit is one long sum on one core; two of them side by side take no longer.
    pipeline, *others = Parallel(n_jobs=len(fits))(delayed(training.fit)(rows) for rows in fits)
    left_out = _tried(others[0], examples, leave_out) if leave_out is not None else None
    report("measuring it on held-out threads")
    held_out = _held_out(pipeline, sets, leave_out)
    metrics = _measured(pipeline, held_out)
    about = _about(name, pipeline, sets, metrics)
    if left_out is not None:
        about["left_out"] = {
            "thread": left_out.thread,
            "scores": {
                row.id: dict(zip(LABEL_NAMES, scores, strict=True))
                for row, scores in zip(left_out.examples, left_out.scores, strict=True)
            },
        }
    tests = tested(pipeline, templates)
    about["functional"] = {"pass_rates": dict(tests.rates), "obfuscation_rate": tests.obfuscation}
    wrong = _wrong(pipeline, held_out)
    return Built(pipeline, about, render(name, sets, metrics, left_out, tests, wrong, notes), metrics)


def tested(pipeline: Pipeline, templates: Sequence[Example]) -> Tests:
    """Return what a model answers to the functional suite, and how fair it is on the sentences of `bias_madlibs`."""
    found = answers(pipeline, read_suite(), thresholds_of(pipeline))
    return Tests(
        pass_rates(found),
        {name: len(part) for name, part in found.items()},
        worst_mistakes(found),
        by_group(found.get("benign_identities", [])),
        obfuscation_rate(found.get("obfuscation", [])),
        fairness_of(pipeline, templates) if templates else {},
    )


def build_adapted(
    name: str, base: StoredModel, sets: Sequence[ExampleSet], report: Report = lambda step: None
) -> Built:
    """Adapt a stored model to an owner's own examples, and measure both on the test threads among them.

    Raises:
        TrainingError: no label has enough examples of each kind.
    """
    report(f"adapting {base.name}")
    pipeline, learned = adapt(base.pipeline, [row for part in sets for row in part.examples if for_fitting(row)])
    report("measuring it on held-out threads")
    metrics = _measured(pipeline, _held_out(pipeline, sets))
    about = _about(name, pipeline, sets, metrics)
    about["corpora"] = [*base.about.get("corpora", []), *about["corpora"]]
    about["from"] = base.name
    about["learned"] = {row.label: dataclasses.asdict(row) for row in learned}
    return Built(pipeline, about, render_adapted(name, base.name, sets, metrics, learned), metrics)


@dataclass(frozen=True, slots=True)
class _HeldOut:
    """The test comments of a set and their scores, shape (comments, labels)."""

    rows: Sequence[Example]
    scores: NDArray[np.float64]


def _held_out(pipeline: Pipeline, sets: Sequence[ExampleSet], leave_out: str | None = None) -> dict[str, _HeldOut]:
    """The test comments of each set that has any, without those of a thread that is trained on whatever its split."""
    found = {}
    for part in sets:
        rows = [row for row in part.examples if in_test(row) and row.thread != leave_out]
        if rows:
            found[part.name] = _HeldOut(rows, score(pipeline, rows))
    return found


def _measured(pipeline: Pipeline, held_out: Mapping[str, _HeldOut]) -> dict[str, list[LabelMetrics]]:
    """The figures of each set."""
    at = thresholds_of(pipeline)
    return {name: metrics_of(targets(part.rows), part.scores, at) for name, part in held_out.items()}


def _wrong(pipeline: Pipeline, held_out: Mapping[str, _HeldOut]) -> dict[str, list[Mistakes]]:
    """The mistakes on each set in which comments are marked that only look like a label.

    Those were written for this project: the text of others is never shown.
    """
    at = thresholds_of(pipeline)
    return {
        name: mistakes(part.rows, part.scores, at)
        for name, part in held_out.items()
        if any(row.looks_like for row in part.rows)
    }


def _about(
    name: str, pipeline: Pipeline, sets: Sequence[ExampleSet], metrics: Mapping[str, Sequence[LabelMetrics]]
) -> dict[str, Any]:
    """What `model.json` says of any model."""
    return {
        "name": name,
        "trained_at": datetime.now(UTC).date().isoformat(),
        "labels": list(LABEL_NAMES),
        "thresholds": thresholds_of(pipeline),
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


def try_without(sets: Sequence[ExampleSet], thread: str) -> LeftOut:
    """Return the scores of a thread's comments by a model fitted on all other training threads.

    Raises:
        TrainingError: no example belongs to the thread.
    """
    examples = [row for part in sets for row in part.examples]
    return _tried(training.fit(_without(examples, thread)), examples, thread)


def _without(examples: Sequence[Example], thread: str) -> list[Example]:
    """The examples to fit on that are not of a thread, which must have some."""
    if not any(row.thread == thread for row in examples):
        raise TrainingError(f"thread {thread[:80]!r} to leave out has no example")
    return [row for row in examples if row.thread != thread and for_fitting(row)]


def _tried(pipeline: Pipeline, examples: Sequence[Example], thread: str) -> LeftOut:
    own = [row for row in examples if row.thread == thread]
    scores = pipeline.predict_proba([row.situation for row in own])
    return LeftOut(thread, own, [list(map(float, row)) for row in scores])
