import asyncio
import contextlib
import importlib.util
import socket
from pathlib import Path
from types import ModuleType
from typing import Any

from routelab.sandbox import recipe


def _load() -> ModuleType:
    path = recipe.IMAGES / "forward.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.asynccontextmanager
async def _forwarding(proxy: Path) -> Any:
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    serving = asyncio.create_task(_load().serve(listener, str(proxy)))
    try:
        yield listener.getsockname()
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


async def _upper(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers only when the other side has said all: a half-closed connection must stay open."""
    writer.write((await reader.read()).upper())
    await writer.drain()
    writer.close()


class TestForward:
    async def test_many_at_once_each_way_to_its_end(self, tmp_path: Path) -> None:
        async with (
            await asyncio.start_unix_server(_upper, tmp_path / "proxy.sock"),
            _forwarding(tmp_path / "proxy.sock") as address,
        ):

            async def talk(number: int) -> bytes:
                reader, writer = await asyncio.open_connection(*address)
                writer.write(b"abc%d" % number * 20_000)
                writer.write_eof()
                answer = await reader.read()
                writer.close()
                return answer

            answers = await asyncio.gather(*(talk(number) for number in range(50)))
        assert answers == [b"ABC%d" % number * 20_000 for number in range(50)]

    async def test_no_proxy_closes_the_connection_and_nothing_else(self, tmp_path: Path) -> None:
        async with _forwarding(tmp_path / "proxy.sock") as address:
            for _ in range(3):
                reader, writer = await asyncio.open_connection(*address)
                writer.write(b"hello")
                with contextlib.suppress(ConnectionError):
                    assert await asyncio.wait_for(reader.read(), 5) == b""
                writer.close()
            async with await asyncio.start_unix_server(_upper, tmp_path / "proxy.sock"):
                reader, writer = await asyncio.open_connection(*address)
                writer.write(b"now")
                writer.write_eof()
                assert await reader.read() == b"NOW"
                writer.close()

    async def test_a_side_that_breaks_off_ends_only_its_own_connection(self, tmp_path: Path) -> None:
        async with (
            await asyncio.start_unix_server(_upper, tmp_path / "proxy.sock"),
            _forwarding(tmp_path / "proxy.sock") as address,
        ):
            for _ in range(20):
                broken = socket.create_connection(address)
                broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                broken.send(b"x" * 1000)
                broken.close()
            reader, writer = await asyncio.open_connection(*address)
            writer.write(b"still here")
            writer.write_eof()
            assert await reader.read() == b"STILL HERE"
            writer.close()
