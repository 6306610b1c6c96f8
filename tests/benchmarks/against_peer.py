"""Against `alt-profanity-check`, what people install today: the same rows, every corpus left out of our training in turn.

    python -m tests.benchmarks.against_peer CORPORA [LABEL ...] [--only NAME ...]

ROC AUC for personal attack, for abuse where a corpus speaks of abuse; for the other labels ours alone. Rows that this
project judged have its labels, the others their authors'; both kinds are also shown apart. The peer was trained on
davidson, so that corpus is left out of the mean. On the ad hominem threads ours is measured with each comment's parent and
without. ECE is the calibration error of our scores on the corpus left out.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
from profanity_check import predict_prob
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from moderation.labels import LABEL_NAMES
from moderation.model.calibration import platt
from moderation.model.classifier import LabelwiseLogistic, enough_sites
from moderation.model.evaluation import calibration_error
from moderation.model.features import Features
from moderation.model.pipeline import make_pipeline
from moderation.records import Situation
from tests.benchmarks.corpora import LEAST, Data, left_out, mean_and_worst, read, read_features, table

COMPARED = ("personal_attack", "abuse")
"""The labels that the peer's one score can be held against."""
EITHER = "either of the two"
"""Corpora that only say "toxic" do not tell an attack from abuse."""


def one_label(label: str) -> LabelwiseLogistic:
    """The classifier of the shipped pipeline for one label alone."""
    classifier = make_pipeline().named_steps["labels"]
    return classifier.set_params(labels=(label,), passage_labels=(label,) if label in classifier.passage_labels else ())


class LeftOutModel:
    """The shipped classifier of one label, fitted and calibrated on the rows `learn` as `LabelwiseLogistic.fit` does it.

    The thresholds are not set: they cost as much again, and nothing here asks for them.
    """

    def __init__(self, data: Data, features: Features, label: str, learn: np.ndarray) -> None:
        self._classifier, seen = one_label(label), features.take(learn)
        target = data.wanted[learn, LABEL_NAMES.index(label)].astype(np.int8)
        weight = data.weights[learn, LABEL_NAMES.index(label)]
        sites, threads = data.corpus[learn], data.thread[learn]
        parts = sites if enough_sites(target, sites) else threads
        held_out = self._classifier._held_out(label, seen, target, parts, weight)
        real = learn < len(data.rows) - data.made
        self._slope, self._offset = platt(np.where(real, held_out, np.nan), target, weight)
        self._model = self._classifier._fit_label(label, seen, target, weight)
        self._visible = self._classifier.visible(label, features.shape[1])

    def scores(self, others: Features) -> np.ndarray:
        """Return calibrated scores, shape (comments,)."""
        return np.asarray(expit(self._model.decide(others, self._visible) * self._slope + self._offset))


def auc(wanted: np.ndarray, values: np.ndarray) -> float | None:
    if min(wanted.sum(), len(wanted) - wanted.sum()) < LEAST:
        return None
    return float(roc_auc_score(wanted, values))


def shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def compared(name: str, label: str, wanted: np.ndarray, ours: np.ndarray, peer: np.ndarray | None, guide: np.ndarray,
             ) -> tuple[list[str], float | None]:  # fmt: skip
    """One row of the table and the gain over the peer, from targets and scores of the same comments."""
    mine, ece = auc(wanted, ours), shown(calibration_error(wanted, ours))
    counts = f"{int(wanted.sum()):,} of {len(wanted):,}"
    if peer is None:
        return [name, label, counts, shown(mine), "-", "-", "-", ece], None
    theirs = auc(wanted, peer)
    apart = " / ".join(
        f"{shown(auc(wanted[part], ours[part]))} : {shown(auc(wanted[part], peer[part]))}" for part in (guide, ~guide)
    )
    gain = mine - theirs
    return [name, label, counts, shown(mine), shown(theirs), f"{gain:+.3f}", apart, ece], gain


def either(data: Data, rows: np.ndarray) -> np.ndarray:
    """Whether a comment is an attack, abuse or both; NaN where that is not known."""
    both = data.wanted[rows][:, [LABEL_NAMES.index(label) for label in COMPARED]]
    return np.where((both == 1).any(axis=1), 1.0, np.where((both == 0).all(axis=1), 0.0, np.nan))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="ROC AUC beside alt-profanity-check's, corpora left out.")
    parser.add_argument("corpora", type=Path, help="folder with the published corpora")
    parser.add_argument("labels", nargs="*", metavar="LABEL", help="only these labels")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="leave only these corpora out")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    data = read(asked.corpora)
    pipeline = make_pipeline()
    reader, extractor = pipeline.named_steps["reader"], pipeline.named_steps["features"]
    features = read_features(data, pipeline)
    guide = np.array([row.provenance.by_guide or row.provenance.corpus == "written" for row in data.rows])
    found: dict[str, dict[str, np.ndarray]] = defaultdict(dict)
    table_rows, gains = [], {}

    def note(name: str, label: str, wanted: np.ndarray, rows: np.ndarray, ours: np.ndarray) -> None:
        known = ~np.isnan(wanted)
        texts = [data.rows[row].situation.text for row in rows[known]]
        peer = np.asarray(predict_prob(texts)) if label in (*COMPARED, EITHER) else None
        row, gain = compared(name, label, wanted[known], ours[known], peer, guide[rows[known]])
        table_rows.append(row)
        if gain is not None and name != "davidson":
            gains[f"{name}, {label}"] = gain
        print(" | ".join(row), flush=True)

    for label in asked.labels or (*COMPARED, *(name for name in LABEL_NAMES if name not in COMPARED)):
        for name, learn, _ in left_out(data, label, asked.only):
            rows = data.of(name)
            model = LeftOutModel(data, features, label, learn)
            found[name][label] = model.scores(features.take(rows))
            note(name, label, data.wanted[rows, LABEL_NAMES.index(label)], rows, found[name][label])
            if name == "ukp_ad_hominem" and label in COMPARED:
                texts = [Situation(data.rows[index].situation.text) for index in rows]
                alone, wanted = (
                    extractor.transform(reader.transform(texts)),
                    data.wanted[rows, LABEL_NAMES.index(label)],
                )
                known = ~np.isnan(wanted)
                value = auc(wanted[known], model.scores(alone)[known])
                print(f"  {name}, {label}: {shown(value)} without the parents", flush=True)
    for name, scores in found.items():
        if all(label in scores for label in COMPARED):
            one, other = (scores[label] for label in COMPARED)
            note(name, EITHER, either(data, data.of(name)), data.of(name), 1 - (1 - one) * (1 - other))
    headings = ["left out", "label", "yes", "ours", "peer", "gain", "our labels / authors' (ours : peer)", "ECE"]
    print("\n" + table(headings, table_rows))
    if gains:
        mean, worst, lowest = mean_and_worst(gains)
        print(f"\nMean gain without davidson {mean:+.3f}, lowest {lowest:+.3f} ({worst}).")


if __name__ == "__main__":
    main()
