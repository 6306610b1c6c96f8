"""`GET /healthz` (the process lives) and `GET /readyz` (it can judge)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.errors import answer
from api.schemas import ErrorOut, StatusOut

router = APIRouter(tags=["health"])


@router.get("/healthz", response_model=StatusOut)
async def healthz() -> dict[str, str]:
    """Answers as long as the process lives."""
    return {"status": "alive"}


@router.get("/readyz", response_model=StatusOut, responses={503: {"model": ErrorOut, "description": "Not ready."}})
async def readyz(request: Request) -> JSONResponse:
    """Answers 200 once model and policy are loaded, 503 before and while shutting down."""
    if getattr(request.app.state, "ready", False):
        return JSONResponse({"status": "ready"})
    return answer(503, "model and policy are not loaded")
