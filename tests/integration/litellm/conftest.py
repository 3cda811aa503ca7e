"""OpenAI client → LiteLLM proxy → hook → shim → simulated endpoint, each a process of its own."""

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.integration.loopback import Call, Endpoint, Reply, closed_port, replayed, serving

from routelab.datasets import load_classifier, load_decider
from routelab.llm.simulated import World, load_cast
from routelab.llm.simulated.app import create_app
from routelab.store import open_store
from routelab.table import build_table
from routelab.taxonomy import load_taxonomy

ROOT = Path(__file__).parents[3]
VIRTUAL = "routelab/auto"
CLASSIFIER = "sim/beacon-pro"
FALLBACK = "sim/harbor-think@low"
SERVED = ("sim/cedar-mini", "sim/atlas-large", "sim/beacon-pro", "sim/harbor-think")
MORPH_IDS = {"sim/cedar-mini": "cedar", "sim/atlas-large": "atlas", "sim/harbor-think": "harbor"}
# (model, variant, accuracy, cost); of each route the first is proven and cheapest.
RANKED = {
    "debugging/bug_fixing": [("sim/cedar-mini", None, 0.9, 0.001), ("sim/atlas-large", "high", 0.97, 0.1)],
    "planning_design/architecture_design": [("sim/atlas-large", "high", 0.95, 0.1)],
    "implementation/test_creation": [("sim/unserved", None, 0.95, 0.001)],
}
DEFAULT = [("sim/cedar-mini", None, 0.9, 0.001)]
BUG = "Fix this crash: the parser fails on an empty file"
DESIGN = "Write an ADR: how should I structure the billing service, and with which data model?"
TESTS = "Write unit tests for the parser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    missing = find_spec("litellm") is None
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)
            if missing:
                item.add_marker(pytest.mark.skip(reason="LiteLLM is not installed; run `nox -s litellm`"))


@dataclass
class Process:
    """A server process that can be killed and started again."""

    command: list[str]
    env: dict[str, str]
    folder: Path
    ready_url: str
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "log.txt").open("ab") as log:
            self.running = subprocess.Popen(self.command, env=self.env, cwd=self.folder, stdout=log, stderr=log)
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            if self.running.poll() is not None:
                break
            try:
                if httpx.get(self.ready_url, trust_env=False, timeout=2).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError(self.log()[-3000:])

    def kill(self) -> None:
        assert self.running is not None
        self.running.send_signal(signal.SIGKILL)
        self.running.wait(20)

    def stop(self) -> None:
        if self.running is not None and self.running.poll() is None:
            self.running.terminate()
            self.running.wait(30)

    def log(self) -> str:
        return (self.folder / "log.txt").read_text(errors="replace")


@dataclass
class Stack:
    """Everything that runs."""

    url: str
    proxy: Process
    shim: Process
    endpoint: Endpoint
    morph: Endpoint
    rows_file: Path
    seen: int = field(default=0)

    def rows(self) -> list[dict[str, Any]]:
        """LiteLLM's spend rows since the last look, once no more are coming."""
        before, lines = -1, self._lines()
        while len(lines) != before:
            time.sleep(1)  # LiteLLM logs behind the answer
            before, lines = len(lines), self._lines()
        fresh, self.seen = lines[self.seen :], len(lines)
        return [json.loads(line) for line in fresh]

    def _lines(self) -> list[str]:
        return self.rows_file.read_text().splitlines() if self.rows_file.exists() else []

    def served(self) -> list[tuple[str, Any]]:
        """Path and body of every call that reached the models, without the classifier's."""
        return [(call.path, call.body) for call in self.endpoint.calls if call.body["model"] != CLASSIFIER]


