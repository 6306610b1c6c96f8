"""What the labelled set bought: every corpus left out of training in turn, before and after, label by label.

    python -m tests.benchmarks.leave_one_corpus_out CORPORA BEFORE [--pipeline] [NAME ...]

CORPORA is the folder with the published corpora, BEFORE the `seeds/` of an earlier commit. "Before" trains on BEFORE and the
corpora with their authors' labels, "after" on the seeds as they are, with this project's labels in their place. Both are
measured on the same rows of the corpus left out: those that this project judged with its labels, and all that the
authors judged with theirs. Hashed word 1-2-grams and in-word character 2-5-grams with logistic regression; with
--pipeline the project's own pipeline as it stands, which takes hours instead of minutes. With names only those are left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from moderation.corpora.registry import CORPORA, read_corpora
from moderation.labels import LABEL_NAMES
from moderation.model import training
from moderation.model.evaluation import targets
from moderation.records import Example
from moderation.sources import WRITTEN, capped, corpus_sets, judged_corpora, own_judgements, seed_sets

LEAST = 10
"""Positives and negatives a label must have among the rows left out to be measured."""

Sets = dict[str, list[Example]]
Score = Callable[[Sequence[Example]], np.ndarray]


class Plain:
    """One logistic regression a label on hashed n-grams of the text alone. Texts are hashed once, for all fits."""

    def __init__(self, texts: Iterable[str]) -> None:
        unique = list(dict.fromkeys(texts))
        self._place = {text: index for index, text in enumerate(unique)}
        # Stateless, so nothing of the rows left out is learned.
        words = HashingVectorizer(ngram_range=(1, 2), n_features=2**18, alternate_sign=False)
        chars = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=2**18, alternate_sign=False)
        self._columns = hstack([words.transform(unique), chars.transform(unique)], format="csr")

    def fit(self, examples: Sequence[Example]) -> Score:
        """Return what scores rows, shape (rows, labels); 0 for a label that the examples cannot teach."""
        read, wanted, weights = self._read(examples), targets(examples), training.weights(examples)
        models = []
        for column in range(len(LABEL_NAMES)):
            known = ~np.isnan(wanted[:, column])
            judged = wanted[known, column]
            model = None
            if min(judged.sum(), len(judged) - judged.sum()) >= LEAST:
                model = LogisticRegression(C=8.0, solver="liblinear", class_weight="balanced", random_state=0)
                model.fit(read[known], judged, sample_weight=weights[known, column])
            models.append(model)
        return lambda rows: np.column_stack(
            [np.zeros(len(rows)) if model is None else model.decision_function(self._read(rows)) for model in models]
        )

    def _read(self, examples: Sequence[Example]) -> csr_matrix:
        return self._columns[[self._place[row.situation.text] for row in examples]]


def own_pipeline(examples: Sequence[Example]) -> Score:
    """Fit the project's pipeline as it stands."""
    fitted = training.fit(examples)
    return lambda rows: fitted.predict_proba([row.situation for row in rows])


def measured_rows(corpora: Path) -> dict[str, dict[str, list[Example]]]:
    """Return the rows to measure on by whose labels they have and by corpus."""
    ours: Sets = {WRITTEN: [row for part in seed_sets() if part.name == WRITTEN for row in part.examples]}
    for name, rows in judged_corpora(corpora).items():
        own = own_judgements(name)
        judged = [row for row in rows if row.provenance.row in own]
        if judged:
            ours[name] = judged
    return {"ours": ours, "authors'": authors_rows(corpora)}


def authors_rows(corpora: Path) -> Sets:
    """Return what the authors of each corpus judged, with their labels."""
    judged = {name: [row for row in rows if row.labels] for name, rows in read_corpora(corpora).items()}
    return {name: capped(rows) for name, rows in judged.items() if rows}


def figures(wanted: np.ndarray, scores: np.ndarray) -> tuple[float, float]:
    return float(roc_auc_score(wanted, scores)), float(average_precision_score(wanted, scores))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What the labelled set bought, every corpus left out in turn.")
    parser.add_argument("corpora", type=Path, help="folder with the published corpora")
    parser.add_argument("before", type=Path, help="the seeds/ of an earlier commit")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"leave only these out: {', '.join([*CORPORA, WRITTEN])}"
    )
    parser.add_argument("--pipeline", action="store_true", help="the project's own pipeline, not plain n-grams")
    asked = parser.parse_args()
    unknown = set(asked.names) - {*CORPORA, WRITTEN}
    if unknown:
        parser.error(f"unknown corpus {min(unknown)!r}")
    return asked


def main() -> None:
    asked = arguments()
    rows = measured_rows(asked.corpora)
    old: Sets = {part.name: list(part.examples) for part in seed_sets(asked.before)} | rows["authors'"]
    new: Sets = {part.name: list(part.examples) for part in [*seed_sets(), *corpus_sets(asked.corpora)]}
    fit = own_pipeline
    if not asked.pipeline:
        everything = [*old.values(), *new.values(), *(own for part in rows.values() for own in part.values())]
        fit = Plain(row.situation.text for own in everything for row in own).fit
    print("| left out | labels | label | yes | no | AUC before | AUC after | AP before | AP after |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for name in asked.names or sorted({name for part in rows.values() for name in part}):
        scorers = [fit([row for part, own in sets.items() if part != name for row in own]) for sets in (old, new)]
        for whose, part in rows.items():
            if name not in part:
                continue
            wanted = targets(part[name])
            scores = [score(part[name]) for score in scorers]
            for column, label in enumerate(LABEL_NAMES):
                known = ~np.isnan(wanted[:, column])
                judged = wanted[known, column]
                if min(judged.sum(), len(judged) - judged.sum()) < LEAST:
                    continue
                (auc, ap), (auc_after, ap_after) = [figures(judged, one[known, column]) for one in scores]
                counts = f"{int(judged.sum()):,} | {int(len(judged) - judged.sum()):,}"
                shown = f"{auc:.3f} | {auc_after:.3f} | {ap:.3f} | {ap_after:.3f}"
                print(f"| {name} | {whose} | {label} | {counts} | {shown} |", flush=True)


if __name__ == "__main__":
    main()
