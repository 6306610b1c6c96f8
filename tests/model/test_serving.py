"""Which model serves."""

from __future__ import annotations

import json

import pytest

from moderation.errors import ModelError
from moderation.labels import LABEL_NAMES
from moderation.model import serving
from moderation.model.serving import load_named, load_serving, promote, promotions, rollback
from moderation.model.store import SERVING, check_name, load, save

NUMBERS = ("one", "two", "three")


@pytest.fixture
def models(tmp_path, monkeypatch, narrow_pipeline):
    folder = tmp_path / "models"
    monkeypatch.setenv("MODERATION_MODELS", str(folder))
    for name in ("default", *NUMBERS):
        save(folder / name, narrow_pipeline, {"name": name, "labels": list(LABEL_NAMES), "made": name}, "# Card\n")
    # The pipelines are the same; their files must not be.
    for name in NUMBERS:
        about = folder / name / "model.json"
        assert json.loads(about.read_text(encoding="utf-8"))["name"] == name
    return folder


def put(models, name, objections=(), force=False):
    return promote(load(name), models / name, objections, force)


def test_the_shipped_model_serves_until_one_is_promoted(models):
    assert promotions() == []
    assert load_serving().name == load_named(SERVING).name == "default"
    put(models, "one")
    assert load_serving().name == load_named(SERVING).name == "one"
    assert load_named("two").name == "two"


def test_what_serves_is_a_copy(models, narrow_pipeline):
    put(models, "one")
    save(models / "one", narrow_pipeline, {"name": "one", "made": "again"}, "# Card\n")
    assert load_serving().about["made"] == "one", "a model trained anew under that name serves only once it is promoted"


def test_rolling_back_goes_step_by_step_to_the_shipped_one(models):
    with pytest.raises(ModelError, match="no model was promoted"):
        rollback()
    put(models, "one")
    put(models, "two")
    assert rollback().model == "one"
    assert load_serving().name == "one"
    assert rollback() is None
    assert load_serving().name == "default"


def test_a_worse_model_is_refused_unless_forced_and_that_is_recorded(models):
    with pytest.raises(ModelError, match="'one' not promoted: it is worse than the one in force in 1 thing"):
        put(models, "one", ("spam: worse",))
    assert promotions() == []
    made = put(models, "one", ("spam: worse",), force=True)
    assert (made.forced, made.objections) == (True, ("spam: worse",))
    assert promotions() == [made]


@pytest.mark.parametrize("step", ["_copy", "write_text"])
def test_a_crash_on_the_way_leaves_the_old_model_serving(models, monkeypatch, step):
    put(models, "one")
    before = promotions()

    def crash(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(serving, step, crash)
    with pytest.raises(KeyboardInterrupt):
        put(models, "two")
    monkeypatch.undo()
    monkeypatch.setenv("MODERATION_MODELS", str(models))
    assert promotions() == before
    assert load_serving().name == "one"
    put(models, "two")
    assert load_serving().name == "two"


def test_an_altered_copy_is_not_served(models):
    made = put(models, "one")
    (made.folder / "model.joblib").write_bytes(b"other")
    with pytest.raises(ModelError, match="altered or cut off"):
        load_serving()


@pytest.mark.parametrize("content", ["", "[]", '{"promotions": [{"model": "x"}]}', '{"promotions": 5}'])
def test_a_broken_list_of_promotions_says_what_to_do(models, content):
    (models / "serving.json").write_text(content, encoding="utf-8")
    with pytest.raises(
        ModelError, match=r"serving\.json: is no list of promotions .*: remove it to serve the shipped model"
    ):
        load_serving()


def test_only_the_last_promotions_are_kept(models):
    for name in NUMBERS * 3:
        put(models, name)
    assert [one.model for one in promotions()] == list((NUMBERS * 3)[-serving.KEPT :])
    assert all(one.folder.is_dir() for one in promotions())


def test_no_model_may_be_called_serving():
    with pytest.raises(ModelError, match="'serving' stands for the model in force"):
        check_name(SERVING)
