"""The page about a model, and the figures beside it."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from bs4 import BeautifulSoup

from moderation.errors import InputError
from moderation.examples import in_test, read_examples
from moderation.labels import LABEL_NAMES
from moderation.model.card import MAIN_THREE
from moderation.model.evaluation import evaluate
from moderation.model.store import StoredModel
from moderation.records import Example, Provenance, Situation
from moderation.report import find, findings, write
from moderation.report.findings import WORST, learning_curve
from tests.conftest import ROOT

HOSTILE = 'You idiot <script>alert("x")</script> <img src=x onerror=alert(1)> &amp; " \' {{ 7 * 7 }}'


@pytest.fixture(scope="module")
def rows():
    written = ROOT / "seeds" / "written"
    found = [row for name in ("party_threads", "visitors") for row in read_examples(written / f"{name}.jsonl")]
    hostile = Example("<b>id</b>", "h", Situation(HOSTILE), Provenance("mine", "h", "-"), dict.fromkeys(LABEL_NAMES, 0))
    return [*found, *(dataclasses.replace(hostile, id=f"<b>{n}</b>", labels={"personal_attack": 0}) for n in range(3))]


@pytest.fixture(scope="module")
def model(narrow_pipeline):
    return StoredModel("narrow", narrow_pipeline, {"sha256": "0" * 64})


@pytest.fixture(scope="module")
def found(model, rows):
    templates = [
        Example(f"t{n}", "t", Situation(text), Provenance("bias_madlibs", str(n), "-"), {"abuse": bad})
        for n, (text, bad) in enumerate(
            [(f"a {term} {word}", bad) for term in ("gay", "deaf") for word, bad in (("friend", 0), ("idiot", 1))]
        )
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(findings, "CURVE_SIZES", (50, 10_000))
        return find(model, {"first": rows[:150], "rest": rows[150:]}, rows, templates)


@pytest.fixture(scope="module")
def page(found, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "deep" / "er"
    assert [path.name for path in write(folder, found)] == ["index.html", "metrics.json"]
    return folder


def test_the_figures_are_those_of_the_evaluation(found, model, rows):
    assert list(found.sets["rest"]) == evaluate(model.pipeline, rows[150:], model.thresholds)
    assert [row.judged for row in found.together] == [
        one.judged + other.judged for one, other in zip(*found.sets.values(), strict=True)
    ]


def test_confusion_counts_comments_with_one_of_the_main_labels(found):
    columns = [LABEL_NAMES.index(name) for name in MAIN_THREE]
    wanted = np.nan_to_num(found.wanted[:, columns])
    assert found.confusion.sum(axis=1).tolist() == [
        int(((wanted.sum(axis=1) == 1) & (wanted[:, column] == 1)).sum()) for column in range(3)
    ]
    assert np.trace(found.confusion) > found.confusion.sum() / 2


def test_mistakes_are_the_worst_first_and_their_pieces_are_the_text(found, rows):
    assert 0 < len(found.mistakes) <= WORST
    wrong = [abs(one.wanted - one.score) for one in found.mistakes]
    assert wrong == sorted(wrong, reverse=True)
    texts = {row.id: row.situation.text for row in rows}
    for one in found.mistakes:
        assert "".join(text for text, _ in one.pieces) == texts[one.id]
    assert sum(any(weight for _, weight in one.pieces) for one in found.mistakes) > len(found.mistakes) / 2


def test_a_learning_curve_begins_with_the_model_as_it_is(model, found, rows):
    held_out = [row for row in rows if in_test(row)]
    before = evaluate(model.pipeline, held_out, model.thresholds)
    first, *others = found.curve
    assert first.labels == 0
    assert first.roc_auc == {row.label: row.roc_auc for row in before if row.roc_auc is not None}
    assert [point.labels for point in others] == sorted({point.labels for point in others})
    assert next(point.labels for point in others) == 50
    assert learning_curve(model, held_out) == [], "nothing to learn from"


def test_the_page_needs_nothing_beside_it(page):
    html = (page / "index.html").read_text(encoding="utf-8")
    for part in ("Precision and recall", "Calibration", "Learning curve", "Thresholds", "Functional suite", "Fairness"):
        assert part in html
    tags = BeautifulSoup(html, "html.parser").find_all(True)
    addresses = [tag[name] for tag in tags for name in ("src", "href") if tag.has_attr(name)]
    assert len(addresses) > 5
    assert all(address.startswith("data:image/svg+xml;base64,") for address in addresses)
    assert {tag.name for tag in tags}.isdisjoint({"script", "link", "iframe", "object"})


def test_comment_text_cannot_be_part_of_the_page(page):
    html = (page / "index.html").read_text(encoding="utf-8")
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "default-src &#39;none&#39;" in html or "default-src 'none'" in html


def test_metrics_are_json_without_any_text(page, rows):
    raw = (page / "metrics.json").read_text(encoding="utf-8")
    figures = json.loads(raw)
    assert {"model", "thresholds", "sets", "together", "confusion", "functional", "fairness", "learning_curve"} == set(
        figures
    )
    assert figures["together"]["personal_attack"]["judged"] == sum("personal_attack" in row.labels for row in rows)
    assert set(figures["fairness"]["abuse"]["terms"]) == {"gay", "deaf"}
    assert not any(row.situation.text[:30] in raw for row in rows)


def test_the_same_findings_give_the_same_page(found, page, tmp_path):
    write(tmp_path, found)
    assert (tmp_path / "index.html").read_bytes() == (page / "index.html").read_bytes()


def test_where_nothing_can_be_written(found, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="file: cannot be written"):
        write(tmp_path / "file", found)
