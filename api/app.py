"""The application: `create_app()`, for `moderation serve` and any ASGI server (`uvicorn api.app:create_app --factory`)."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from anyio import to_thread
from fastapi import FastAPI

from api import errors, logs
from api.guards import BodyLimit, KeyGuard, KnownHosts, LocalOnly, RequestLog
from api.routes import about, health, pages, score
from api.settings import Settings
from moderation import Moderator, load_moderator


def create_app(settings: Settings | None = None, moderator: Moderator | None = None) -> FastAPI:
    """Return the application; without a moderator it loads the model and the policy that the settings name.

    Raises:
        SettingsError: a setting is wrong, or it could be reached from other machines without a key.
        ModerationError: the model or the policy cannot be loaded.
    """
    settings = settings or Settings.from_environment()
    settings.check()
    logs.configure()
    app = FastAPI(
        title="moderation",
        version=version("moderation"),
        summary="A comment goes in, a verdict that quotes the blog's own rule comes out.",
        lifespan=_lifespan,
    )
    app.state.settings = settings
    # Here and not in the lifespan: a model that is refused ends the command with one line, not with a stack trace.
    app.state.moderator = moderator or load_moderator(settings.model, settings.policy)
    errors.install(app)
    for room in (score, about, health, pages):
        app.include_router(room.router)
    app.add_middleware(BodyLimit)
    if settings.api_key is None:
        app.add_middleware(KnownHosts, allowed=settings.allowed_hosts)
        app.add_middleware(LocalOnly)
    else:
        app.add_middleware(KeyGuard, key=settings.api_key)
    app.add_middleware(RequestLog, paths=set(app.openapi()["paths"]) | pages.PATHS)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    # Scoring keeps a core busy. More threads than cores take turns, many times a request, and all answer later.
    to_thread.current_default_thread_limiter().total_tokens = max(2, os.cpu_count() or 1)
    app.state.ready = True
    yield
    app.state.ready = False
