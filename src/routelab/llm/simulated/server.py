"""Running the simulated endpoint on a socket."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from litestar import Litestar

from routelab.errors import UserError


class RunningServer:
    """A server that accepts calls; `url` is the API's base, for example `http://127.0.0.1:8808/v1`."""

    def __init__(self, url: str, task: asyncio.Task[None]) -> None:
        self.url = url
        self._task = task

    async def wait(self) -> None:
        """Return when the server was told to stop, by a signal for example."""
        await asyncio.shield(self._task)


@asynccontextmanager
async def running(app: Litestar, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[RunningServer]:
    """Serve the application while the block runs; port 0 takes a free one.

    Raises UserError when the address cannot be had.
    """
    try:
        listener = socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise UserError(f"cannot listen on {host}:{port}: {error.strerror}") from error
    # asyncio does so only for sockets it made itself; without, each call takes 40 ms longer.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[listener]))  # until it accepts, calls queue
    try:
        yield RunningServer(f"http://{host}:{listener.getsockname()[1]}/v1", task)
    finally:
        server.should_exit = True
        await task
