"""The sweep removes what dead processes left, and nothing else."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.docker.engine import PrivateEngine

from routelab.sandbox.containers import Engine, Labels, sweep

pytestmark = pytest.mark.docker
_LABELS = "from routelab.sandbox.containers import Labels; print(Labels(run_id='run', lane='lane').written())"


def labels_of_a_dead_process() -> dict[str, str]:
    answer = subprocess.run([sys.executable, "-c", _LABELS], capture_output=True, text=True, check=True)
    written: dict[str, str] = eval(answer.stdout)
    return written


def make(engine: PrivateEngine, image: str, name: str, labels: dict[str, str]) -> None:
    flags = [part for key, value in labels.items() for part in ("--label", f"{key}={value}")]
    engine.docker("volume", "create", *flags, f"{name}-volume")
    engine.docker("run", "-d", "--network", "none", *flags, "--name", name, "-v", f"{name}-volume:/x", image)


@pytest.fixture
def crowd(engine: PrivateEngine, stub_image: str) -> Iterator[dict[str, dict[str, str]]]:
    """Containers and volumes of a dead process, of this one, of another host, and of strangers."""
    dead = labels_of_a_dead_process()
    mine = Labels(run_id="live", lane="lane").written()
    crowd = {
        "dead": dead,
        "live": mine,
        "elsewhere": {**dead, "routelab.host": "another-host"},
        "reborn": {**mine, "routelab.process_start": "1"},
        "stranger": {"somebody": "else"},
        "impostor": {key: value for key, value in dead.items() if key != "routelab.project"},
    }
    for name, labels in crowd.items():
        make(engine, stub_image, name, labels)
    yield crowd
    for name in crowd:
        engine.docker("rm", "-f", name, check=False)
        engine.docker("volume", "rm", "-f", f"{name}-volume", check=False)


def left(engine: PrivateEngine) -> set[str]:
    return set(engine.listed("ps", "-a", "--format", "{{.Names}}"))


async def test_only_what_dead_processes_left_goes(engine: PrivateEngine, crowd: dict[str, dict[str, str]]) -> None:
    async with Engine() as connection:
        swept = await sweep(connection)
        assert (swept.containers, swept.volumes, swept.networks, swept.stuck) == (2, 2, 0, ())
        assert left(engine) == {"live", "elsewhere", "stranger", "impostor"}
        volumes = set(engine.listed("volume", "ls", "-q"))
        assert volumes == {f"{name}-volume" for name in ("live", "elsewhere", "stranger", "impostor")}
        again = await sweep(connection)
        assert (again.containers, again.volumes) == (0, 0)
        own = await sweep(connection, own_run="live")
        assert (own.containers, own.volumes) == (1, 1)
        assert left(engine) == {"elsewhere", "stranger", "impostor"}


def test_the_command_says_what_it_removed(engine: PrivateEngine, crowd: dict[str, dict[str, str]]) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "routelab", "sandbox", "sweep"], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert "2 containers, 2 volumes, 0 networks removed" in answer.stdout


def test_without_an_engine_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    answer = subprocess.run(
        [sys.executable, "-m", "routelab", "sandbox", "sweep"], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("routelab: no Docker engine answers")
    assert len(answer.stderr.splitlines()) == 1