class Recorder(Endpoint):
    """An endpoint that notes the calls of every API."""

    async def _other(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "POST":
            message = await receive()
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            self.calls.append(Call(scope["path"], headers, json.loads(message["body"])))
            receive = replayed(message["body"], receive)
        await super()._other(scope, receive, send)


def environment(**variables: str) -> dict[str, str]:
    """This process's environment, in which whatever is not on loopback cannot be reached."""
    ours = {name: value for name, value in os.environ.items() if not re.match("ROUTELAB_|LITELLM_|DATABASE_URL", name)}
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9")
    local = dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost")
    return ours | nowhere | local | variables


def publish(store_url: str) -> None:
    """A live table with RANKED's routes; the others have DEFAULT."""
    taxonomy = load_taxonomy(ROOT / "datasets/taxonomy/v1/taxonomy.json")
    rows = [
        {
            "route": route,
            "model": model,
            "variant": variant,
            "accuracy": accuracy,
            "accuracy_low": accuracy - 0.1,
            "accuracy_high": min(1.0, accuracy + 0.1),
            "avg_cost_usd": cost,
            "cases": 20,
            "repetitions": 1,
        }
        for route in taxonomy.routes
        for model, variant, accuracy, cost in RANKED.get(route, DEFAULT)
    ]
    table = build_table(rows, routes=taxonomy.routes, taxonomy_version=taxonomy.version, source="simulated")
    store = open_store(store_url)
    store.tables.add(table)
    store.tables.publish(table.version, datetime.now(UTC))
    store.close()


def shim_process(folder: Path, endpoint: Endpoint, morph: Endpoint) -> Process:
    """A shim whose classifier is a model of the simulated endpoint, and whose shadow router is `morph`."""
    folder.mkdir()
    port = closed_port()
    ids = ", ".join(f'"{ours}" = "{theirs}"' for ours, theirs in MORPH_IDS.items())
    shadow = f'enabled = true, morph = {{ base_url = "{morph.url.removesuffix("/v1")}", model_ids = {{ {ids} }} }}'
    (folder / "routelab.toml").write_text(
        f'paths = {{ datasets = "{ROOT / "datasets"}", work = "work" }}\n'
        f'endpoint = {{ kind = "simulated", base_url = "{endpoint.url}" }}\n'
        f'serve = {{ classifier = "{CLASSIFIER}", sources = ["simulated"], '
        f'decision_log = {{ format = "sqlite" }}, shadow = {{ {shadow} }} }}\n'
    )
    store_url = f"sqlite:///{folder / 'store.db'}"
    publish(store_url)
    env = environment(
        ROUTELAB_CONFIG=str(folder / "routelab.toml"),
        ROUTELAB_STORE_URL=store_url,
        ROUTELAB_DECIDE_KEYS="decide-key",
        ROUTELAB_MORPH_KEY="morph-key",
    )
    command = [*(sys.executable, "-m", "uvicorn", "--factory", "routelab_serve.app:app_from_environment")]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    return Process(command, env, folder, f"http://127.0.0.1:{port}/health")


def proxy_process(folder: Path, endpoint: Endpoint, shim: Process, *, named: bool = False, **more: str) -> Process:
    """A proxy that serves SERVED from the simulated endpoint.

    `named`: its configuration has the virtual model. `more`: further settings of the hook.
    """
    folder.mkdir()
    shutil.copy(Path(__file__).parent / "proxy_parts.py", folder)
    port = closed_port()
    models = [_deployment(name, name, endpoint.url) for name in SERVED]
    if named:
        models.append(_deployment(VIRTUAL, "sim/cedar-mini", endpoint.url))
    config = {
        "model_list": models,
        "litellm_settings": {
            "callbacks": ["routelab.integrations.litellm.hook", "proxy_parts.rows"],
            "telemetry": False,
            "num_retries": 3,
        },
        "general_settings": {"custom_auth": "proxy_parts.authenticate"},
    }
    (folder / "config.yaml").write_text(json.dumps(config))  # JSON is YAML
    env = environment(
        LITELLM_LOCAL_MODEL_COST_MAP="True",
        LITELLM_MASTER_KEY=f"sk-{secrets.token_hex(32)}",
        ROWS_FILE=str(folder / "rows.jsonl"),
        ROUTELAB_GATEWAY_SHIM_URL=shim.ready_url.removesuffix("/health"),
        ROUTELAB_GATEWAY_SHIM_KEY="decide-key",
        ROUTELAB_GATEWAY_FALLBACK=FALLBACK,
        **{f"ROUTELAB_GATEWAY_{name}": value for name, value in more.items()},
    )
    command = [str(Path(sys.executable).parent / "litellm"), "--config", "config.yaml"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--telemetry", "False"]
    return Process(command, env, folder, f"http://127.0.0.1:{port}/health/liveliness")


def _deployment(name: str, model: str, base: str) -> dict[str, Any]:
    params = {"model": f"openai/{model}", "api_base": base, "api_key": "none"}
    prices = {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}
    return {"model_name": name, "litellm_params": {**params, **prices}}


@contextmanager
def running(*processes: Process) -> Iterator[None]:
    try:
        for process in processes:
            process.start()
        yield
    finally:
        for process in reversed(processes):
            process.stop()


@pytest.fixture(scope="session")
def endpoint() -> Iterator[Endpoint]:
    world = World(
        load_taxonomy(ROOT / "datasets/taxonomy/v1/taxonomy.json"),
        load_classifier(ROOT / "datasets/classifier/v2").cases,
        load_decider(ROOT / "datasets/decider/v2").cases,
    )
    with serving(Recorder(behind=create_app(world, load_cast(), time_scale=0))) as served:
        yield served


@pytest.fixture(scope="session")
def stack(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    with serving(Recorder(models=Reply({"model": "atlas"}))) as morph:
        shim = shim_process(folder / "shim", endpoint, morph)
        proxy = proxy_process(folder / "proxy", endpoint, shim)
        with running(shim, proxy):
            url = proxy.ready_url.removesuffix("/health/liveliness")
            yield Stack(url, proxy, shim, endpoint, morph, proxy.folder / "rows.jsonl")


def chat(text: str, **more: Any) -> dict[str, Any]:
    """The body of a chat, or of a message."""
    return {"messages": [{"role": "user", "content": text}], **more}


APIS = {
    "/v1/chat/completions": chat(DESIGN),
    "/v1/responses": {"input": DESIGN},
    "/v1/messages": chat(DESIGN, max_tokens=500),
}


@pytest.fixture
def call(stack: Stack) -> Callable[..., tuple[dict[str, str], str, list[tuple[str, Any]]]]:
    """Call the proxy; gives the answer's routelab headers, its body, and what reached the models."""

    def post(
        path: str, body: dict[str, Any], *, key: str = "sk-ann", headers: dict[str, str] | None = None
    ) -> tuple[dict[str, str], str, list[tuple[str, Any]]]:
        before = len(stack.served())
        given = {"authorization": f"Bearer {key}", **(headers or {})}
        body = {"model": VIRTUAL, **body}
        response = httpx.post(f"{stack.url}{path}", json=body, headers=given, timeout=60, trust_env=False)
        assert response.status_code == 200, response.text
        return routelab_headers(response), response.text, stack.served()[before:]

    return post


def routelab_headers(response: Any) -> dict[str, str]:
    """What the hook says in an answer's headers, by name without the prefix."""
    prefix = "x-routelab-"
    return {name.removeprefix(prefix): value for name, value in response.headers.items() if name.startswith(prefix)}
