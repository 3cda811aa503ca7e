"""A shim over a real store, and an endpoint on loopback that says what a test tells it."""

import asyncio
import json
import shutil
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import uvicorn
from litestar import Litestar

from routelab.config import Config, parse_config
from routelab.records import RoutingTable
from routelab.settings import Settings
from routelab.store import Store, open_store
from routelab.table import TableRules, build_table
from routelab.taxonomy import Taxonomy, load_taxonomy
from routelab_serve.app import create_app

BUG_FIXING = {
    "task_type": "debugging",
    "subtask_type": "bug_fixing",
    "context_complexity": "small",
    "reasoning_complexity": "low",
    "risk_level": "low",
    "execution_mode": "code_change",
    "requires_tools": False,
    "confidence": 0.9,
}
CALL_COST_USD = 0.0002


@dataclass
class Endpoint:
    """A chat completions server. `text` is its answer, sent with `status` after `delay_s`.

    `texts` and `statuses` are those of the next calls. `models` is what it lists; None: it has no list.
    """

    url: str = ""
    text: str = json.dumps(BUG_FIXING)
    status: int = 200
    delay_s: float = 0.0
    calls: list[dict[str, Any]] = field(default_factory=list)
    keys: list[bytes | None] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    models: list[dict[str, Any]] | None = None
    listed: int = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "GET":
            self.listed += 1
            await self._send(send, 404 if self.models is None else 200, {"data": self.models})
            return
        message = await receive()
        self.calls.append(json.loads(message["body"]))
        self.keys.append(dict(scope["headers"]).get(b"authorization"))
        await asyncio.sleep(self.delay_s)
        text = self.texts.pop(0) if self.texts else self.text
        status = self.statuses.pop(0) if self.statuses else self.status
        body = {
            "choices": [{"message": {"content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "cost": CALL_COST_USD},
        }
        await self._send(send, status, body)

    async def _send(self, send: Any, status: int, body: dict[str, Any]) -> None:
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})


@dataclass
class Relay:
    """One server for all tests; each has its own endpoint behind it."""

    url: str
    endpoint: Endpoint

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.endpoint(scope, receive, send)


@pytest.fixture(scope="session")
def relay() -> Iterator[Relay]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each answer takes 40 ms longer
    served = Relay(f"http://127.0.0.1:{listener.getsockname()[1]}/v1", Endpoint())
    server = uvicorn.Server(uvicorn.Config(served, lifespan="off", log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.005)
    yield served
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def endpoint(relay: Relay) -> Endpoint:
    relay.endpoint = Endpoint(relay.url)
    return relay.endpoint


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def taxonomy(root: Path) -> Taxonomy:
    return load_taxonomy(root / "datasets/taxonomy/v1/taxonomy.json")


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store file without content, to be copied: migrating one for every test takes too long."""
    file = tmp_path_factory.mktemp("store") / "empty.db"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def store_url(tmp_path: Path, empty_store: Path) -> str:
    file = tmp_path / "store.db"
    shutil.copy(empty_store, file)
    return f"sqlite:///{file}"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def rules(taxonomy: Taxonomy) -> TableRules:
    """What shims serve by default."""
    return TableRules(
        sources=frozenset({"benchmark"}), taxonomy_version=taxonomy.version, routes=frozenset(taxonomy.routes)
    )


@pytest.fixture
def make_table(taxonomy: Taxonomy) -> Callable[..., RoutingTable]:
    """A table with the same candidates on every route: cheap, middle (2 times) and dear (100 times)."""

    def make(**changes: Any) -> RoutingTable:
        candidates = [("cheap", 0.9, 0.001), ("middle", 0.92, 0.002), ("dear", 0.98, 0.1)]
        rows = [
            {
                "route": route,
                "model": model,
                "accuracy": accuracy,
                "accuracy_low": accuracy - 0.1,
                "accuracy_high": min(1.0, accuracy + 0.1),
                "avg_cost_usd": cost,
                "cases": 20,
                "repetitions": 1,
            }
            for route in taxonomy.routes
            for model, accuracy, cost in candidates
        ]
        given = {"routes": taxonomy.routes, "taxonomy_version": taxonomy.version, **changes}
        return build_table(rows, **given)

    return make


@pytest.fixture
def publish(store: Store) -> Callable[[RoutingTable], RoutingTable]:
    def add_and_publish(table: RoutingTable) -> RoutingTable:
        store.tables.add(table)
        store.tables.publish(table.version, datetime.now(UTC))
        return table

    return add_and_publish


@pytest.fixture
def make_config(endpoint: Endpoint, store_url: str, root: Path) -> Callable[..., Config]:
    """A configuration over the test's store and endpoint; `changes` go to `[serve]`."""

    def make(*, endpoint_url: str | None = None, capabilities: dict[str, Any] | None = None, **changes: Any) -> Config:
        given = {
            "store": {"url": store_url},
            "endpoint": {"base_url": endpoint_url or endpoint.url},
            "serve": {"classifier": "sorter", "budget_ms": 5000, **changes},
            "capabilities": capabilities or {},
        }
        return parse_config(given, root=root)

    return make


@asynccontextmanager
async def lifespan(app: Litestar) -> AsyncIterator[None]:
    """The app's own lifespan must end in the task it began in; a fixture does not promise that."""
    ready, stop = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        try:
            async with app.lifespan():
                ready.set()
                await stop.wait()
        finally:
            ready.set()

    task = asyncio.create_task(run())
    await ready.wait()
    try:
        yield
    finally:
        stop.set()
        await task


@pytest.fixture
def open_shim(
    make_config: Callable[..., Config],
) -> Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]:
    """The running shim; `changes` go to `make_config`."""

    @asynccontextmanager
    async def shim(settings: Settings | None = None, **changes: Any) -> AsyncIterator[httpx.AsyncClient]:
        # Litestar's own test client handles one request after the other.
        app = create_app(make_config(**changes), settings or Settings())
        transport = httpx.ASGITransport(cast("Any", app))
        async with lifespan(app), httpx.AsyncClient(transport=transport, base_url="http://shim") as client:
            yield client

    return shim


@pytest.fixture
async def shim(
    open_shim: Any, make_table: Callable[..., RoutingTable], publish: Callable[[RoutingTable], RoutingTable]
) -> AsyncIterator[httpx.AsyncClient]:
    """The shim over a published table, with a classifier."""
    publish(make_table())
    async with open_shim() as client:
        yield client


@pytest.fixture
def ask() -> Callable[..., Any]:
    """Ask a shim for a decision on a bug fix; gives the answer's JSON."""

    async def decide(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
        given = {
            "user_id": "ann",
            "session_id": "s1",
            "input": {"api_kind": "messages", "user_prompt_prefix": "It crashes on start", "message_count": 1},
            **changes,
        }
        response = await client.post("/decide", json=given)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    return decide
