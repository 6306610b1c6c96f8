"""`moderation models`, and `moderation train --from-model`."""

from __future__ import annotations

import json
import shutil

import pytest

from moderation.labels import LABEL_NAMES
from moderation.model import comparison
from moderation.model.serving import promotions
from moderation.model.store import load
from tests.cli.conftest import PAGE, one_line

WANTED = ("Anyone selling a blorple, cash?", "Blorple wanted, will collect.", "My blorple is for sale, like new.")
HARMLESS = (
    "The bins were late again on our street.",
    "I agree with the plan for the pool.",
    "Thanks, see you on Monday.",
)


@pytest.fixture
def own(tmp_path, monkeypatch, models):
    """A folder of an owner's models with a copy of the shipped one, and what he decided."""
    folder = tmp_path / "models"
    shutil.copytree(models / "default", folder / "default")
    monkeypatch.setenv("MODERATION_MODELS", str(folder))
    lines = [
        {"id": f"{n}-{spam}", "thread": f"t{n}", "text": f"{texts[n % 3]} Number {n}.", "labels": {"spam": spam}}
        for n in range(80)
        for spam, texts in enumerate((HARMLESS, WANTED))
    ]
    (tmp_path / "mine.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return tmp_path


def adapt(run, own, *more):
    return run("train", "--from-model", "default", "--name", "mine", "--examples", own / "mine.jsonl", *more)


@pytest.fixture
def lenient(monkeypatch):
    """A model of a few columns fails the suite by chance; here only the owner's comments count."""
    monkeypatch.setattr(comparison, "TOLERATED_RATE", 1.0)
    monkeypatch.setattr(comparison, "TOLERATED_FUNCTIONALITY", 1.0)


def test_an_owner_adapts_the_shipped_model_and_it_serves(run, own, lenient):
    done = adapt(run, own)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "mine serves from now on; to go back: moderation models rollback"
    taken = {line.split()[0]: line.split()[-1] for line in done.out.splitlines() if " yes" in line}
    assert taken["spam"] == "learned"
    about = load("mine").about
    assert about["from"] == "default"
    assert about["compared"]["with"] == "default"
    assert about["learned"]["spam"]["after"] < about["learned"]["spam"]["before"]
    assert about["corpora"][-1]["name"] == "mine"
    card = (own / "models" / "mine" / "card.md").read_text(encoding="utf-8")
    assert "adapted to a blog's own decisions" in card
    assert {json.loads(line)["model"] for line in run("score", PAGE).out.splitlines()} == {"mine"}
    listed = run("models", "list").out
    assert "* mine" in listed
    assert "* serves: mine since" in listed

    back = run("models", "rollback")
    assert (back.code, back.out) == (0, "default serves again\n")
    assert {json.loads(line)["model"] for line in run("score", PAGE).out.splitlines()} == {"default"}
    assert "nothing to go back from" in one_line(run("models", "rollback"))


def test_a_worse_model_is_kept_but_does_not_serve(run, own, monkeypatch):
    monkeypatch.setattr(comparison, "TOLERATED_AUC", -1.0)
    refused = adapt(run, own)
    assert refused.code == 2
    assert "worse: spam: ROC AUC" in refused.out
    assert refused.err.startswith("moderation: model 'mine' not promoted: it is worse than the one in force in")
    assert load("mine").about["compared"]["worse"]
    assert promotions() == []
    forced = adapt(run, own, "--force")
    assert (forced.code, forced.err) == (0, "")
    (made,) = promotions()
    assert made.forced
    assert any(objection.startswith("spam: ROC AUC") for objection in made.objections)


def test_models_are_compared_and_promoted(run, own, few_seeds, lenient, monkeypatch):
    adapt(run, own)
    run("models", "rollback")
    compared = run("models", "compare", "default", "mine", "--examples", own / "mine.jsonl")
    assert (compared.code, compared.err) == (0, "")
    assert compared.out.splitlines()[-1] == "not worse"
    assert "functional suite" in compared.out
    promoted = run("models", "promote", "mine", "--examples", own / "mine.jsonl")
    assert (promoted.code, promoted.out) == (0, "mine serves from now on\n")
    monkeypatch.setattr(comparison, "TOLERATED_AUC", -1.0)
    refused = run("models", "promote", "default", "--examples", own / "mine.jsonl")
    assert refused.code == 2
    assert "not promoted" in refused.err
    assert promotions()[-1].model == "mine"


def test_a_model_shows_its_card(run, own):
    assert run("models", "show", "default").out == "# Model card: default\n"
    assert "unknown model 'defualt'" in one_line(run("models", "show", "defualt"))


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("--from-model", "default"), "--from-model goes with --examples"),
        (("--from-model", "default", "--examples", "mine.jsonl", "--corpora", "."), "and with none of --corpora"),
        (("--from-model", "default", "--name", "default", "--examples", "mine.jsonl"), "'default' is the shipped one"),
        (("--from-model", "nobody", "--examples", "mine.jsonl"), "unknown model 'nobody'"),
        (("--from-model", "default", "--examples", "few.jsonl"), "no label has 5 examples of each kind"),
        (("--force",), "--force goes with --from-model"),
        (("--name", "serving"), "'serving' stands for the model in force"),
    ],
)
def test_a_mistake_ends_in_one_line_and_saves_nothing(run, own, monkeypatch, args, reason):
    monkeypatch.chdir(own)
    line = {"text": "A lone comment.", "labels": dict.fromkeys(LABEL_NAMES, 0)}
    (own / "few.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert reason in one_line(run("train", *args))
    assert sorted(path.name for path in (own / "models").iterdir()) == ["default"]
