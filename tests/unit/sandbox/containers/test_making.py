"""What the engine is asked for when a container is made."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from routelab.sandbox.containers import ContainerLimits, ContainerSandbox, Engine, Labels, Slots

PROXIES = {"default": {"httpProxy": "http://me:secret@proxy:3128", "httpsProxy": "http://me:secret@proxy:3128"}}


class _Recording(BaseHTTPRequestHandler):
    """An engine that starts nothing and remembers what it was asked to make."""

    asked: list[dict[str, Any]]

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found: object = (
            [] if "/containers/json" in self.path else {"ApiVersion": "1.41", "Id": "0123456789abcdef", "message": "no"}
        )
        if "/containers/create" in self.path:
            self.asked.append(json.loads(body))
        raw = json.dumps(found).encode()
        self.send_response(500 if self.path.endswith("/start") else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[dict[str, Any]]]:
    """What the engine was asked to make, of a user whose Docker configuration names a proxy with a password."""
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker/config.json").write_text(json.dumps({"proxies": PROXIES}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.setenv("HTTP_PROXY", "http://me:secret@proxy:3128")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("ROUTELAB_API_KEY", "the-real-key")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    handler = type("Handler", (_Recording,), {"asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{server.server_port}")
        yield handler.asked  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


async def test_a_container_is_locked_in_and_is_told_no_secret(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    with closing(Engine()) as engine:
        sandbox = ContainerSandbox(
            engine,
            Slots(engine, 1),
            image="routelab/stub:1",
            labels=Labels(run_id="run-1", lane="lane-1"),
            limits=ContainerLimits(memory_mb=100, disk_mb=10, cpus=1.5, pids=50),
            proxy_folder=tmp_path,
        )
        with pytest.raises(Exception, match="the engine refused"):
            await sandbox.start()
    [made] = asked
    assert sorted(made["Env"]) == ["HOME=/lane/home", "PYTHONNOUSERSITE=1", "TMPDIR=/lane/tmp"]
    assert "secret" not in json.dumps(made)
    assert "the-real-key" not in json.dumps(made)
    host = made["HostConfig"]
    assert (host["NetworkMode"], host["ReadonlyRootfs"], host["CapDrop"]) == ("none", True, ["ALL"])
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert (host["Memory"], host["MemorySwap"], host["PidsLimit"]) == (100 << 20, 100 << 20, 50)
    assert host["NanoCpus"] == 1_500_000_000
    assert not host.get("Privileged")
    assert made["User"] == "1000:1000"
    [proxy] = [mount for mount in host["Mounts"] if mount["Type"] == "bind"]
    assert (proxy["Source"], proxy["ReadOnly"]) == (str(tmp_path), True)
    assert (made["Labels"]["routelab.run"], made["Labels"]["routelab.lane"]) == ("run-1", "lane-1")
