"""`routelab serve`: the shim."""

import os
import signal
import socket
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from routelab.cli.common import ConfigOption
from routelab.config import configured
from routelab.errors import UserError
from routelab.settings import Settings

_APP = "routelab_serve.app:app_from_environment"
_PROTOCOL = "routelab_serve.connections:BoundedProtocol"
_PATIENCE_S = 5
"""How long requests that are under way may still take when the shim is told to end."""
_KEPT_ALIVE_S = 75
"""How long an idle connection stays open. Load balancers keep theirs for 60 s, and whoever closes first
must not be the shim: a request that crosses its closing is lost.
"""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; default from the configuration.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; default from the configuration.")] = None,
    config: ConfigOption = None,
) -> None:
    """Answer `POST /decide` from the published table.

    Example: `routelab serve --port 8800`
    """
    settings = Settings()
    settings.check_keys()
    settled = configured(settings, config)
    import uvicorn

    # The server builds the application by itself, from the environment.
    os.environ["ROUTELAB_CONFIG"] = str(Path(config or settings.config).resolve())
    address = (host or settled.serve.host, settled.serve.port if port is None else port)
    _check_free(*address)
    served = uvicorn.Config(
        _APP,
        factory=True,
        http=_PROTOCOL,
        host=address[0],
        port=address[1],
        log_level="warning",
        access_log=False,
        ws="none",
        proxy_headers=False,  # nobody looks at where a request came from
        timeout_graceful_shutdown=_PATIENCE_S,
        timeout_keep_alive=_KEPT_ALIVE_S,
    )
    # The server lets the process end as the signal would have it: told to end, a shim ends well.
    signal.signal(signal.SIGTERM, _end)
    served.load()
    keys = "" if settings.keys() else "; ROUTELAB_DECIDE_KEYS is not set, so it answers everyone"
    typer.echo(f"shim at http://{_shown(*address)}{keys}", err=True)
    with suppress(KeyboardInterrupt):
        server = uvicorn.Server(served)
        server.run()
        if not server.started:
            raise SystemExit(1)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _shown(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _check_free(host: str, port: int) -> None:
    """Raise UserError when the address cannot be had; the server itself would only log it."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                tried.bind(address)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no name of a host"
        raise UserError(f"cannot listen on {_shown(host, port)}: {reason}") from error
