"""Whole runs in containers of the private Docker engine."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.docker.engine import PrivateEngine
from tests.integration.bench import golden
from tests.integration.loopback import Endpoint, serving

from routelab.config import Config, load_config
from routelab.llm.simulated.app import create_app
from routelab.store import Store, open_store

Configure = Callable[..., Config]


@pytest.fixture(autouse=True)
def nothing_is_left(engine: PrivateEngine) -> Iterator[None]:
    """Every test leaves the engine as it found it."""
    yield
    assert engine.listed("ps", "-aq") == []
    assert engine.listed("volume", "ls", "-q") == []


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of whoever runs the tests gets in."""
    for name in ("CONFIG", "STORE_URL", "ENDPOINT_URL", "API_KEY", "DECIDE_KEYS"):
        monkeypatch.delenv(f"ROUTELAB_{name}", raising=False)


@pytest.fixture
def endpoint(project: Path) -> Iterator[Endpoint]:
    """A simulated endpoint on the small golden set; `script` interferes."""
    with serving(
        Endpoint(behind=create_app(golden.world(project / "datasets"), golden.cast(), time_scale=0))
    ) as served:
        yield served


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a small golden dataset and nothing else."""
    folder = tmp_path / "project"
    golden.write(folder / "datasets")
    return folder


@pytest.fixture
def configure(project: Path, stub_image: str) -> Configure:
    """Writes `routelab.toml` for stub agents in containers; keywords are whole sections."""

    def write(url: str, *, store: str | None = None, name: str = "routelab.toml", **sections: dict[str, Any]) -> Config:
        defaults: dict[str, dict[str, Any]] = {
            "endpoint": {"kind": "simulated", "base_url": url},
            "decider": {"dataset": "decider/v1", "candidates": ["sim/sure", "sim/wrong"], "agent": "stub"},
            "sandbox": {"memory_mb": 256, "disk_mb": 64, "cpus": 1.0},
            "limits": {"max_concurrency": 4},
        }
        if store is not None:
            defaults["store"] = {"url": store}
        lines = []
        for section in {**defaults, **sections}:
            lines.append(f"[{section}]")
            values = {**defaults.get(section, {}), **sections.get(section, {})}
            lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
        file = project / name
        file.write_text("\n".join(lines) + "\n")
        return load_config(file)

    return write


@pytest.fixture
def store(project: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{project / '.routelab/routelab.db'}")
    yield opened
    opened.close()


@pytest.fixture
def command(project: Path, engine: PrivateEngine) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts `routelab …` in the project; whatever still runs at the end is ended."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "routelab", *arguments],
            cwd=project,
            env={**os.environ, "DOCKER_HOST": engine.url},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
