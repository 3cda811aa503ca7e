"""`routelab serve`: the shim."""

import os
from pathlib import Path
from typing import Annotated

import typer

from routelab.cli.common import ConfigOption
from routelab.config import configured
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
    uvicorn.run(
        _APP,
        factory=True,
        host=host or settled.serve.host,
        port=settled.serve.port if port is None else port,
        log_level="warning",
        access_log=False,
    )
