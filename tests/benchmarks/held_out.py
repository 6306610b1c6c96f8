"""The shipped model on held-out threads: each figure that was asked for, and whether it holds.

    python -m tests.benchmarks.held_out CORPORA [MODEL]

Nothing here was fitted on: test threads of the seeds and of the published corpora, the functional suite, and the template
sentences of `bias_madlibs`. What is asked is in the last column but one.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.pipeline import Pipeline

from moderation.examples import in_test, read_judgements
from moderation.examples.agreement import agreement
from moderation.labels import LABEL_NAMES
from moderation.model import training
from moderation.model.evaluation import score, targets
from moderation.model.fairness import fairness_of
from moderation.model.functional import answers, obfuscation_rate, read_suite
from moderation.model.serving import load_named
from moderation.model.store import StoredModel
from moderation.paths import seeds
from moderation.records import Example, Situation
from moderation.sources import corpus_sets, seed_sets, templates
from tests.benchmarks.corpora import LEAST, table

BAD = ("personal_attack", "abuse", "antisemitism_accusation")
ACCUSED_OF_NOTHING = ("benign", "denial", "reporting", "complaint")
Line = tuple[str, str, str, bool]
Figure = Callable[[np.ndarray, np.ndarray], float]


def figure(rows: Sequence[Example], scores: np.ndarray, label: str, of: Figure = roc_auc_score,
           part: Sequence[bool] | None = None) -> float | None:  # fmt: skip
    """A figure of a label over the rows (a `part` of them) judged for it; None with fewer than `LEAST` of a kind."""
    column = LABEL_NAMES.index(label)
    wanted = targets(rows)[:, column]
    known = ~np.isnan(wanted) & (True if part is None else np.array(part))
    positive = wanted[known].sum()
    if min(positive, known.sum() - positive) < LEAST:
        return None
    return float(of(wanted[known], scores[known, column]))


def at_least(name: str, value: float | None, asked: float) -> Line:
    shown = "-" if value is None else f"{value:.3f}"
    return name, shown, f"at least {asked}", value is not None and value >= asked


def attack(pipeline: Pipeline, rows: Sequence[Example]) -> list[Line]:
    """Ad hominem threads, by whose labels, and without what they answer."""
    parts = {
        "every row": None,
        "rows this project judged": [row.provenance.by_guide for row in rows],
        "rows its authors judged": [not row.provenance.by_guide for row in rows],
    }
    scores = score(pipeline, rows)
    found = [
        at_least(f"personal_attack, ad hominem threads, {name}, AUC", figure(rows, scores, BAD[0], part=part), 0.88)
        for name, part in parts.items()
    ]
    alone = pipeline.predict_proba([Situation(row.situation.text) for row in rows])
    value = figure(rows, alone, BAD[0])
    return [*found, at_least("the same, every row without its parent", value, 0.88)]


def accusation(model: StoredModel, sets: Mapping[str, Sequence[Example]]) -> list[Line]:
    """Tweets and written comments, the readers' agreement, and who is wrongly said to accuse."""
    found = []
    for name, asked in (("isca_2023", 0.75), ("written", 0.85)):
        value = figure(sets[name], score(model.pipeline, sets[name]), BAD[2], average_precision_score)
        found.append(at_least(f"antisemitism_accusation, {name}, average precision", value, asked))
    readings = (read_judgements(seeds() / "labels" / "readings" / of / "isca_2023.csv") for of in ("first", "second"))
    kappa = next(row.kappa for row in agreement(*readings) if row.label == BAD[2])
    found.append(("the two readers' kappa on tweets", f"{kappa:.2f}", "beside it", True))
    suite = {name: cases for name, cases in read_suite().items() if name.startswith("accusation")}
    answered = answers(model.pipeline, suite, model.thresholds)
    scores = np.array([one.score for kind in ACCUSED_OF_NOTHING for one in answered[f"accusation_{kind}"]])
    hits = np.array([one.score for one in answered["accusation_direct"]])
    for kind in ACCUSED_OF_NOTHING:
        part = answered[f"accusation_{kind}"]
        rate = sum(one.named for one in part) / len(part)
        found.append((f"accusation wrongly named, {kind}", f"{rate:.0%}", "at most 5%", rate <= 0.05))
    strict = float(np.quantile(scores, 0.95))
    caught = f"{(hits > strict).mean():.0%} of direct ones"
    found.append((f"what is named where 5% of them all are, from {strict:.2f}", caught, "beside it", True))
    return found


