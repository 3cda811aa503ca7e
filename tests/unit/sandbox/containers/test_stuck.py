"""Containers that can be neither started again nor removed, on a server that answers as Docker's engine does."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from routelab.errors import SandboxError
from routelab.sandbox.containers import ContainerLimits, ContainerSandbox, Engine, Labels, Slots

LABELS = Labels(run_id="run-1", lane="lane-1")


class _StuckEngine(BaseHTTPRequestHandler):
    """An engine with the containers of `live` by id, with their labels; those in `stuck` do as they please."""

    live: dict[str, dict[str, str]]
    stuck: set[str]
    made: int

    def do_GET(self) -> None:
        if self.path.endswith("/version"):
            self.answer(200, {"ApiVersion": "1.41"})
        elif self.path.endswith("/_ping"):
            self.answer(200, b"OK")
        elif re.search(r"/containers/[\w-]+/json", self.path):
            self.answer(200, {"State": {"Running": True}})
        elif self.path.endswith("/top"):
            time.sleep(1)
            self.answer(200, {})
        else:
            listed = [{"Id": key, "State": "running", "Labels": labels} for key, labels in dict(self.live).items()]
            self.answer(200, listed)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "/containers/create" in self.path:
            type(self).made += 1
            self.live[f"made-{self.made}"] = json.loads(body)["Labels"]
            self.answer(201, {"Id": f"made-{self.made}"})
        elif self.path.endswith("/start"):
            self.answer(204)
        elif "/restart" in self.path:
            self.answer(500, {"message": "tried to kill container, but did not receive an exit event"})
        else:
            self.answer(500, {"message": "nothing is executed here"})

    def do_DELETE(self) -> None:
        found = re.search(r"/containers/([\w-]+)", self.path)
        assert found
        if found[1] in self.stuck:
            self.answer(500, {"message": "could not kill container"})
        else:
            self.answer(204 if self.live.pop(found[1], None) else 404, {"message": "no such container"})

    def answer(self, status: int, found: object = None) -> None:
        raw = found if isinstance(found, bytes) else b"" if status == 204 else json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _serving(handler: type[_StuckEngine]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"tcp://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[type[_StuckEngine]]:
    """The engine that the environment names."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("routelab.sandbox.containers.container._PREPARE_S", 0.3)
    handler: type[_StuckEngine] = type("Handler", (_StuckEngine,), {"live": {}, "stuck": set(), "made": 0})
    with _serving(handler) as url:
        monkeypatch.setenv("DOCKER_HOST", url)
        yield handler


def place(engine: Engine, cap: int, labels: Labels = LABELS) -> ContainerSandbox:
    return ContainerSandbox(
        engine, Slots(engine, cap), image="stub:1", labels=labels, limits=ContainerLimits(), proxy_folder=Path("/x")
    )


async def begin(sandbox: ContainerSandbox) -> None:
    """Up to where something would be executed."""
    with pytest.raises(SandboxError, match="nothing is executed here"):
        await sandbox.start()


async def renew(sandbox: ContainerSandbox) -> None:
    with pytest.raises(SandboxError, match="nothing is executed here"):
        await sandbox.reset(None)


async def test_without_room_beside_a_stuck_container_the_lane_ends(there: type[_StuckEngine]) -> None:
    async with Engine() as engine:
        sandbox = place(engine, 1)
        await begin(sandbox)
        there.stuck.add("made-1")
        for _ in range(2):
            with pytest.raises(SandboxError, match="no room for a container") as refused:
                await sandbox.reset(None)
            assert refused.value.kind == "no_room"
        assert list(there.live) == ["made-1"]
        there.stuck.clear()
        await renew(sandbox)
        assert list(there.live) == ["made-2"], "what could not be removed is removed as soon as it can be"


async def test_with_room_beside_a_stuck_container_the_lane_goes_on(there: type[_StuckEngine]) -> None:
    async with Engine() as engine:
        sandbox = place(engine, 2)
        await begin(sandbox)
        there.stuck.add("made-1")
        await renew(sandbox)
        assert sandbox.container == "made-2"
        there.stuck.clear()
        await renew(sandbox)
        assert list(there.live) == ["made-3"]


async def test_a_container_that_was_made_too_late_makes_room(there: type[_StuckEngine]) -> None:
    others = {
        "others": Labels(run_id="run-1", lane="lane-2").written(),
        "earlier": Labels(run_id="run-0", lane="lane-1").written(),
        "elsewhere": {**LABELS.written(), "routelab.host": "elsewhere"},
    }
    there.live.update({"late": LABELS.written(), **others})
    async with Engine() as engine:
        await begin(place(engine, 4))
    assert set(there.live) == {*others, "made-1"}


@pytest.mark.parametrize(("sdk_s", "ours_s"), [(10, 0.1), (0.1, 10)])
async def test_one_call_that_hangs_is_no_engine_that_is_down(
    there: type[_StuckEngine], sdk_s: float, ours_s: float
) -> None:
    async with Engine() as engine:
        engine.client.api.timeout = sdk_s
        with pytest.raises(SandboxError, match="the engine d") as hanging:
            await engine.call(engine.client.api.top, "made-1", timeout_s=ours_s)
    assert hanging.value.kind == "sandbox"
