"""Which model: candidates on the same rows, every corpus left out in turn, with training time, size and throughput.

    python -m tests.benchmarks.choose_model CORPORA [LABEL]

Each candidate scores the corpus left out after learning from all others with the same weights. Size counts 4 bytes for each
weight that is not zero. Throughput is one core turning 2,000 comments into columns, the dear part of scoring. Both times are
ratios to the first candidate in the same run.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier
from sklearn.svm import LinearSVC
from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.trainers import BpeTrainer

from moderation.labels import LABEL_NAMES
from moderation.model.classifier import _Linear
from moderation.model.features import Features
from moderation.model.grams import GRAMS
from moderation.model.pipeline import make_pipeline
from moderation.model.reading import read as read_situations
from moderation.text.tokens import tokenise
from tests.benchmarks.against_peer import one_label
from tests.benchmarks.corpora import Data, left_out, mean_and_worst, read, read_features, table

TIMED = 2_000
Scorer = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, int]]
"""Rows to learn from, their targets and weights, rows to score -> decision values and the number of weights."""


def logistic(C: float = 0.3) -> LogisticRegression:
    return LogisticRegression(C=C, max_iter=300, tol=1e-3, random_state=0)


def linear(columns: sparse.csr_array, make: Callable[[], Any] = logistic) -> Scorer:
    """A linear model on columns."""

    def score(learn: np.ndarray, wanted: np.ndarray, weight: np.ndarray, measure: np.ndarray):
        model = make().fit(columns[learn], wanted, sample_weight=weight)
        return model.decision_function(columns[measure]), int((model.coef_ != 0).sum())

    return score


def naive_bayes(columns: sparse.csr_array) -> Scorer:
    """Columns times the log-count ratio of the label (Wang and Manning 2012), then logistic regression."""

    def score(learn: np.ndarray, wanted: np.ndarray, weight: np.ndarray, measure: np.ndarray):
        seen = columns[learn]
        counts = [1 + (weight * (wanted == kind)) @ (seen > 0) for kind in (1, 0)]
        ratio = np.log((counts[0] / counts[0].sum()) / (counts[1] / counts[1].sum()))
        scale = sparse.diags_array(ratio).tocsr()
        model = logistic(1.0).fit(seen @ scale, wanted, sample_weight=weight)
        return model.decision_function(columns[measure] @ scale), int((model.coef_ != 0).sum())

    return score


def network(vectors: np.ndarray) -> Scorer:
    """A small neural network on sentence vectors: the bigger model that could teach the linear one."""

    def score(learn: np.ndarray, wanted: np.ndarray, weight: np.ndarray, measure: np.ndarray):
        model = MLPClassifier((128,), alpha=1e-2, max_iter=15, early_stopping=True, random_state=0)
        model.fit(vectors[learn], wanted, sample_weight=weight)
        return model.predict_proba(vectors[measure])[:, 1], sum(part.size for part in model.coefs_)

    return score


def shipped(features: Features, label: str) -> Scorer:
    """The shipped classifier: whole comment, context, and the strongest passage."""
    classifier = one_label(label)
    visible = classifier.visible(label, features.shape[1])

    def score(learn: np.ndarray, wanted: np.ndarray, weight: np.ndarray, measure: np.ndarray):
        model: _Linear = classifier._fit_label(label, features.take(learn), wanted.astype(np.int8), weight)
        count = int((model.whole != 0).sum()) + (0 if model.passage is None else int((model.passage != 0).sum()))
        return model.decide(features.take(measure), visible), count

    return score


def self_trained(base: Scorer, unlabelled: np.ndarray) -> Scorer:
    """Learn, name the rows nobody judged that it is sure of, and learn again with those at half the weight."""

    def score(learn: np.ndarray, wanted: np.ndarray, weight: np.ndarray, measure: np.ndarray):
        rows = np.setdiff1d(unlabelled, measure)
        guessed, _ = base(learn, wanted, weight, rows)
        low, high = np.quantile(guessed, (0.1, 0.97))
        sure = (guessed <= low) | (guessed >= high)
        more = np.concatenate([learn, rows[sure]])
        order = np.argsort(more, kind="stable")
        targets = np.concatenate([wanted, guessed[sure] >= high])
        weights = np.concatenate([weight, np.full(int(sure.sum()), 0.5 * weight.mean())])
        return base(more[order], targets[order], weights[order], measure)

    return score


def _with_pairs(pieces: list[str]) -> list[str]:
    return [*pieces, *map(" ".join, itertools.pairwise(pieces))]


class Subwords:
    """Hashed 1- and 2-grams of byte-pair-encoded pieces."""

    def __init__(self, learned_from: list[str]) -> None:
        self._tokenizer = Tokenizer(BPE(unk_token="?"))
        self._tokenizer.pre_tokenizer = Whitespace()
        self._tokenizer.train_from_iterator(learned_from, BpeTrainer(vocab_size=8_000, special_tokens=["?"]))
        self._hasher = HashingVectorizer(analyzer=_with_pairs, n_features=2**18, alternate_sign=False)

    def transform(self, texts: list[str]) -> sparse.csr_array:
        encoded = self._tokenizer.encode_batch([text.lower() for text in texts])
        return sparse.csr_array(self._hasher.transform([one.tokens for one in encoded]))


class Plain:
    """Hashed word 1-2-grams and in-word character 2-5-grams, as scikit-learn makes them."""

    def __init__(self) -> None:
        self._parts = (
            HashingVectorizer(ngram_range=(1, 2), n_features=2**18, alternate_sign=False),
            HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=2**18, alternate_sign=False),
        )

    def transform(self, texts: list[str]) -> sparse.csr_array:
        return sparse.csr_array(sparse.hstack([part.transform(texts) for part in self._parts], format="csr"))


def seconds(function: Callable[[], object]) -> float:
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def measure_all(data: Data, label: str) -> None:
    texts = [row.situation.text for row in data.rows]
    features = read_features(data, make_pipeline())
    blocks = make_pipeline().named_steps["features"].blocks
    ends = np.cumsum([0, *(block.n_features for block in blocks)])
    of = {block.grams: slice(*ends[place : place + 2]) for place, block in enumerate(blocks)}
    width = one_label(label).tail_width
    grams = sparse.csr_array(sparse.hstack([features.whole[:, of[name]] for name in ("words", "chars")], format="csr"))
    context = features.whole[:, ends[-1] : features.shape[1] - width]
    pairs = sparse.csr_array(sparse.hstack([grams, features.whole[:, of["classes"]], context], format="csr"))
    plain, pieces = Plain(), Subwords(texts[::3])
    sample, places = texts[:TIMED], [row.situation for row in data.rows[:TIMED]]
    pipeline = make_pipeline()
    extractor = pipeline.named_steps["features"].fit(read_situations(places))
    two = [block for block in extractor.blocks if block.grams in ("words", "chars")]

    def only_grams() -> None:
        tokens = tokenise(sample)
        for block in two:
            block.table(GRAMS[block.grams](tokens), tokens.text, len(sample))

    by_plain = seconds(lambda: plain.transform(sample))
    by_pieces = seconds(lambda: pieces.transform(sample))
    by_grams, by_all = seconds(only_grams), seconds(lambda: extractor.transform(read_situations(places)))
    vectors = TruncatedSVD(100, random_state=0).fit_transform(features.whole[:, of["words"]])
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    unlabelled = np.flatnonzero(np.isnan(data.wanted[:, LABEL_NAMES.index(label)]))
    columns = plain.transform(texts)
    with_vectors = sparse.csr_array(sparse.hstack([grams, vectors], format="csr"))
    candidates: dict[str, tuple[Scorer, float]] = {
        "word and char n-grams (scikit-learn), logistic regression": (linear(columns, lambda: logistic(8.0)), by_plain),
        "the same, NB-weighted": (naive_bayes(columns), by_plain),
        "the same, linear SVM": (linear(columns, lambda: LinearSVC(C=0.1, random_state=0)), by_plain),
        "subword n-grams (BPE), logistic regression": (
            linear(pieces.transform(texts), lambda: logistic(8.0)),
            by_pieces,
        ),
        "n-grams hashed for the whole batch with NumPy": (linear(grams), by_grams),
        "the same, sentence vectors added": (linear(with_vectors), by_grams),
        "sentence vectors, neural network": (network(vectors), by_grams),
        "NumPy n-grams, word classes, pairs with the parent": (linear(pairs), by_all),
        "the same, strongest passage (shipped)": (shipped(features, label), by_all),
        "shipped, self-trained on unlabelled rows": (self_trained(shipped(features, label), unlabelled), by_all),
    }
    column, rows, first = LABEL_NAMES.index(label), [], 0.0
    for name, (score, to_read) in candidates.items():
        aucs, size, started = {}, 0, time.perf_counter()
        for corpus, learn, held in left_out(data, label):
            wanted = data.wanted[learn, column].astype(int)
            decisions, size = score(learn, wanted, data.weights[learn, column], held)
            aucs[corpus] = float(roc_auc_score(data.wanted[held, column], decisions))
        to_fit = (time.perf_counter() - started) / len(aucs)
        first = first or to_fit
        mean, worst, lowest = mean_and_worst(aucs)
        times = f"{to_fit / first:.1f}", f"{4 * size / 1e6:.1f} MB", f"{by_plain / to_read:.1f}"
        rows.append([name, f"{mean:.3f}", f"{lowest:.3f} ({worst})", *times])
        print(" | ".join(rows[-1]), {name: round(value, 3) for name, value in aucs.items()}, flush=True)
    print("\n" + table(["candidate", "mean AUC", "worst corpus", "training time", "weights", "throughput"], rows))


def main() -> None:
    parser = argparse.ArgumentParser(description="Candidate models, every corpus left out in turn.")
    parser.add_argument("corpora", type=Path, help="folder with the published corpora")
    parser.add_argument("label", nargs="?", default="personal_attack", choices=LABEL_NAMES)
    asked = parser.parse_args()
    measure_all(read(asked.corpora), asked.label)


if __name__ == "__main__":
    main()
