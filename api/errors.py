"""Every error answer: `{"error": {"message", "field", "limit"}}`. Nothing a client sent is repeated in it."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

_KEY_LENGTH = 40
_NOT_JSON = "the body is not JSON in UTF-8 that can be read"
_EXPECTED = {
    "missing": "is missing",
    "model_attributes_type": "has the wrong type, expected an object",
    "list_type": "has the wrong type, expected an array",
    "string_type": "has the wrong type, expected a string",
    "bool_type": "has the wrong type, expected true, false or null",
    "string_unicode": "contains a lone surrogate, expected valid Unicode",
}
"""Kinds of pydantic's errors whose own words speak of Python rather than of JSON."""


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
        return answer(400, _NOT_JSON, "body")
    if kind == "model_attributes_type" and isinstance(first["input"], bytes):
        return answer(415, "the body is not sent as JSON, expected content-type: application/json", "content-type")
    if kind == "extra_forbidden":
        return answer(422, f"unknown field: expected only the fields of the comment record, at {field}", field)
    context: dict[str, Any] = first.get("ctx") or {}
    limit = context.get("limit", context.get("max_length", context.get("min_length")))
    if kind in ("too_long", "too_short"):
        bound = "at most" if kind == "too_long" else "at least"
        return answer(422, f"{field}: has {context['actual_length']:,} items, expected {bound} {limit:,}", field, limit)
    message = context.get("reason") or _EXPECTED.get(kind) or first["msg"].lower()
    return answer(422, f"{field}: {message}", field, limit)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:
        # The one thing the routes answer 400 to: a body in another encoding, nested too deep, or with endless numbers.
        return answer(400, _NOT_JSON, "body")
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
