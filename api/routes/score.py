"""`POST /v1/score` and `POST /v1/score/batch`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic_core import to_json

from api.deps import CurrentModerator, KeyDeclared
from api.schemas import BatchIn, BatchOut, CommentIn, ErrorOut, VerdictOut
from moderation.scored import to_record

_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorOut, "description": "The body is not JSON in UTF-8."},
    401: {"model": ErrorOut, "description": "The API key is missing or wrong."},
    413: {"model": ErrorOut, "description": "The body is too large."},
    415: {"model": ErrorOut, "description": "The body is not sent as application/json."},
    422: {"model": ErrorOut, "description": "A field is missing, unknown, too long or not valid text."},
}

router = APIRouter(prefix="/v1", tags=["score"], dependencies=KeyDeclared, responses=_ERRORS)


@router.post("/score", response_model=VerdictOut)
def score(comment: CommentIn, moderator: CurrentModerator) -> Response:
    """Judge one comment: a decision, the rules of the blog that fired, and the words that weighed."""
    return _json(to_record(moderator.score([comment.to_comment()])[0]))


@router.post("/score/batch", response_model=BatchOut)
def score_batch(batch: BatchIn, moderator: CurrentModerator) -> Response:
    """Judge up to 1,000 comments; a `parent` may be the id of another one of the batch."""
    verdicts = moderator.score([comment.to_comment() for comment in batch.comments])
    return _json({"verdicts": [to_record(verdict) for verdict in verdicts]})


def _json(answer: dict[str, Any]) -> Response:
    """An answer, made where it was judged: FastAPI would check each field of what is ours in yet another thread.

    tests/integration/test_api_contract.py holds answers to their models.
    """
    return Response(to_json(answer), media_type="application/json")
