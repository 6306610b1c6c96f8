"""What stands in front of every route: size of the body, where the connection arrives, whom it asks, what is logged."""

from __future__ import annotations

import hmac
import logging
import re
import time
from collections.abc import Collection, Iterable

from fastapi.responses import JSONResponse
from pydantic import SecretStr
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer
from api.settings import is_loopback

MAX_BODY_BYTES = 32 * 2**20
"""A batch of 1,000 comments of 20,000 bytes with room for articles; more belongs into the command."""

_MAX_DIGITS = 18
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\[\]:@/?#]+)(?::\d*)?", re.IGNORECASE)

_log = logging.getLogger("api")


class BodyLimit:
    """Answers 413 to a body over the limit without reading more of it."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY_BYTES) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        # Python refuses to read a number of thousands of digits.
        if declared.isdigit() and (len(declared) > _MAX_DIGITS or int(declared) > self._limit):
            await self._refusal()(scope, receive, send)
            return
        parts: list[bytes] = []
        size = 0
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            more = message.get("more_body", False)
            if size > self._limit:
                await self._refusal()(scope, receive, send)
                return
        body = b"".join(parts)
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)

    def _refusal(self) -> JSONResponse:
        return answer(413, f"the body is over {self._limit:,} bytes", "body", self._limit)


class LocalOnly:
    """Answers only connections that arrive on the loopback interface, however the service was started."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        server = scope.get("server")
        arrived = server[0] if server and server[1] is not None else "localhost"
        if scope["type"] == "http" and not is_loopback(arrived):
            refusal = answer(403, "without MODERATION_API_KEY only connections on loopback are answered")
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


class KnownHosts:
    """Answers only requests that ask for a loopback name or an allowed one.

    A web page elsewhere must not reach a service without a key through the owner's browser (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        self._app = app
        self._names = {name.lower() for name in (*_LOOPBACK_NAMES, *allowed)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = _HOST.fullmatch(Headers(scope=scope).get("host", "")) if scope["type"] == "http" else None
        if scope["type"] == "http" and (host is None or host[1].lower() not in self._names):
            refusal = answer(400, "the host header names a host that is not in MODERATION_ALLOWED_HOSTS", "host")
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


class KeyGuard:
    """Answers 401 to a call of `/v1` without the API key, before anything of its body is read."""

    def __init__(self, app: ASGIApp, key: SecretStr) -> None:
        self._app = app
        self._key = key.get_secret_value().encode("utf-8")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/v1") and not self._has_key(dict(scope["headers"])):
            refusal = answer(
                401, "api key missing or wrong: send it as 'authorization: bearer key' or 'x-api-key: key'"
            )
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _has_key(self, headers: dict[bytes, bytes]) -> bool:
        scheme, _, bearer = headers.get(b"authorization", b"").partition(b" ")
        given = bearer.strip() if scheme.lower() == b"bearer" else headers.get(b"x-api-key", b"")
        return hmac.compare_digest(given, self._key)


class RequestLog:
    """Logs method, path, status and time of each request; never a query, a body, a header or a path of its own making."""

    def __init__(self, app: ASGIApp, paths: Collection[str]) -> None:
        self._app = app
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            route = scope["path"] if scope["path"] in self._paths else "unknown"
            milliseconds = round(1000 * (time.perf_counter() - started), 1)
            fields = {"method": scope["method"], "route": route, "status": status, "ms": milliseconds}
            _log.info("request", extra={"fields": fields})
