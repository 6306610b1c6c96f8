"""`moderation serve`: the HTTP API."""

from __future__ import annotations

import os
import socket
from typing import Annotated

import typer

from moderation.errors import SettingsError
from moderation.model.store import SERVING


def serve(
    host: Annotated[
        str,
        typer.Option(help="Address to bind to; any but loopback needs MODERATION_API_KEY.", envvar="MODERATION_HOST"),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to bind to.", envvar="MODERATION_PORT")] = 8000,
    model: Annotated[str, typer.Option(help="Name or folder of the model.", envvar="MODERATION_MODEL")] = SERVING,
    policy: Annotated[
        str, typer.Option(help="Name of a shipped policy, or a TOML file.", envvar="MODERATION_POLICY")
    ] = "barnet-eye",
) -> None:
    """Serve the scoring API and the page to try it on.

    Example: moderation serve --port 8000 --policy open
    """
    import uvicorn  # only this command needs it

    _check_address(host, port)
    os.environ.update(MODERATION_HOST=host, MODERATION_PORT=str(port), MODERATION_MODEL=model, MODERATION_POLICY=policy)
    # By name: the library never imports the API.
    uvicorn.run(
        "api.app:create_app", factory=True, host=host, port=port, log_config=None, access_log=False, server_header=False
    )


def _check_address(host: str, port: int) -> None:
    """Fail before the model is read where the server could not listen: it would end in a log line and exit code 3."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SettingsError(
            f"cannot listen on {host}, port {port}: {reason}; choose others with --host and --port"
        ) from None
