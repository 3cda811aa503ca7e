"""Running the proxy where containers or local programs find it."""

import asyncio
import contextlib
import socket as sockets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn

from routelab.errors import UserError
from routelab.llm.proxy.app import Proxy

_BACKLOG = 512
_CLOSE_S = 1


class _Server(uvicorn.Server):
    """Leaves the process's signals to the run."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(proxy: Proxy, socket: Path | None = None) -> AsyncIterator[str]:
    """Serve while the block runs; gives the address.

    `socket` is where to make a Unix socket that every user may write to, in a folder (made where
    it is missing) that others can enter but not list; its address is the path. None: a free TCP
    port on loopback, and its address is `http://127.0.0.1:PORT`. Raises UserError when the address
    cannot be had.
    """
    where = socket or "a port of 127.0.0.1"
    try:
        listener = _listen_on_port() if socket is None else _listen_on_path(socket)
    except OSError as error:
        raise UserError(f"cannot listen on {where}: {error.strerror or error}") from error
    config = uvicorn.Config(
        proxy,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=_CLOSE_S,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))  # until it accepts, calls queue
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}" if socket is None else str(socket)
    finally:
        server.should_exit = True
        await task
        if socket is not None:
            _remove(socket)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _listen_on_port() -> sockets.socket:
    listener = sockets.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
    # asyncio does so only for sockets it made itself; without, each call takes 40 ms longer.
    listener.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)
    return listener


def _listen_on_path(path: Path) -> sockets.socket:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o711)
    if path.is_socket():
        _remove(path)  # of a process that was killed
    listener = sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM)
    try:
        listener.bind(str(path))
        path.chmod(0o666)
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
