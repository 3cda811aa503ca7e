"""The cap on live containers, with a server that lists them as Docker's engine does."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from routelab.errors import SandboxError
from routelab.sandbox.containers import Engine, Slots


class _Listing(BaseHTTPRequestHandler):
    """An engine with the containers of `live`, by id."""

    live: dict[str, str]

    def do_GET(self) -> None:
        version = self.path.endswith("/version")
        listed = [{"Id": key, "State": state} for key, state in dict(self.live).items()]
        raw = json.dumps({"ApiVersion": "1.41"} if version else listed).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The containers of the engine that the environment names."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    handler = type("Handler", (_Listing,), {"live": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{server.server_port}")
        yield handler.live  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


async def test_starters_of_two_processes_never_pass_the_cap(live: dict[str, str]) -> None:
    most = 0

    async def come_and_go(slots: Slots, name: str) -> None:
        nonlocal most
        async with slots.one():
            await asyncio.sleep(0.01)  # making it takes a while
            live[name] = "running"
            most = max(most, len(live))
        await asyncio.sleep(0.03)
        del live[name]

    async with Engine() as one, Engine() as two:
        slots = [Slots(one, 2), Slots(two, 2)]
        await asyncio.gather(*(come_and_go(slots[number % 2], str(number)) for number in range(10)))
    assert most == 2


async def test_only_what_lives_counts(live: dict[str, str]) -> None:
    live.update(a="exited", b="dead", c="removing", d="created", e="running", f="paused", g="restarting")
    async with Engine() as engine:
        slots = Slots(engine, 5)
        assert await slots.live() == 4
        assert await slots.live(but="e") == 3
        async with slots.one(wait_s=5):
            pass


async def test_no_room_in_time_is_a_sandbox_error(live: dict[str, str]) -> None:
    live["other"] = "running"
    async with Engine() as engine:
        slots = Slots(engine, 1)
        with pytest.raises(SandboxError, match="no room for a container under the cap of 1") as refused:
            async with slots.one(wait_s=0.3):
                pass
        assert refused.value.kind == "no_room"
        live.clear()
        async with slots.one(wait_s=5):
            pass


async def test_what_is_started_again_does_not_wait_behind_who_waits_for_room(live: dict[str, str]) -> None:
    """Two processes at the cap would otherwise wait for each other for ever."""
    live.update(mine="running", others="running")
    async with Engine() as engine:
        slots = Slots(engine, 2)

        async def start() -> None:
            async with slots.one():
                pass

        waiting = asyncio.create_task(start())
        await asyncio.sleep(0.2)
        async with slots.one(instead_of="mine", wait_s=3):
            assert not waiting.done()
        del live["others"]
        await asyncio.wait_for(waiting, 5)


async def test_a_wait_behind_another_in_line_ends_in_time_too(live: dict[str, str]) -> None:
    live["other"] = "running"
    async with Engine() as engine:
        slots = Slots(engine, 1)

        async def start() -> None:
            async with slots.one():
                pass

        waiting = asyncio.create_task(start())
        await asyncio.sleep(0.1)
        with pytest.raises(SandboxError, match="no room"):
            async with slots.one(wait_s=0.3):
                pass
        waiting.cancel()


async def test_a_start_that_fails_lets_the_next_one_in(live: dict[str, str]) -> None:
    async with Engine() as engine:
        slots = Slots(engine, 1)
        with pytest.raises(ZeroDivisionError):
            async with slots.one():
                raise ZeroDivisionError
        async with slots.one(wait_s=5):
            pass


async def test_a_long_wait_is_told_once(live: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routelab.sandbox.containers.slots._TELL_S", 0.2)
    live["other"] = "running"
    async with Engine() as engine:
        with capture_logs() as logs, pytest.raises(SandboxError, match="no room"):
            async with Slots(engine, 1).one(wait_s=0.8):
                pass
    assert [(entry["event"], entry["live"], entry["cap"]) for entry in logs] == [
        ("waiting for room for a container on the engine", 1, 1)
    ]
