"""What routes depend on."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer

from moderation import Moderator


async def _moderator(request: Request) -> Moderator:
    # Not a plain function: that would be sent to another thread, which costs more than all it does.
    moderator: Moderator = request.app.state.moderator
    return moderator


CurrentModerator = Annotated[Moderator, Depends(_moderator)]
KeyDeclared = [Security(HTTPBearer(auto_error=False)), Security(APIKeyHeader(name="X-API-Key", auto_error=False))]
"""Tells the OpenAPI document how to send the key; `guards.KeyGuard` checks it, before a body is read."""
