"""The HTTP face: bad input, keys, health and the description of itself."""

import asyncio
import json
import socket
from contextlib import asynccontextmanager

import jsonschema
import msgspec
import pytest
import uvicorn
from litestar import Litestar, get
from litestar.testing import TestClient
from pydantic import SecretStr

from routelab import __version__
from routelab.config import parse_config
from routelab.records import RoutingTable
from routelab.settings import Settings
from routelab_serve.app import create_app
from routelab_serve.body import Disconnected, received
from routelab_serve.contract import DecideRequest
from routelab_serve.problems import problem_details

INPUT = {"api_kind": "messages"}
KEYS = Settings(decide_keys=SecretStr("first-key, second-key"))


@pytest.fixture(scope="module")
def without_table(root):
    """One keyed shim for the many requests that it must refuse before it looks at a table."""
    config = parse_config({"store": {"url": "sqlite://"}}, root=root)
    with TestClient(create_app(config, KEYS)) as client:
        yield client


def nested(depth):
    return b'{"user_id":"a","api_kind":"messages","request":' + b'{"a":' * depth + b"1" + b"}" * (depth + 1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", None),
        (b"{", None),
        (b"not json", None),
        (b"null", None),
        (b"[]", None),
        (b'{"user_id":"\xff"}', None),
        (b'{"user_id":NaN}', None),
        (b'{"user_id":"a","input":{"api_kind":"messages"},"body_bytes":NaN}', None),
        (nested(100_000), None),
        (json.dumps({"input": INPUT}).encode(), "user_id"),
        (json.dumps({"user_id": "", "input": INPUT}).encode(), "user_id"),
        (json.dumps({"user_id": None, "input": INPUT}).encode(), "user_id"),
        (json.dumps({"user_id": "a"}).encode(), "input"),
        (json.dumps({"user_id": "a", "input": INPUT, "request": {}, "api_kind": "messages"}).encode(), "input"),
        (json.dumps({"user_id": "a", "request": {}}).encode(), "api_kind"),
        (json.dumps({"user_id": "a", "request": {}, "api_kind": "telepathy"}).encode(), "api_kind"),
        (json.dumps({"user_id": "a", "request": [], "api_kind": "messages"}).encode(), "request"),
        (json.dumps({"user_id": "a", "input": {}}).encode(), "input.api_kind"),
        (json.dumps({"user_id": "a", "input": INPUT | {"has_tools": "true"}}).encode(), "input.has_tools"),
        (
            json.dumps({"user_id": "a", "input": INPUT | {"user_prompt_prefix": "x" * 1001}}).encode(),
            "input.user_prompt_prefix",
        ),
        (json.dumps({"user_id": "a", "input": INPUT, "body_bytes": "12"}).encode(), "body_bytes"),
        (json.dumps({"user_id": "a", "input": INPUT, "body_bytes": -1}).encode(), "body_bytes"),
        (b'{"user_id":"a","input":{"api_kind":"messages"},"body_bytes":1e400}', "body_bytes"),
        (
            json.dumps({"user_id": "a", "input": INPUT, "policy": {"routing_mode": "cheapest"}}).encode(),
            "policy.routing_mode",
        ),
        (
            json.dumps({"user_id": "a", "input": INPUT, "policy": {"pool": [{"variant": "low"}]}}).encode(),
            "policy.pool[0].model",
        ),
    ],
    ids=lambda value: repr(value[:60]) if isinstance(value, bytes) else None,
)
def test_a_bad_body_is_a_problem_that_names_its_field(without_table, body, field):
    response = without_table.post("/decide", content=body, headers={"authorization": "Bearer first-key"})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem.keys() == {"type", "title", "status", "detail", "field"}
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Bad Request", 400)
    assert problem["field"] == field


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("size", [1_000_001, 10_000_000])
async def test_a_body_beyond_1_mb_is_refused(shim, size, told):
    body = json.dumps({"user_id": "a", "api_kind": "messages", "request": {"x": "y" * size}}).encode()

    async def in_pieces():
        for start in range(0, len(body), 100_000):
            yield body[start : start + 100_000]

    response = await shim.post("/decide", content=body if told else in_pieces())
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"


