"""`moderation serve`: the HTTP API."""

from __future__ import annotations

import os
from typing import Annotated

import typer


def serve(
    host: Annotated[
        str, typer.Option(help="Address to bind to; any but loopback needs MODERATION_API_KEY.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to bind to.")] = 8000,
    model: Annotated[str, typer.Option(help="Name or folder of the model.", envvar="MODERATION_MODEL")] = "default",
    policy: Annotated[
        str, typer.Option(help="Name of a shipped policy, or a TOML file.", envvar="MODERATION_POLICY")
    ] = "barnet-eye",
) -> None:
    """Serve the scoring API and the page to try it on.

    Example: moderation serve --port 8000 --policy open
    """
    import uvicorn  # only this command needs it

    os.environ.update(MODERATION_HOST=host, MODERATION_PORT=str(port), MODERATION_MODEL=model, MODERATION_POLICY=policy)
    # By name: the library never imports the API.
    uvicorn.run(
        "api.app:create_app", factory=True, host=host, port=port, log_config=None, access_log=False, server_header=False
    )
