"""Services that tests need: absent ones skip with a reason, or fail where ROUTELAB_REQUIRE names them."""

import os

import pytest

from tests.docker.engine import reason_against
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
