"""The first process of an agent's container: the only way out, and the reaper of orphans.

The container has no network. What its agent sends to 127.0.0.1:8790 is carried to the Unix socket
of the proxy on the host. Runs with nothing but the standard library.
"""

import asyncio
import ctypes
import os
import signal
import socket
import sys
import threading

ADDRESS = ("127.0.0.1", 8790)
PROXY = "/run/routelab/proxy.sock"
_BACKLOG = 512
_CHUNK = 65_536
_PR_SET_DUMPABLE = 4


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


async def _forward(near_reader: asyncio.StreamReader, near: asyncio.StreamWriter, proxy: str) -> None:
    far: asyncio.StreamWriter | None = None
    try:
        far_reader, far = await asyncio.open_unix_connection(proxy, limit=_CHUNK)
        async with asyncio.TaskGroup() as both:
            both.create_task(_pump(near_reader, far))
            both.create_task(_pump(far_reader, near))
    except* OSError:
        pass  # one side went away, or the proxy is not there: this connection ends, nothing else
    finally:
        near.close()
        if far is not None:
            far.close()


async def serve(listener: socket.socket, proxy: str) -> None:
    """Carry every connection of the listening socket to the Unix socket `proxy`, for ever."""
    # Standard error is a log file on the host without a limit, and an agent could make it grow.
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    server = await asyncio.start_server(
        lambda reader, writer: _forward(reader, writer, proxy), sock=listener, backlog=_BACKLOG, limit=_CHUNK
    )
    await server.serve_forever()


def end_on_sigterm() -> None:
    """End at once on a SIGTERM from outside the container; the agent's own signals change nothing.

    The agent runs as the same user. The kernel spares a container's first process every signal sent
    from inside that it does not handle, so SIGTERM stays blocked and is looked at before it counts:
    a sender outside this process namespace has no id in it.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})

    def watch() -> None:
        while signal.sigwaitinfo({signal.SIGTERM}).si_pid != 0:
            pass
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def main() -> None:
    """Serve until SIGTERM."""
    with socket.create_server(ADDRESS, backlog=_BACKLOG) as listener:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps what is orphaned
        end_on_sigterm()
        if ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            sys.exit("forward: cannot be made undumpable")
        asyncio.run(serve(listener, PROXY))


if __name__ == "__main__":
    main()
