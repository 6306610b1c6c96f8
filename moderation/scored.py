"""Verdict -> the scored record, the JSON object that command, batch and API answer with."""

from __future__ import annotations

from typing import Any

from moderation.records import Verdict

SCORE_DIGITS = 4
"""Decimals of scores and weights in records: finer differences mean nothing to a reader."""


def to_record(verdict: Verdict) -> dict[str, Any]:
    """Return `{"id", "decision", "suggestion", "rules", "scores", "spans", "model", "policy"}`, JSON-ready."""
    return {
        "id": verdict.id,
        "decision": verdict.decision,
        "suggestion": verdict.suggestion,
        "rules": [
            {
                "id": rule.id,
                "says": rule.says,
                "label": rule.label,
                "score": _rounded(rule.score),
                "threshold": _rounded(rule.threshold),
                "action": rule.action,
                "reason": rule.reason,
            }
            for rule in verdict.rules
        ],
        "scores": {label: _rounded(score) for label, score in verdict.scores.items()},
        "spans": [
            {"start": span.start, "end": span.end, "label": span.label, "weight": _rounded(span.weight)}
            for span in verdict.spans
        ],
        "model": verdict.model,
        "policy": verdict.policy,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, SCORE_DIGITS)
