"""What an owner's own labels buy: a corpus as his blog, the model fitted without it, then adapted to more and more of it.

    python -m tests.benchmarks.owner_curve CORPORA [NAME ...]

Learned from the corpus's training threads, whole threads at a time; measured on its held-out threads. Without a name two are
tried: fox_news (news comments) and ukp_ad_hominem (a forum).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from moderation.corpora.registry import CORPORA
from moderation.examples import for_fitting
from moderation.labels import LABEL_NAMES
from moderation.model import training
from moderation.model.store import StoredModel
from moderation.report.findings import learning_curve
from moderation.sources import corpus_sets, seed_sets
from tests.benchmarks.corpora import table

BLOGS = ("fox_news", "ukp_ad_hominem")


def main() -> None:
    parser = argparse.ArgumentParser(description="What an owner's own labels buy.")
    parser.add_argument("corpora", type=Path, help="folder with the published corpora")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(CORPORA)}")
    asked = parser.parse_args()
    rows = [row for part in [*seed_sets(), *corpus_sets(asked.corpora)] for row in part.examples]
    for name in asked.names or BLOGS:
        others = [row for row in rows if row.provenance.corpus != name and for_fitting(row)]
        model = StoredModel("without", training.fit(others), {})
        points = learning_curve(model, [row for row in rows if row.provenance.corpus == name])
        measured = [label for label in LABEL_NAMES if label in points[-1].roc_auc]
        shown = [
            [
                f"{point.labels:,}",
                *(f"{point.roc_auc[label]:.3f} / {point.average_precision[label]:.3f}" for label in measured),
            ]
            for point in points
        ]
        print(f"\n{name}: ROC AUC / average precision on held-out threads\n", flush=True)
        print(table(["own labels", *measured], shown), flush=True)


if __name__ == "__main__":
    main()
