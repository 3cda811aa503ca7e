"""The loop from the command line: measure, publish, look, roll back."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.integration.bench.golden import CASES, ROUTES
from tests.integration.loopback import Endpoint, Reply

from routelab.store import Store

KEY = "sk-0123456789abcdef0123456789"
Routelab = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def routelab(configure: Callable[..., Any], project: Path, endpoint: Endpoint) -> Routelab:
    """Runs `python -m routelab` in the project."""
    configure(endpoint)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "routelab", *arguments], cwd=project, capture_output=True, text=True, timeout=60
        )

    return run


def test_the_whole_loop(routelab: Routelab, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTELAB_API_KEY", KEY)
    decider = routelab("bench", "decider", "--publish", "--json")
    assert decider.returncode == 0, decider.stderr
    document = json.loads(decider.stdout)
    assert (document["status"], document["source"]) == ("completed", "simulated")
    assert "Published the routing table" in decider.stderr
    assert f"decider attempts: {2 * CASES} of {2 * CASES}" in decider.stderr
    live = store.tables.live()
    assert live is not None
    assert [ranked[0].model for ranked in live.routes.values()] == ["sim/sure"] * len(ROUTES)

    classifier = routelab("bench", "classifier", "--publish")
    assert classifier.returncode == 0, classifier.stderr
    assert "Published the classifier sim/sure (simulated)." in classifier.stdout

    again = routelab("bench", "decider")
    assert again.returncode == 0, again.stderr
    assert document["id"] in "".join(again.stdout.split())
    assert KEY not in "".join([decider.stdout, decider.stderr, classifier.stdout, classifier.stderr])
    assert KEY not in dump(store)


def dump(store: Store) -> str:
    with store.database.reading() as connection:
        names = [row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return str([list(connection.exec_driver_sql(f"SELECT * FROM {name}")) for name in names])


def test_a_run_that_stops_exits_with_1_says_how_to_go_on_and_publishes_nothing(
    routelab: Routelab, endpoint: Endpoint, store: Store
) -> None:
    endpoint.script = lambda _call, number: None if number < 5 else Reply({"error": "who are you?"}, status=401)
    stopped = routelab("bench", "decider", "--publish", "--json")
    assert stopped.returncode == 1
    document = json.loads(stopped.stdout)
    assert document["status"] == "interrupted"
    assert stopped.stderr.strip().splitlines()[-1] == (
        "routelab: the run stopped: the endpoint answered 401: who are you?. "
        f"`routelab runs resume {document['id']}` goes on."
    )
    assert "Traceback" not in stopped.stderr
    assert store.tables.live() is None


@pytest.mark.slow
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_run_stopped_by_hand_or_by_a_schedule_is_resumed(
    routelab: Routelab, project: Path, endpoint: Endpoint, store: Store, asked: signal.Signals
) -> None:
    temporary = project / "tmp"
    temporary.mkdir()
    endpoint.script = lambda _call, number: None if number < 6 else Reply(delay_s=60)
    process = subprocess.Popen(
        [sys.executable, "-m", "routelab", "bench", "decider"],
        cwd=project,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    while len(endpoint.calls) < 8:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    process.send_signal(asked)
    _, told = process.communicate(timeout=20)
    assert process.returncode not in (0, 2)
    assert "Traceback" not in told
    assert list(temporary.iterdir()) == []
    [run] = store.runs.all()
    assert (run.status, run.stop_reason) == ("interrupted", "it was stopped")
    endpoint.script = lambda _call, _number: None
    resumed = routelab("runs", "resume", run.id)
    assert resumed.returncode == 0, resumed.stderr
    assert len(store.results.attempts(run.id)) == 2 * CASES


def test_a_failure_of_the_endpoint_before_the_run_is_one_sentence(
    routelab: Routelab, project: Path, store: Store
) -> None:
    file = project / "routelab.toml"
    lines = [
        'base_url = "http://127.0.0.1:1/v1"' if "base_url" in line else line for line in file.read_text().splitlines()
    ]
    file.write_text("\n".join([line.replace("[endpoint]", "[endpoint]\nattempts = 1") for line in lines]))
    result = routelab("bench", "decider")
    assert result.returncode == 1
    assert result.stderr.startswith("routelab: cannot reach http://127.0.0.1:1/v1/")
    assert result.stderr.count("\n") == 1
    assert store.runs.all() == []


def test_a_pipe_that_closes_early_is_no_traceback(routelab: Routelab, project: Path) -> None:
    piped = subprocess.run(
        f"{sys.executable} -m routelab config check | true", shell=True, cwd=project, capture_output=True, text=True
    )
    assert "Traceback" not in piped.stderr
