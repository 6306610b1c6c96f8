"""Where the models, the policies' folder and the seeds are: the owner's own first, then the ones that were shipped."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent
_SHIPPED = _PACKAGE / "shipped"
"""In a wheel, the top-level folders `models/` and `seeds/` are packed here."""

MODELS_SETTING = "MODERATION_MODELS"


def own_models() -> Path:
    """Return the folder that trained models are saved in: the setting `MODERATION_MODELS`, else `models/` here."""
    return Path(os.environ.get(MODELS_SETTING) or "models")


def model_folders() -> list[Path]:
    """Return the folders in which a model is looked for by name, in order."""
    return [own_models(), _shipped("models")]


def seeds() -> Path:
    """Return the folder with the shipped examples."""
    return _shipped("seeds")


def policies() -> Path:
    """Return the folder with the shipped policies."""
    return _PACKAGE / "policy"


def _shipped(name: str) -> Path:
    packed = _SHIPPED / name
    return packed if packed.is_dir() else _CHECKOUT / name
