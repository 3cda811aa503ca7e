"""Other `routelab` processes that a command starts and ends."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from msgspec import Struct

from routelab.errors import RoutelabError

_READY_S = 30.0
_STOP_S = 10.0


class Child(Struct, frozen=True):
    """A process that is ready; `address` is where it answers."""

    address: str


@contextmanager
def started(*arguments: str, log: Path, ready: str | None = None, health: str | None = None) -> Iterator[Child]:
    """Run `routelab ARGUMENTS` while the block runs; its standard error goes to the file `log`.

    It is ready when it prints a line that begins with `ready`, whose rest is its address, or when
    `health`, its address, answers at `/health`. Raises RoutelabError when it does not get ready.
    """
    command = [sys.executable, "-m", "routelab", *arguments]
    with log.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    name = f"`routelab {arguments[0]}` (its words are in {log})"
    try:
        yield Child(_printed(process, name, ready) if ready is not None else _healthy(process, name, health or ""))
    finally:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def free_port() -> int:
    """A port of the loopback address that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _printed(process: "subprocess.Popen[str]", name: str, ready: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(ready):
            return line.removeprefix(ready).strip()
    raise RoutelabError(f"{name} ended before it was ready (exit code {process.wait()})")


def _healthy(process: "subprocess.Popen[str]", name: str, address: str) -> str:
    until = time.monotonic() + _READY_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RoutelabError(f"{name} ended before it was ready (exit code {process.returncode})")
        try:
            if httpx.get(f"{address}/health", timeout=2).is_success:
                return address
        except httpx.TransportError:
            time.sleep(0.1)
    raise RoutelabError(f"{name} was not ready within {_READY_S:g} s")
