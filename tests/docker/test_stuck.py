"""A container that hangs alone, since the process that watches over it does: neither restart nor removal helps."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.docker.engine import PrivateEngine

from routelab.config import EndpointConfig
from routelab.errors import SandboxError
from routelab.llm.proxy import Proxy, serving
from routelab.sandbox import Launch
from routelab.sandbox.containers import (
    PROXY_SOCKET,
    ContainerLimits,
    ContainerSandbox,
    Engine,
    Labels,
    Slots,
    sweep,
)

pytestmark = pytest.mark.docker


@pytest.fixture
async def connection(stub_image: str) -> AsyncIterator[Engine]:
    async with Engine() as engine:
        yield engine
        await sweep(engine, own_run="stuck")


@pytest.fixture
async def proxy_folder(tmp_path: Path) -> AsyncIterator[Path]:
    folder = tmp_path / "proxy"
    async with Proxy(EndpointConfig()) as proxy, serving(proxy, folder / PROXY_SOCKET):
        yield folder


def lane(engine: Engine, image: str, folder: Path, *, cap: int) -> ContainerSandbox:
    return ContainerSandbox(
        engine,
        Slots(engine, cap),
        image=image,
        labels=Labels(run_id="stuck", lane="lane"),
        limits=ContainerLimits(memory_mb=256, disk_mb=64, cpus=1.0),
        proxy_folder=folder,
    )


@contextmanager
def hanging(container: str | None) -> Iterator[None]:
    """The container's shim, through which the engine does everything with it, stands still."""
    assert container is not None
    [shim] = [
        int(entry.name)
        for entry in Path("/proc").glob("[0-9]*")
        if _is_shim_of((entry / "cmdline").read_bytes() if (entry / "cmdline").exists() else b"", container)
    ]
    os.kill(shim, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(shim, signal.SIGCONT)


def _is_shim_of(command: bytes, container: str) -> bool:
    return b"containerd-shim" in command.split(b"\0")[0] and container.encode() in command


async def spend(sandbox: ContainerSandbox) -> None:
    """Let the container need a restart before the next case."""
    ended = await sandbox.launch(Launch(command="kill -9 $(ps -o ppid= -p $PPID)", env={}, stdin=b"", timeout_s=10))
    assert ended.exit_code == 137
    assert sandbox._spent


async def test_a_lane_goes_on_beside_its_stuck_container(
    connection: Engine, stub_image: str, proxy_folder: Path, engine: PrivateEngine
) -> None:
    sandbox = lane(connection, stub_image, proxy_folder, cap=2)
    await sandbox.start()
    stuck = sandbox.container
    await spend(sandbox)
    with hanging(stuck):
        await sandbox.reset(None)
        assert sandbox.container not in (None, stuck)
        assert (await sandbox.run("echo alive", timeout_s=10)).output == "alive\n"
        assert len(engine.listed("ps", "-q")) == 2
    await sandbox.close()


async def test_a_lane_without_room_beside_its_stuck_container_ends(
    connection: Engine,
    stub_image: str,
    proxy_folder: Path,
    engine: PrivateEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sandbox = lane(connection, stub_image, proxy_folder, cap=1)
    await sandbox.start()
    monkeypatch.setattr("routelab.sandbox.containers.container._PREPARE_S", 2.0)
    stuck = sandbox.container
    await spend(sandbox)
    with hanging(stuck):
        with pytest.raises(SandboxError, match="no room for a container under the cap of 1") as refused:
            await sandbox.reset(None)
        assert refused.value.kind == "no_room"
    monkeypatch.undo()
    again = lane(connection, stub_image, proxy_folder, cap=1)
    await again.start()  # what was left makes room as soon as it can be removed
    assert (await again.run("echo alive", timeout_s=10)).output == "alive\n"
    await again.close()
