"""What routes depend on."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from api.settings import Settings
from moderation import Moderator

_bearer = HTTPBearer(auto_error=False)
_header = APIKeyHeader(name="X-API-Key", auto_error=False)


def _moderator(request: Request) -> Moderator:
    moderator: Moderator = request.app.state.moderator
    return moderator


def _check_key(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    header: Annotated[str | None, Depends(_header)],
) -> None:
    settings: Settings = request.app.state.settings
    if settings.api_key is None:
        return
    given = bearer.credentials if bearer else header or ""
    # As bytes: compare_digest takes text only when it is ASCII, and headers are decoded as Latin-1 whatever was sent.
    if not hmac.compare_digest(given.encode("latin-1"), settings.api_key.get_secret_value().encode("utf-8")):
        raise HTTPException(401, "api key missing or wrong: send it as 'authorization: bearer key' or 'x-api-key: key'")


CurrentModerator = Annotated[Moderator, Depends(_moderator)]
KeyChecked = Depends(_check_key)
