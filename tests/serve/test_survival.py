"""What a shim lives through as a process: kill -9, a session store that goes and comes, a restart."""

import asyncio
import http.client
import json
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
from tests.serve.test_process import COMMAND, environment
from tests.serve.test_serving import free_port, served
from tests.services import redis_server

from routelab.decision_log import read_decisions
from routelab.table import dump_table

ASKED = {"user_id": "ann", "session_id": "s", "input": {"api_kind": "messages", "user_prompt_prefix": "It crashes"}}
OPTIONAL = (
    *("prometheus_client", "routelab_serve.metrics", "routelab_serve.recorder", "routelab_serve.decision_log"),
    *("polars", "routelab.shadow", "routelab_serve.shadows", "redis", "routelab_serve.sessions.sqlite_store"),
    *("numpy", "routelab.classifier.local", "routelab_serve.page", "routelab_serve.rate_limit", "routelab.store"),
    *("sqlalchemy", "alembic", "mako", "routelab_serve.tables.store_source", "sqlite3"),
)


@pytest.fixture
def configured(tmp_path, endpoint, root, make_table):
    """Writes a configuration with a table file; `serve` is more of [serve]."""

    def write(serve=""):
        (tmp_path / "table.json").write_bytes(dump_table(make_table()))
        file = tmp_path / "routelab.toml"
        file.write_text(
            f'paths = {{ datasets = "{root / "datasets"}", work = "work" }}\n'
            f'endpoint = {{ base_url = "{endpoint.url}" }}\n'
            f'[serve]\nclassifier = "sorter"\ntable = {{ file = "table.json" }}\n{serve}'
        )
        return file

    return write


@contextmanager
def running(env, cwd):
    """A shim and its address; it is killed at the end if it still runs."""
    with subprocess.Popen(COMMAND, env=env, cwd=cwd, stderr=subprocess.PIPE, text=True) as process:
        said = []
        for line in process.stderr:
            said.append(line)
            if found := re.search(r"running on (http://\S+)", line):
                break
        else:
            raise AssertionError("".join(said))
        reader = threading.Thread(target=lambda: said.extend(process.stderr))
        reader.start()
        try:
            yield process, found[1]
        finally:
            process.kill()
            process.wait()
            reader.join()
            assert "Traceback" not in "".join(said)


@pytest.mark.parametrize("form", ["sqlite", "parquet"])
@pytest.mark.slow
def test_kill_9_loses_no_more_than_the_last_second_of_log(configured, tmp_path, form):
    file = configured(f'decision_log = {{ format = "{form}", folder = "log" }}\n')
    answered = []
    with running(environment(file), tmp_path) as (process, url), httpx.Client(base_url=url, trust_env=False) as client:
        until = time.time() + 3
        while time.time() < until:
            decision_id = client.post("/decide", json=ASKED).json()["decision_id"]
            answered.append((time.time(), decision_id))
        killed_at = time.time()
        process.send_signal(signal.SIGKILL)
        process.wait()
    logged = {row.decision_id for row in read_decisions(tmp_path / "log")}
    old = {decision_id for at, decision_id in answered if at < killed_at - 1}
    assert len(old) > 100
    assert old <= logged


def test_a_shim_that_is_told_to_end_flushes_log_and_sessions(configured, tmp_path):
    file = configured(
        'decision_log = { format = "sqlite", folder = "log" }\n'
        f'sessions = {{ store = "sqlite:///{tmp_path / "sessions.db"}" }}\n'
    )
    dear = {**ASKED, "policy": {"denied_models": ["cheap"]}}
    with running(environment(file), tmp_path) as (process, url):
        first = httpx.post(f"{url}/decide", json=dear, trust_env=False).json()
        process.terminate()
        assert process.wait(20) in (0, -signal.SIGTERM)
    assert [row.decision_id for row in read_decisions(tmp_path / "log")] == [first["decision_id"]]
    with running(environment(file), tmp_path) as (_, url):
        second = httpx.post(f"{url}/decide", json=ASKED, trust_env=False).json()
    assert (second["decision"]["model"], second["decision"]["sticky"]) == ("middle", True)
    assert second["classification"]["cached"] is True


@pytest.mark.slow
def test_a_connection_outlives_the_minute_for_which_load_balancers_keep_it(configured):
    port = free_port()
    with served(configured(), port):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for wait_s in (0, 61):
            time.sleep(wait_s)
            connection.request("POST", "/decide", json.dumps(ASKED))
            assert json.load(connection.getresponse())["decision"] is not None
        connection.close()


@pytest.mark.redis
@pytest.mark.slow
async def test_a_session_store_that_goes_and_comes_back_costs_no_answer(configured, tmp_path):
    """200 requests a second, of conversations that this process mostly does not know."""
    with redis_server() as redis:
        file = configured("metrics = true\nsessions = { trust_s = 0 }\n")
        env = environment(file, ROUTELAB_SESSIONS_URL=redis.url)
        with running(env, tmp_path) as (_, url):
            limits = httpx.Limits(max_connections=100)
            async with httpx.AsyncClient(base_url=url, trust_env=False, limits=limits, timeout=10) as client:
                taken, statuses = await under_load(client, redis)
                metrics = (await client.get("/metrics")).text
        keys = redis_keys(redis.url)
    assert statuses == {200}
    assert statistics.quantiles(taken, n=100)[98] < 1.5
    assert "routelab_session_errors_total" in metrics
    assert len(keys) > 50, "the store is not used again"


async def under_load(client, redis):
    taken, statuses = [], set()

    async def ask(number):
        began = time.perf_counter()
        response = await client.post("/decide", json={**ASKED, "session_id": f"s{number % 300}"})
        taken.append(time.perf_counter() - began)
        statuses.add(response.status_code)

    began, tasks = time.perf_counter(), []
    events = {300: redis.kill, 700: redis.start}
    for number in range(1200):
        if number in events:
            await asyncio.to_thread(events[number])
        await asyncio.sleep(max(0.0, began + number / 200 - time.perf_counter()))
        tasks.append(asyncio.create_task(ask(number)))
    await asyncio.gather(*tasks)
    await asyncio.sleep(0.5)
    return taken, statuses


def redis_keys(url):
    import redis

    with redis.Redis.from_url(url) as client:
        return client.keys("*")


@pytest.mark.slow
def test_optional_parts_are_imported_when_they_are_wanted(configured, tmp_path):
    script = (
        "import asyncio, json, sys\n"
        "import routelab.cli.main\n"  # `routelab serve` is one process with it
        "from routelab_serve.app import app_from_environment\n"
        "async def main():\n"
        "    async with app_from_environment().lifespan():\n"
        f"        print(json.dumps([name for name in {OPTIONAL} if name in sys.modules]))\n"
        "asyncio.run(main())\n"
    )

    def imported(serve):
        env = environment(configured(serve))
        done = subprocess.run([sys.executable, "-c", script], env=env, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return set(json.loads(done.stdout))

    assert imported("") == set()
    metrics = {"prometheus_client", "routelab_serve.metrics", "routelab_serve.recorder"}
    assert imported("metrics = true\n") == metrics
    assert imported("rate_limit = { per_second = 9, burst = 9 }\n") == {"routelab_serve.rate_limit"}
    assert "routelab_serve.decision_log" not in imported("page = true\n")
    assert "redis" not in imported('sessions = { store = "sqlite:///sessions.db" }\n')
    logging = imported('decision_log = { format = "sqlite" }\n')
    assert "routelab_serve.decision_log" in logging
    assert logging.isdisjoint({"polars", "prometheus_client", "numpy"})
    assert imported("cascade_threshold = 0.5\n") >= {"numpy"}
