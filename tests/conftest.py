"""Services that tests need: absent ones skip with a reason, or fail where ROUTELAB_REQUIRE names them."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from tests.docker.engine import PrivateEngine, reason_against
from tests.services import find_chromium, find_postgres, find_redis

_REASONS = {
    "docker": reason_against,
    "postgres": lambda: None if find_postgres() else "no PostgreSQL server program (initdb) is installed",
    "redis": lambda: None if find_redis() else "no Valkey or Redis server program is installed",
    "browser": lambda: None if find_chromium() else "no Chromium is installed",
    "external": lambda: (
        None
        if os.environ.get("ROUTELAB_EXTERNAL_DATA")
        else "ROUTELAB_EXTERNAL_DATA does not name the folder of public outcome data"
    ),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    required = {name.strip() for name in os.environ.get("ROUTELAB_REQUIRE", "").split(",") if name.strip()}
    for name, reason_of in _REASONS.items():
        if item.get_closest_marker(name) is None:
            continue
        reason = reason_of()
        if reason is None:
            continue
        if name in required:
            pytest.fail(f"ROUTELAB_REQUIRE names {name}, but {reason}", pytrace=False)
        pytest.skip(f"needs {name}: {reason}")


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """No test's setting of the logs, nor the captured stream it names, outlives it."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def engine() -> Iterator[PrivateEngine]:
    """The engine that `DOCKER_HOST` names while the session lasts.

    ROUTELAB_TEST_ENGINE_DATA names a folder that keeps its images for the next session.
    """
    folder = Path(tempfile.mkdtemp(prefix="routelab-engine-"))
    kept = os.environ.get("ROUTELAB_TEST_ENGINE_DATA")
    private = PrivateEngine(folder, Path(kept) if kept else folder / "data")
    before = os.environ.get("DOCKER_HOST")
    os.environ["DOCKER_HOST"] = private.url
    try:
        private.start()
        yield private
    finally:
        private.stop()
        os.environ.pop("DOCKER_HOST")
        if before is not None:
            os.environ["DOCKER_HOST"] = before
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def image(engine: PrivateEngine) -> Callable[[str], str]:
    """Builds an agent's image, once, and gives its id."""

    from routelab.sandbox.build import build
    from routelab.sandbox.containers import Engine

    def built(agent: str) -> str:
        connection = Engine()
        try:
            return build(agent, offline=True, client=connection.client).id
        finally:
            connection.close()

    return built


@pytest.fixture(scope="session")
def stub_image(image: Callable[[str], str]) -> str:
    return image("stub")
