"""Where things are looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from moderation import paths
from tests.conftest import ROOT


def test_models_are_saved_here_unless_a_setting_says_where(monkeypatch, tmp_path):
    monkeypatch.delenv("MODERATION_MODELS", raising=False)
    assert paths.own_models() == Path("models")
    monkeypatch.setenv("MODERATION_MODELS", "")
    assert paths.own_models() == Path("models")
    monkeypatch.setenv("MODERATION_MODELS", str(tmp_path))
    assert paths.own_models() == tmp_path


def test_the_owners_models_come_before_the_shipped_ones(monkeypatch, tmp_path):
    monkeypatch.setenv("MODERATION_MODELS", str(tmp_path))
    own, shipped = paths.model_folders()
    assert own == tmp_path
    assert (shipped / "default" / "model.json").is_file()


def test_what_is_shipped_is_found_from_any_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert (paths.seeds() / "examples.jsonl").is_file()
    assert sorted(path.stem for path in paths.policies().glob("*.toml")) == ["barnet-eye", "open"]


@pytest.mark.parametrize("name", ["models", "seeds"])
def test_a_wheel_brings_its_own(monkeypatch, tmp_path, name):
    monkeypatch.setattr(paths, "_SHIPPED", tmp_path)
    assert paths._shipped(name) == ROOT / name, "a checkout has nothing packed"
    (tmp_path / name).mkdir()
    assert paths._shipped(name) == tmp_path / name
