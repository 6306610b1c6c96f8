"""`moderation train`, and that what it saves works in `score` and `evaluate`."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version

import pytest

from moderation.labels import LABEL_NAMES
from moderation.model.store import load
from moderation.records import Situation
from tests.cli.conftest import PAGE, one_line
from tests.conftest import DOCUMENTS

SPAM = "".join(
    f'VIDEO-{number},someone,2015-01-01,"{text}",{spam}\n'
    for number, (text, spam) in enumerate([("Lovely song", 0), ("Subscribe to my channel!!!", 1)] * 3)
)


@pytest.fixture
def corpora(tmp_path):
    """One published corpus, in its authors' format but tiny."""
    folder = tmp_path / "corpora" / "youtube_spam"
    folder.mkdir(parents=True)
    for video in ("01-Psy", "02-KatyPerry", "03-LMFAO", "04-Eminem", "05-Shakira"):
        (folder / f"Youtube{video}.csv").write_text(
            f"COMMENT_ID,AUTHOR,DATE,CONTENT,CLASS\n{SPAM.replace('VIDEO', video)}", encoding="utf-8"
        )
    return folder.parent


def test_train_saves_a_model_that_score_and_evaluate_use(run, narrow, few_seeds, corpora, tmp_path, monkeypatch, pipe):
    monkeypatch.setenv("MODERATION_MODELS", str(tmp_path / "models"))
    command = ("train", "--name", "mine", "--seeds", few_seeds, "--corpora", corpora, "--leave-out", DOCUMENTS[0].name)
    done = run(*command)
    assert (done.code, done.err) == (0, ""), "no progress bar in a pipe"
    folder = tmp_path / "models" / "mine"
    assert done.out.splitlines()[-1] == f"saved {folder}"
    assert "written: held-out threads" in done.out
    assert sorted(path.name for path in folder.iterdir()) == ["card.md", "model.joblib", "model.json"]
    assert [path.name for path in folder.parent.iterdir()] == ["mine"], "nothing half-written beside it"

    about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    assert (about["name"], about["labels"]) == ("mine", list(LABEL_NAMES))
    assert sorted(about["thresholds"]) == sorted(LABEL_NAMES)
    for at in about["thresholds"].values():
        assert 0 <= at["hold"] <= 1
        assert at["reject"] is None or at["hold"] <= at["reject"] <= 1
    assert about["sha256"] == hashlib.sha256((folder / "model.joblib").read_bytes()).hexdigest()
    assert about["versions"]["scikit-learn"] == version("scikit-learn")
    assert [part["name"] for part in about["corpora"]] == ["documents", "written", "youtube_spam"]
    for part in about["corpora"]:
        assert part["licence"]
        assert part["origin"]
        assert len(part["digest"]) == 64
    assert about["corpora"][2]["rows"] == 30
    figures = about["metrics"]["written"]["off_topic"]
    assert {"judged", "positive", "precision", "recall", "average_precision", "roc_auc", "calibration_error"} <= set(
        figures
    )

    card = (folder / "card.md").read_text(encoding="utf-8")
    assert card.startswith("# Model card: mine\n")
    assert "UCI ML repository" in card
    table = card.split("## The seed thread, left out of training")[1].split("## ")[0]
    rows = [line.split(" | ")[0].strip("| ") for line in table.splitlines() if line[:3].strip("| ").isdigit()]
    assert rows == ["1", "2", "3", "4", "5", "5.1", "6", "6.1.1", "7", "8", "8.1", "8.2", "9"]

    scored = run("score", PAGE, "--model", "mine")
    assert (scored.code, scored.err) == (0, "")
    assert {json.loads(line)["model"] for line in scored.out.splitlines()} == {"mine"}
    assert pipe("score", PAGE, "--model", folder, MODERATION_MODELS="") == scored, "another process, the model by path"
    measured = run("evaluate", "--model", "mine", "--examples", few_seeds / "examples.jsonl")
    assert (measured.code, measured.err) == (0, "")
    assert measured.out.startswith("examples: 13 comments\n")

    places = [Situation("You are a liar."), Situation("I agree.", "Do you agree?")]
    first = load("mine").pipeline.predict_proba(places)
    card_before = (folder / "card.md").read_bytes()
    assert run(*command) == done
    assert load("mine").pipeline.predict_proba(places).tobytes() == first.tobytes(), "the same data, the same bytes"
    assert run("score", PAGE, "--model", "mine") == scored
    assert (folder / "card.md").read_bytes() == card_before


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("--name", "../mine"), "model name '../mine': expected up to 64 letters"),
        (("--name", ""), "model name ''"),
        (("--examples", "nowhere.jsonl"), "nowhere.jsonl: no such file or directory"),
        (("--examples", "empty.jsonl"), "empty.jsonl: has no examples"),
        (("--examples", "typo.jsonl"), "typo.jsonl:1: unknown label 'spma', expected one of"),
        (("--corpora", "."), ".: has no corpus, expected sub-folders such as"),
        (("--seeds", "."), ".: has no written/*.jsonl"),
        (("--leave-out", "nowhere.txt"), "thread 'nowhere.txt' to leave out has no example"),
    ],
)
def test_a_mistake_ends_in_one_line_and_saves_nothing(run, few_seeds, tmp_path, monkeypatch, args, reason):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MODERATION_MODELS", "models")
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    (tmp_path / "typo.jsonl").write_text('{"text": "x", "labels": {"spma": 1}}\n', encoding="utf-8")
    assert reason in one_line(run("train", "--seeds", few_seeds, *args))
    assert not (tmp_path / "models").exists()


def test_examples_that_cannot_teach_a_label_are_refused_and_the_old_model_stays(run, tmp_path, monkeypatch):
    seeds = tmp_path / "seeds"
    (seeds / "written").mkdir(parents=True)
    line = json.dumps({"text": "Hello.", "thread": "a", "labels": dict.fromkeys(LABEL_NAMES, 0)})
    (seeds / "written" / "one.jsonl").write_text(f"{line}\n", encoding="utf-8")
    (seeds / "examples.jsonl").touch()
    monkeypatch.setenv("MODERATION_MODELS", str(tmp_path / "models"))
    old = tmp_path / "models" / "mine" / "model.json"
    old.parent.mkdir(parents=True)
    old.write_text("older", encoding="utf-8")
    assert "expected at least 4 of each" in one_line(run("train", "--seeds", seeds))
    assert old.read_text(encoding="utf-8") == "older"
    assert [path.name for path in old.parent.iterdir()] == ["model.json"]
