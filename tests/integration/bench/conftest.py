"""A project folder with golden cases, a simulated endpoint on loopback, and benches over both."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.integration.bench import golden
from tests.integration.loopback import Endpoint, serving

from routelab.bench import Bench
from routelab.config import Config, load_config
from routelab.llm.simulated.app import create_app
from routelab.settings import Settings
from routelab.store import Store, open_store

Configure = Callable[..., Config]


@pytest.fixture(scope="session")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden datasets; do not change them."""
    return golden.write(tmp_path_factory.mktemp("golden") / "datasets")


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store file without content, to be copied."""
    file = tmp_path_factory.mktemp("store") / "empty.db"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def endpoint(datasets: Path) -> Iterator[Endpoint]:
    """A simulated endpoint that answers at once; `script` interferes."""
    app = create_app(golden.world(datasets), golden.cast(), time_scale=0)
    with serving(Endpoint(behind=app)) as served:
        yield served


@pytest.fixture
def real_endpoint() -> Iterator[Endpoint]:
    """An endpoint that does not say it is simulated."""
    with serving(Endpoint()) as served:
        yield served


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of whoever runs the tests gets in."""
    for name in ("CONFIG", "STORE_URL", "ENDPOINT_URL", "API_KEY", "DECIDE_KEYS"):
        monkeypatch.delenv(f"ROUTELAB_{name}", raising=False)


@pytest.fixture
def project(tmp_path: Path, datasets: Path, empty_store: Path) -> Path:
    """A folder of its own for one test, with datasets it may change and an empty store."""
    folder = tmp_path / "project"
    shutil.copytree(datasets, folder / "datasets")
    (folder / ".routelab").mkdir()
    shutil.copy(empty_store, folder / ".routelab/routelab.db")
    return folder


@pytest.fixture
def store(project: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{project / '.routelab/routelab.db'}")
    yield opened
    opened.close()


@pytest.fixture
def configure(project: Path) -> Configure:
    """Writes `routelab.toml` for an endpoint and reads it back; keywords are whole sections."""

    def write(served: Endpoint, **sections: dict[str, Any]) -> Config:
        simulated = served.behind is not None
        candidates = ["sim/sure", "sim/wrong"] if simulated else ["real/one"]
        defaults: dict[str, dict[str, Any]] = {
            "endpoint": {"kind": "simulated" if simulated else "openai", "base_url": served.url},
            "classifier": {"dataset": "classifier/v1", "candidates": candidates},
            "decider": {"dataset": "decider/v1", "candidates": candidates, "agent": "direct"},
            "sandbox": {"kind": "process", "allow_real_models": not simulated},
            "limits": {"max_concurrency": 4, "infrastructure_attempts": 2},
            "serve": {"sources": ["benchmark", "simulated"]},
        }
        lines = []
        for name in {**defaults, **sections}:
            lines.append(f"[{name}]")
            values = {**defaults.get(name, {}), **sections.get(name, {})}
            lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
        file = project / "routelab.toml"
        file.write_text("\n".join(lines) + "\n")
        return load_config(file)

    return write


@pytest.fixture
def bench(configure: Configure, endpoint: Endpoint, store: Store) -> Callable[..., Bench]:
    """A bench on the simulated endpoint; keywords are sections of the configuration."""

    def make(**sections: dict[str, Any]) -> Bench:
        return Bench(configure(endpoint, **sections), Settings(), store)

    return make


@pytest.fixture
def real_bench(configure: Configure, real_endpoint: Endpoint, store: Store) -> Callable[..., Bench]:
    """A bench on an endpoint that bills; keywords are sections of the configuration."""

    def make(**sections: dict[str, Any]) -> Bench:
        endpoint = {"billing_account": "team", "attempts": 1, **sections.pop("endpoint", {})}
        limits = {"max_cost_usd": 1.0, "max_concurrency": 2, **sections.pop("limits", {})}
        config = configure(real_endpoint, endpoint=endpoint, limits=limits, **sections)
        return Bench(config, Settings(), store)

    return make
