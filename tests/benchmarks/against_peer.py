"""Against `alt-profanity-check`, what people install today: the same rows, every corpus left out of our training in turn.

    python -m tests.benchmarks.against_peer CORPORA

ROC AUC for personal attack, for abuse where a corpus speaks of abuse. Rows that this project judged have its labels, the
others their authors'; both kinds are also shown apart. The peer was trained on davidson, so that corpus is left out of the
mean. On the ad hominem threads ours is measured with each comment's parent and without. ECE is the calibration error of our
scores on the corpus left out.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from profanity_check import predict_prob
from sklearn.metrics import roc_auc_score

from moderation.labels import LABEL_NAMES
from moderation.model.classifier import LabelwiseLogistic
from moderation.model.evaluation import calibration_error
from moderation.model.features import Features
from moderation.model.pipeline import make_pipeline
from moderation.records import Situation
from tests.benchmarks.corpora import LEAST, Data, left_out, mean_and_worst, read, table

LABELS = ("personal_attack", "abuse")


def one_label(label: str) -> LabelwiseLogistic:
    """The classifier of the shipped pipeline for one label alone."""
    classifier = make_pipeline().named_steps["labels"]
    return classifier.set_params(labels=(label,), passage_labels=(label,) if label in classifier.passage_labels else ())


def scores(data: Data, features: Features, label: str, learn: np.ndarray, others: Features) -> np.ndarray:
    """Calibrated scores of other rows by a classifier fitted on the rows `learn`."""
    column = [LABEL_NAMES.index(label)]
    fitted = one_label(label).fit(
        features.take(learn),
        data.wanted[learn][:, column],
        groups=data.thread[learn].tolist(),
        domains=data.corpus[learn].tolist(),
        sample_weight=data.weights[learn][:, column],
    )
    return fitted.predict_proba(others)[:, 0]


def auc(wanted: np.ndarray, values: np.ndarray) -> float | None:
    if min(wanted.sum(), len(wanted) - wanted.sum()) < LEAST:
        return None
    return float(roc_auc_score(wanted, values))


def shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="ROC AUC beside alt-profanity-check's, corpora left out.")
    parser.add_argument("corpora", type=Path, help="folder with the published corpora")
    data = read(parser.parse_args().corpora)
    pipeline = make_pipeline()
    reader, extractor = pipeline.named_steps["reader"], pipeline.named_steps["features"]
    reading = reader.transform([row.situation for row in data.rows])
    features = extractor.fit(reading).transform(reading)
    guide = np.array([row.provenance.by_guide or row.provenance.corpus == "written" for row in data.rows])
    rows, gains = [], {}
    for label in LABELS:
        column = LABEL_NAMES.index(label)
        for name, learn, measure in left_out(data, label):
            wanted = data.wanted[measure, column]
            ours = scores(data, features, label, learn, features.take(measure))
            peer = np.asarray(predict_prob([data.rows[index].situation.text for index in measure]))
            mine, theirs = auc(wanted, ours), auc(wanted, peer)
            both = [
                (auc(wanted[part], ours[part]), auc(wanted[part], peer[part]))
                for part in (guide[measure], ~guide[measure])
            ]
            if name != "davidson":
                gains[f"{name}, {label}"] = mine - theirs
            apart = " / ".join(f"{shown(one)} : {shown(other)}" for one, other in both)
            counts = f"{int(wanted.sum()):,} of {len(wanted):,}"
            rows.append([name, label, counts, shown(mine), shown(theirs), f"{mine - theirs:+.3f}", apart,
                         shown(calibration_error(wanted, ours))])  # fmt: skip
            print(" | ".join(rows[-1]), flush=True)
            if name == "ukp_ad_hominem":
                alone = [Situation(data.rows[index].situation.text) for index in measure]
                without = scores(data, features, label, learn, extractor.transform(reader.transform(alone)))
                print(
                    f"  {name}, {label}: without the parent {shown(auc(wanted, without))}, with it {shown(mine)}",
                    flush=True,
                )
    headings = ["left out", "label", "yes", "ours", "peer", "gain", "our labels / authors' (ours : peer)", "ECE"]
    print("\n" + table(headings, rows))
    mean, worst, lowest = mean_and_worst(gains)
    print(f"\nMean gain without davidson {mean:+.3f}, lowest {lowest:+.3f} ({worst}).")


if __name__ == "__main__":
    main()
