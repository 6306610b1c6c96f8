"""`GET /`: a page to try a comment on."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

router = APIRouter(include_in_schema=False)

PATHS = {"/", "/pages/try.js", "/pages/try.css"}
"""What the OpenAPI document leaves out."""

_PAGES = files("api") / "pages"
_HEADERS = {
    # The page runs only its own script and talks only to its own server.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


@router.get("/", response_class=HTMLResponse)
def try_it() -> HTMLResponse:
    """The page where one pastes a comment and its article and sees the verdict."""
    return HTMLResponse((_PAGES / "try.html").read_text(encoding="utf-8"), headers=_HEADERS)


@router.get("/pages/try.js")
def script() -> Response:
    """The script of the page."""
    return Response((_PAGES / "try.js").read_text(encoding="utf-8"), media_type="text/javascript", headers=_HEADERS)


@router.get("/pages/try.css")
def style() -> Response:
    """The style of the page."""
    return Response((_PAGES / "try.css").read_text(encoding="utf-8"), media_type="text/css", headers=_HEADERS)