@asynccontextmanager
async def served(app):
    """A function that opens a connection to an application on a real server."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)
        yield lambda: asyncio.open_connection(*listener.getsockname())
        server.should_exit = True
        await serving


WHOLE = json.dumps({"user_id": "a", "input": INPUT}).encode()
HEAD = b"POST /decide HTTP/1.1\r\nhost: shim\r\ncontent-length: %d\r\n\r\n" % len(WHOLE)


@pytest.mark.parametrize("pieces", [[], [WHOLE[:9]], [b" "] * 1000], ids=["nothing", "a part", "bit by bit"])
async def test_a_body_that_never_arrives_ends_with_its_connection(make_config, monkeypatch, pieces):
    monkeypatch.setattr("routelab_serve.body._PATIENCE_S", 0.2)
    async with served(create_app(make_config(metrics=True), Settings())) as connect:
        reader, writer = await connect()
        writer.write(b"POST /decide HTTP/1.1\r\nhost: shim\r\ncontent-length: 1001\r\n\r\n")
        answering = asyncio.create_task(reader.read())
        for piece in pieces:
            if answering.done():
                break
            writer.write(piece)
            await asyncio.sleep(0.02)
        answer = await asyncio.wait_for(answering, 5)
        scraping, asking = await connect()
        asking.write(b"GET /metrics HTTP/1.0\r\nhost: shim\r\n\r\n")
        metrics = await asyncio.wait_for(scraping.read(), 5)
        for each in (writer, asking):
            each.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head.lower()
    assert (json.loads(body)["status"], json.loads(body)["field"]) == (408, None)
    assert b'routelab_decide_answers_total{status="408"} 1.0' in metrics


async def test_a_body_that_arrives_late_and_in_pieces_is_answered(make_config):
    async with served(create_app(make_config(), Settings())) as connect:
        reader, writer = await connect()
        for piece in (HEAD, WHOLE[:9], WHOLE[9:]):
            writer.write(piece)
            await asyncio.sleep(0.05)
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        writer.close()


async def test_for_a_body_that_is_there_no_timer_is_made(monkeypatch):
    async def receive():
        return {"type": "http.request", "body": WHOLE, "more_body": False}

    monkeypatch.delattr(asyncio, "timeout")
    assert await received({"headers": []}, receive) == WHOLE


async def test_who_goes_away_while_his_body_is_awaited_is_gone():
    going = asyncio.Event()

    async def receive():
        await going.wait()
        return {"type": "http.disconnect"}

    reading = asyncio.create_task(received({"headers": []}, receive))
    await asyncio.sleep(0.01)
    going.set()
    with pytest.raises(Disconnected):
        await reading


async def test_a_large_body_is_answered(shim):
    said = [{"role": "user", "content": "It crashes. " * 80_000}]
    body = {"user_id": "a", "api_kind": "messages", "request": {"messages": said}}
    response = await shim.post("/decide", json=body)
    assert response.json()["decision"]["model"] == "cheap"


@pytest.mark.parametrize("depth", [50, 400, 900])
async def test_a_deeply_nested_body_never_fails(shim, depth):
    hints = nested(depth).replace(b'"request":{"a":', b'"request":{"reasoning":')
    response = await shim.post("/decide", content=hints)
    assert response.status_code in (200, 400)


async def test_fields_of_a_newer_gateway_are_ignored(shim):
    body = {"user_id": "a", "future": 1, "input": INPUT | {"future": 1}, "policy": {"future": 1}}
    response = await shim.post("/decide", json=body)
    assert response.json()["decision"]["model"] == "cheap"


async def test_every_field_that_may_be_null_may_be_null(shim):
    names = {*DecideRequest.__struct_fields__} - {"user_id", "input"}
    body = {"user_id": "a", "input": INPUT, **dict.fromkeys(names)}
    response = await shim.post("/decide", json=body)
    assert response.json()["decision"]["model"] == "cheap"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/decide", 405), ("GET", "/nothing", 404), ("POST", "/decide?explain=maybe", 400)],
)
async def test_other_mistakes_are_problems_too(shim, method, path, status):
    response = await shim.request(method, path, json={"user_id": "a", "input": INPUT})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["field"] == ("explain" if "explain" in path else None)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer first",
        "Bearer first-key,second-key",
        "Basic first-key",
        "first-key",
        "Bearer \xff",
    ],
)
@pytest.mark.parametrize("path", ["/decide", "/routing-table"])
def test_without_a_key_there_is_no_answer(without_table, header, path):
    headers = {} if header is None else {"authorization": header.encode("latin-1")}
    method = "POST" if path == "/decide" else "GET"
    response = without_table.request(method, path, json={"user_id": "a", "input": INPUT}, headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["content-type"] == "application/problem+json"
    assert "first-key" not in response.text


@pytest.mark.parametrize("header", ["Bearer first-key", "bearer second-key", "Bearer  first-key "])
def test_every_key_opens(without_table, header):
    body = {"user_id": "a", "input": INPUT}
    response = without_table.post("/decide", json=body, headers={"authorization": header})
    assert (response.status_code, response.json()["reason"]) == (200, "no_table")


def test_health_needs_no_key_and_says_that_the_rest_does(without_table):
    assert without_table.get("/health").json()["authentication"] == "bearer"


async def test_health_says_what_is_served(shim):
    table = (await shim.get("/routing-table")).json()
    assert (await shim.get("/health")).json() == {
        "status": "ok",
        "version": __version__,
        "authentication": "open",
        "table": {"version": table["version"], "source": "benchmark", "published_at": table["published_at"]},
        "table_problem": None,
        "classifier": "sorter",
        "classifier_problem": None,
    }


async def test_the_routing_table_is_the_one_in_the_store(shim, store):
    served = (await shim.get("/routing-table")).content
    assert msgspec.json.decode(served, type=RoutingTable) == store.tables.live()


async def test_without_a_table_health_says_so_and_the_table_is_not_found(open_shim):
    async with open_shim() as shim:
        missing, health = await shim.get("/routing-table"), await shim.get("/health")
    assert missing.status_code == 404
    assert "unpublished" in missing.json()["detail"]
    assert (health.status_code, health.json()["table_problem"]) == (200, "unpublished")


def test_a_bug_is_a_problem_that_tells_nothing_of_the_inside():
    @get("/")
    async def broken() -> None:
        raise KeyError("inside")

    with TestClient(Litestar([broken], plugins=[problem_details()]), raise_server_exceptions=False) as client:
        response = client.get("/")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "inside" not in response.text.replace("inside the shim", "")


async def test_the_shim_describes_itself(shim, ask):
    document = (await shim.get("/schema/openapi.json")).json()
    assert set(document["paths"]) == {
        *("/decide", "/routing-table", "/routing-table/history", "/routing-table/{version}"),
        *("/health", "/health/live", "/health/ready", "/admin/reload"),
    }
    assert "scalar" in (await shim.get("/schema")).text
    for name in document["components"]["schemas"]:
        validator(document, name).check_schema(document["components"]["schemas"][name])
    validator(document, "DecideResponse").validate(await ask(shim))
    validator(document, "RoutingTable").validate((await shim.get("/routing-table")).json())
    validator(document, "Health").validate((await shim.get("/health")).json())
    validator(document, "Problem").validate((await shim.post("/decide", content=b"{")).json())
    with pytest.raises(jsonschema.ValidationError):
        validator(document, "DecideRequest").validate({"input": INPUT})


def validator(document, name):
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return jsonschema.Draft202012Validator(schema)
