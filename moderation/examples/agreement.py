"""How far two readers agree: Cohen's kappa (Cohen 1960), label by label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sklearn.metrics import cohen_kappa_score

from moderation.examples.judgements import Judgement
from moderation.labels import LABEL_NAMES


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two readers on one label: rows that both judged, positives of each, share of equal answers, kappa.

    `kappa` is None where chance alone explains everything: both gave one and the same answer to every row.
    """

    label: str
    rows: int
    first: int
    second: int
    equal: float | None
    kappa: float | None


def agreement(first: Mapping[str, Judgement], second: Mapping[str, Judgement]) -> list[Agreement]:
    """Return the agreement on every label, in table order, over the rows that both have."""
    shared = [row for row in first if row in second]
    return [
        _on(name, [(first[row].labels.get(name), second[row].labels.get(name)) for row in shared])
        for name in LABEL_NAMES
    ]


def _on(label: str, answers: list[tuple[int | None, int | None]]) -> Agreement:
    both = [(one, two) for one, two in answers if one is not None and two is not None]
    if not both:
        return Agreement(label, 0, 0, 0, None, None)
    ones, twos = [one for one, _ in both], [two for _, two in both]
    equal = sum(one == two for one, two in both) / len(both)
    kappa = float(cohen_kappa_score(ones, twos)) if len({*ones, *twos}) > 1 else None
    return Agreement(label, len(both), sum(ones), sum(twos), equal, kappa)
