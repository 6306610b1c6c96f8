"""`GET /v1/policy` and `GET /v1/model`: what the service judges with."""

from __future__ import annotations

import dataclasses
from typing import Any

from fastapi import APIRouter

from api.deps import CurrentModerator, KeyDeclared
from api.schemas import ErrorOut, PolicyOut
from moderation.policy.reader import APPEAR
from moderation.policy.rules import Rule

router = APIRouter(
    prefix="/v1",
    tags=["about"],
    dependencies=KeyDeclared,
    responses={401: {"model": ErrorOut, "description": "The API key is missing or wrong."}},
)


@router.get("/policy", response_model=PolicyOut)
def policy(moderator: CurrentModerator) -> dict[str, Any]:
    """The policy in force: every rule with the blog's own words."""
    current = moderator.policy
    return {
        "name": current.name,
        "says": current.says,
        "appear": APPEAR[current.after_moderation],
        "rules": [{"id": rule.id, "says": rule.says, "acts_on": _acts_on(rule)} for rule in current.rules],
    }


@router.get("/model")
def model(moderator: CurrentModerator) -> dict[str, Any]:
    """What `model.json` says: labels, thresholds, metrics, what the model was made from, versions, digest."""
    return dict(moderator.model.about)


def _acts_on(rule: Rule) -> dict[str, Any]:
    fields = {field.name: getattr(rule, field.name) for field in dataclasses.fields(rule)}  # type: ignore[arg-type]
    shown = {name: value for name, value in fields.items() if isinstance(value, str | int | float)}
    if "pattern" in fields:
        shown["pattern"] = str(fields["pattern"].pattern)
    return {name: value for name, value in shown.items() if name not in ("id", "says")}
