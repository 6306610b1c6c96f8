"""Whether naming an identity changes a score: subgroup AUC, BPSN and BNSP (Borkan et al. 2019, "Nuanced Metrics")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline

from moderation.labels import LABEL_NAMES
from moderation.records import Example

TERMS = (
    "lesbian", "gay", "bisexual", "transgender", "trans", "queer", "lgbt", "lgbtq", "homosexual", "straight",
    "heterosexual", "male", "female", "nonbinary", "african", "african american", "black", "white", "european", "hispanic",
    "latino", "latina", "latinx", "mexican", "canadian", "american", "asian", "indian", "middle eastern", "chinese",
    "japanese", "christian", "muslim", "jewish", "buddhist", "catholic", "protestant", "sikh", "taoist", "old", "older",
    "young", "younger", "teenage", "millenial", "middle aged", "elderly", "blind", "deaf", "paralyzed",
)  # fmt: skip
"""The identity terms that `bias_madlibs` is made with, in its spelling (Dixon et al. 2018)."""


@dataclass(frozen=True, slots=True)
class TermMetrics:
    """ROC AUC among the rows that name a term (`subgroup`), of its harmless rows against the others' bad ones (`bpsn`:
    background positive, subgroup negative; low where naming it raises scores), and of its bad rows against the others'
    harmless ones (`bnsp`; low where naming it lowers them).
    """

    term: str
    rows: int
    subgroup: float
    bpsn: float
    bnsp: float


@dataclass(frozen=True, slots=True)
class Fairness:
    """The overall ROC AUC, and the figures of each term."""

    overall: float
    terms: Sequence[TermMetrics]

    @property
    def widest_gap(self) -> float:
        """How far the BPSN or BNSP AUC of any term is from the overall one, at most."""
        return max(max(abs(one.bpsn - self.overall), abs(one.bnsp - self.overall)) for one in self.terms)


def fairness(texts: Sequence[str], bad: NDArray[np.int_], scores: NDArray[np.float64]) -> Fairness:
    """Return the figures of every term that occurs in bad and in harmless texts; all arguments have one value a text."""
    members = _members(texts)
    overall = float(roc_auc_score(bad, scores))
    terms = []
    for term, inside in members.items():
        mixes = (inside, (inside & (bad == 0)) | (~inside & (bad == 1)), (inside & (bad == 1)) | (~inside & (bad == 0)))
        if all(len(np.unique(bad[mix])) == 2 for mix in mixes):
            aucs = [float(roc_auc_score(bad[mix], scores[mix])) for mix in mixes]
            terms.append(TermMetrics(term, int(inside.sum()), *aucs))
    return Fairness(overall, terms)


def fairness_of(pipeline: Pipeline, templates: Sequence[Example]) -> dict[str, Fairness]:
    """Return how fair the scores for personal attack, for abuse and for either of them are on template sentences."""
    scores = pipeline.predict_proba([row.situation for row in templates])
    texts, bad = [row.situation.text for row in templates], np.array([row.labels["abuse"] for row in templates])
    attack, abuse = (scores[:, LABEL_NAMES.index(name)] for name in ("personal_attack", "abuse"))
    either = 1 - (1 - attack) * (1 - abuse)
    named = (("either of the two", either), ("personal_attack", attack), ("abuse", abuse))
    return {name: fairness(texts, bad, values) for name, values in named}


def _members(texts: Sequence[str]) -> Mapping[str, NDArray[np.bool_]]:
    """Which texts name each term; a longer term is not also the shorter one inside it."""
    padded = [" " + " ".join(text.lower().replace(".", " ").replace(",", " ").split()) + " " for text in texts]
    members = {term: np.array([f" {term} " in text for text in padded]) for term in TERMS}
    members["african"] &= ~members["african american"]
    members["american"] &= ~members["african american"]
    return members
