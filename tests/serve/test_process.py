"""The shim as an operator runs it: its own process, started through the import string."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

HEAVY = ("polars", "altair", "papermill", "pandas", "sklearn", "docker", "scipy", "IPython")
COMMAND = [
    *(sys.executable, "-m", "uvicorn", "--factory", "routelab_serve.app:app_from_environment"),
    *("--host", "127.0.0.1", "--port", "0"),
]


def environment(config: Path, **variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROUTELAB_")}
    return kept | {"ROUTELAB_CONFIG": str(config)} | variables


@pytest.fixture
def config_file(tmp_path, endpoint, root) -> Path:
    file = tmp_path / "routelab.toml"
    file.write_text(
        f'paths = {{ datasets = "{root / "datasets"}", work = "work" }}\n'
        f'endpoint = {{ base_url = "{endpoint.url}" }}\n'
        'serve = { classifier = "sorter", budget_ms = 5000 }\n'
    )
    return file


@contextmanager
def serving(env: dict[str, str], cwd: Path) -> Iterator[str]:
    """The base URL of a shim in its own process; it must end by itself when told to."""
    with subprocess.Popen(COMMAND, env=env, cwd=cwd, stderr=subprocess.PIPE, text=True) as process:
        try:
            said = []
            for line in process.stderr or ():
                said.append(line)
                if found := re.search(r"running on (http://\S+)", line):
                    break
            else:
                raise AssertionError("".join(said))
            yield found[1]
        finally:
            process.send_signal(signal.SIGTERM)
            rest = process.communicate(timeout=20)[1]
    assert "Traceback" not in rest


def test_a_shim_serves_from_its_environment(config_file, tmp_path, make_table, publish, store_url, endpoint):
    table = publish(make_table())
    env = environment(config_file, ROUTELAB_STORE_URL=store_url, ROUTELAB_DECIDE_KEYS="secret-key")
    asked = {"user_id": "ann", "session_id": "s", "input": {"api_kind": "messages"}}
    with serving(env, tmp_path) as url, httpx.Client(base_url=url, trust_env=False) as client:
        stranger = client.post("/decide", json=asked)
        client.headers["authorization"] = "Bearer secret-key"
        first, second = (client.post("/decide", json=asked).json() for _ in range(2))
        health = client.get("/health").json()
    assert stranger.status_code == 401
    assert first["decision"]["table_version"] == table.version
    assert (first["cost_usd"], second["cost_usd"]) == (pytest.approx(0.0002), 0)
    assert health["status"] == "ok"
    assert len(endpoint.calls) == 1


def test_a_shim_without_a_store_starts_and_says_that_it_has_no_table(config_file, tmp_path):
    with serving(environment(config_file), tmp_path) as url:
        asked = {"user_id": "ann", "input": {"api_kind": "messages"}}
        answer = httpx.post(f"{url}/decide", json=asked, trust_env=False)
    assert answer.status_code == 200
    assert answer.json()["reason"] == "no_table"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('paths = { datasets = "nowhere" }', "cannot read the taxonomy"),
        (None, "there is no configuration file"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_one_sentence(tmp_path, content, sentence):
    file = tmp_path / "routelab.toml"
    if content is not None:
        file.write_text(content)
    done = subprocess.run(
        COMMAND, env=environment(file), cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_the_app_imports_nothing_heavy():
    script = f"import sys, routelab_serve.app; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
