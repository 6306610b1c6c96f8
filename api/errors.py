"""Every error answer: `{"error": {"message", "field", "limit"}}`. Nothing a client sent is repeated in it."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

_KEY_LENGTH = 40


def answer(status: int, message: str, field: str | None = None, limit: int | None = None) -> JSONResponse:
    """Return an error answer."""
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    body = {"error": {"message": message, "field": field, "limit": limit}}
    return JSONResponse(body, status, headers)


def install(app: FastAPI) -> None:
    """Make the app answer every error in this shape."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    field = _field(first["loc"])
    kind = first["type"]
    if kind == "json_invalid":
        return answer(400, "the body is not valid JSON", "body")
    if kind == "extra_forbidden":
        return answer(422, f"unknown field: expected only the fields of the comment record, at {field}", field)
    context: dict[str, Any] = first.get("ctx") or {}
    limit = context.get("limit", context.get("max_length"))
    message = str(context["reason"]) if "reason" in context else first["msg"].lower()
    return answer(422, f"{field}: {message}", field, limit)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    messages = {404: "there is nothing at this path", 405: "this path does not answer that method"}
    response = answer(error.status_code, messages.get(error.status_code, str(error.detail).lower()))
    response.headers.update(error.headers or {})
    return response


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    return answer(500, "something went wrong on our side; the log says where")


def _field(location: tuple[int | str, ...]) -> str:
    """`("body", "comments", 3, "text")` -> `comments[3].text`; a name that a client made up is cut short."""
    path = ""
    for part in location[1:]:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            name = part.encode("ascii", "backslashreplace").decode("ascii")[:_KEY_LENGTH]
            path += f".{name}" if path else name
    return path or "body"
