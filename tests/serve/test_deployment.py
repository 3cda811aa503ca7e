"""`deploy/`: its files fit together, and two shims with its configuration share a conversation."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from tests.services import redis_server

from routelab.config import load_config, sessions_url
from routelab.settings import Settings
from routelab.table import load_table

REPOSITORY = Path(__file__).parents[2]
DEPLOY = REPOSITORY / "deploy"
PROGRAM = (sys.executable, "-m", "uvicorn", "--factory", "routelab_serve.app:app_from_environment", "--port", "0")
FIRST, SECOND = "Design the architecture of a payment system", "Migrate this code base to Python 3.12"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_every_file_that_compose_and_dockerfile_name_is_there(compose: dict[str, Any]) -> None:
    for name in ("shim-1", "shim-2"):
        shim = compose["services"][name]
        assert (DEPLOY / shim["build"]["context"] / shim["build"]["dockerfile"]).is_file()
        mounted = [volume.split(":") for volume in shim["volumes"]]
        for source, *_ in mounted:
            assert (DEPLOY / source).exists() if source.startswith(".") else source in compose["volumes"]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    sources = [source for line in copied for source in line.split()]
    assert sources
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text()
    for source in sources:
        assert (REPOSITORY / source).exists()
        assert f"!{source}\n" in ignored


def test_the_configuration_names_what_the_image_and_compose_put_in_place(compose: dict[str, Any]) -> None:
    config = load_config(DEPLOY / "routelab.toml")
    table = config.serve.table.file
    assert table is not None
    document = (DEPLOY / table).read_bytes()
    assert load_table(document).source in config.serve.sources
    home = config.root / "datasets"
    assert config.taxonomy_path.relative_to(home) == Path("taxonomy/v1/taxonomy.json")
    assert config.serve.sessions.store.split("/")[2] == "valkey:6379"
    assert "valkey" in compose["services"]


def test_every_secret_of_the_readme_reaches_the_shims(compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    named = set(re.findall(r"ROUTELAB_[A-Z_]+", (DEPLOY / "README.md").read_text()))
    assert "ROUTELAB_SESSIONS_URL" in named
    for shim in ("shim-1", "shim-2"):
        passed = compose["services"][shim]["environment"]
        assert named <= passed.keys()
        assert all(passed[name].startswith(f"${{{name}:") for name in named)
    # What is not set is passed on empty, and then the configured Valkey stands.
    monkeypatch.setenv("ROUTELAB_SESSIONS_URL", "")
    config = load_config(DEPLOY / "routelab.toml")
    assert sessions_url(config, Settings()) == config.serve.sessions.store


@contextmanager
def shim(folder: Path, sessions: str) -> Iterator[httpx.Client]:
    """A shim in a copy of what the image holds."""
    folder.mkdir()
    shutil.copy(DEPLOY / "routelab.toml", folder)
    shutil.copytree(DEPLOY / "table", folder / "table")
    shutil.copytree(REPOSITORY / "datasets/taxonomy", folder / "datasets/taxonomy")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROUTELAB_")}
    own = {
        "ROUTELAB_CONFIG": str(folder / "routelab.toml"),
        "ROUTELAB_DECIDE_KEYS": "decide-key",
        "ROUTELAB_SESSIONS_URL": sessions,
    }
    with subprocess.Popen(PROGRAM, env=kept | own, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        try:
            found = next(filter(None, (re.search(r"running on (http://\S+)", line) for line in process.stderr or ())))
            headers = {"authorization": "Bearer decide-key"}
            with httpx.Client(base_url=found[1], headers=headers, trust_env=False) as client:
                yield client
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)


def decision(client: httpx.Client, session: str, prompt: str) -> dict[str, Any]:
    asked = {"api_kind": "chat_completions", "user_prompt_prefix": prompt, "message_count": 1}
    answer = client.post("/decide", json={"user_id": "ann", "session_id": session, "input": asked})
    return answer.raise_for_status().json()["decision"]


@pytest.mark.redis
def test_a_conversation_that_changes_the_shim_keeps_its_model(tmp_path: Path) -> None:
    with (
        redis_server() as redis,
        shim(tmp_path / "one", redis.url) as first,
        shim(tmp_path / "two", redis.url) as second,
    ):
        assert first.get("/health/ready").status_code == second.get("/health/ready").status_code == 200
        begun = decision(first, "s", FIRST)
        time.sleep(0.2)  # what a shim remembers is written behind its answer
        gone_on = decision(second, "s", SECOND)
        new = decision(second, "another", SECOND)
    assert (gone_on["model"], gone_on["sticky"]) == (begun["model"], True)
    assert new["model"] != begun["model"]
    assert new["route"] == gone_on["route"] != begun["route"]