def disagreement(pipeline: Pipeline, name: str, rows: Sequence[Example]) -> list[Line]:
    """Disagreement against attacks and accusations, and against all others."""
    judged = [row for row in rows if row.labels.get("on_topic_disagreement") is not None]
    bad = [any(row.labels.get(label) for label in BAD) for row in judged]
    parts = {
        "all others": None,
        "attacks": [one or bool(row.labels["on_topic_disagreement"]) for row, one in zip(judged, bad, strict=True)],
        "agreement and the like": [not one for one in bad],
    }
    scores, found = score(pipeline, judged), []
    for against, part in parts.items():
        value = figure(judged, scores, "on_topic_disagreement", part=part)
        if value is not None:
            found.append(at_least(f"on_topic_disagreement against {against}, {name}, AUC", value, 0.80))
    return found


def off_topic(pipeline: Pipeline, name: str, rows: Sequence[Example]) -> list[Line]:
    """On-topic comments where they stand against the same ones moved, with thread and article, and with the article only."""
    rows = [row for row in rows if row.labels.get("off_topic") == 0]
    here = [row.situation for row in rows]
    moved = [row.situation for row in training.swapped(rows) if row.situation.parent or row.situation.earlier]
    found = [(f"off_topic against swapped surroundings, {name}, AUC", apart(pipeline, here, moved))]
    if any(place.article for place in here):
        bare = [[Situation(one.text, article=one.article) for one in part if one.article] for part in (here, moved)]
        found.append((f"off_topic against swapped articles, nothing else known, {name}, AUC", apart(pipeline, *bare)))
    return [at_least(*one, 0.88) for one in found]


def apart(pipeline: Pipeline, here: Sequence[Situation], moved: Sequence[Situation]) -> float | None:
    if min(len(here), len(moved)) < LEAST:
        return None
    column = LABEL_NAMES.index("off_topic")
    values = pipeline.predict_proba([*here, *moved])[:, column]
    return float(roc_auc_score(np.repeat([0, 1], [len(here), len(moved)]), values))


def fair(model: StoredModel, sentences: Sequence[Example]) -> list[Line]:
    gap = max(found.widest_gap for found in fairness_of(model.pipeline, sentences).values())
    suite = {"obfuscation": read_suite()["obfuscation"]}
    rate = obfuscation_rate(answers(model.pipeline, suite, model.thresholds)["obfuscation"]) or 0.0
    return [
        ("BPSN or BNSP of any identity term, from the overall AUC", f"{gap:.3f}", "at most 0.05", gap <= 0.05),
        ("obfuscated attacks caught, of those caught plain", f"{rate:.0%}", "at least 90%", rate >= 0.90),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="The shipped model on held-out threads.")
    parser.add_argument("corpora", type=Path, help="folder with the published corpora")
    parser.add_argument("model", nargs="?", default="default", help="name or folder of the model")
    asked = parser.parse_args()
    model = load_named(asked.model)
    pipeline = model.pipeline
    sets = {
        part.name: [row for row in part.examples if in_test(row)]
        for part in [*seed_sets(), *corpus_sets(asked.corpora)]
    }
    lines = [*attack(pipeline, sets["ukp_ad_hominem"]), *accusation(model, sets)]
    for name in ("written", "ukp_ad_hominem", "fox_news", "context_toxicity", "toxic_spans"):
        lines += disagreement(pipeline, name, sets[name])
    for name in ("written", "ukp_ad_hominem", "fox_news"):
        lines += off_topic(pipeline, name, sets[name])
    spam = figure(sets["youtube_spam"], score(pipeline, sets["youtube_spam"]), "spam")
    lines.append(at_least("spam, a video left out, AUC", spam, 0.97))
    lines += fair(model, templates(asked.corpora))
    print(table(["figure", "found", "asked", "holds"], [[*line[:3], "yes" if line[3] else "no"] for line in lines]))


if __name__ == "__main__":
    main()
