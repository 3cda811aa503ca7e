"""`routelab serve`: the shim."""

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from routelab.cli.common import ConfigOption
from routelab.config import configured
from routelab.errors import UserError
from routelab.settings import Settings

_APP = "routelab_serve.app:app_from_environment"


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; default from the configuration.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; default from the configuration.")] = None,
    config: ConfigOption = None,
) -> None:
    """Answer `POST /decide` from the published table.

    Example: `routelab serve --port 8800`
    """
    settings = Settings()
    settled = configured(settings, config)
    import uvicorn

    # The server builds the application by itself, from the environment.
    os.environ["ROUTELAB_CONFIG"] = str(Path(config or settings.config).resolve())
    address = (host or settled.serve.host, settled.serve.port if port is None else port)
    _check_free(*address)
    keys = "" if settings.keys() else "; ROUTELAB_DECIDE_KEYS is not set, so it answers everyone"
    typer.echo(f"shim at http://{address[0]}:{address[1]}{keys}", err=True)
    uvicorn.run(_APP, factory=True, host=address[0], port=address[1], log_level="warning", access_log=False)


def _check_free(host: str, port: int) -> None:
    """Raise UserError when the address cannot be had; the server itself would only log it."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        raise UserError(f"cannot listen on {host}:{port}: {error.strerror}") from error
