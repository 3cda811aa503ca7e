"""The other APIs of the simulated endpoint, spoken as their agents do, over a real connection."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from tests.integration.dialects import APIS, Api, Turn

from routelab.llm.simulated import Cast, World
from routelab.llm.simulated.app import create_app
from routelab.llm.simulated.server import running
from routelab.records import DeciderCase
from routelab.taxonomy import load_taxonomy

TAXONOMY = Path(__file__).parents[2] / "datasets" / "taxonomy" / "v1" / "taxonomy.json"
SURE = {
    "context_length": 1000,
    "input_usd_per_million": 1.0,
    "output_usd_per_million": 10.0,
    "latency": {"median_ms": 0, "spread": 0.0},
    "skill": {"default": 1.0},
    "classifier_skill": 1.0,
    "variants": {"high": {"tokens": 3.0}},
    "thinking_tokens": 100,
}


def task(number: int, **fields: Any) -> DeciderCase:
    common = {
        "id": f"investigation-task-{number}",
        "route": "investigation/repo_exploration",
        "difficulty": "medium",
        "user_prompt": f"Please write your number, {number:04d}, into number.txt",
        "system_prompt": None,
        "workspace": f"workspaces/{number}",
        "check": {"kind": "files", "files": {"number.txt": f"{number:04d}"}},
        "solution": {"commands": f"echo {number:04d} > number.txt"},
        "distractors": [{"commands": "echo 0 > number.txt"}],
        "proof": {"kind": "check"},
        "rationale": "made for a test",
        "timeout_s": 60,
    }
    return msgspec.convert({**common, **fields}, type=DeciderCase)


CASE = task(7)


@pytest.fixture
async def http(request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    """A client of one model that is always right; an indirect parameter changes the model."""
    model = {**SURE, **getattr(request, "param", {})}
    cast = msgspec.convert({"concentration": 3.0, "models": {"sim/sure": model}}, type=Cast)
    world = World(load_taxonomy(TAXONOMY), [], [CASE, task(8)])
    async with (
        running(create_app(world, cast)) as server,
        httpx.AsyncClient(base_url=server.url.removesuffix("/v1"), trust_env=False) as client,
    ):
        yield client


def body_of(api: Api, history: list[Any], *, model: str = "sim/sure", effort: str | None = None) -> dict[str, Any]:
    place, key = api.effort
    asked = {} if effort is None else {place: {key: effort}}
    return {"model": model, api.history: history, "tools": [*api.tools], "max_tokens": 100, **asked}


async def ask(http: httpx.AsyncClient, api: Api, history: list[Any], *, stream: bool = False) -> Turn:
    response = await http.post(api.path, json={**body_of(api, history), "stream": stream})
    assert (response.status_code, response.headers["x-routelab-simulated"]) == (200, "1"), response.text
    if not stream:
        return api.turn(response.json())
    assert response.headers["content-type"].startswith("text/event-stream")
    data = [line.removeprefix("data: ") for line in response.text.splitlines() if line.startswith("data: ")]
    return api.turn(api.streamed([json.loads(line) if line.startswith("{") else line for line in data]))


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("api", APIS)
async def test_an_agent_solves_a_task(http: httpx.AsyncClient, api: Api, stream: bool, tmp_path: Path) -> None:
    history = api.opening(f"Task: {CASE.user_prompt}\nOnly the answer.")
    turn = await ask(http, api, history, stream=stream)
    commands = []
    while turn.call is not None:
        assert turn.stop == api.stops[0]
        call_id, arguments = turn.call
        assert set(arguments) == {"command", "description"}
        commands.append(arguments["command"])
        process = await asyncio.create_subprocess_exec("sh", "-c", commands[-1], cwd=tmp_path, stdout=-1)
        output, _ = await process.communicate()
        history += [*turn.said, api.result(call_id, output.decode())]
        turn = await ask(http, api, history, stream=stream)
    assert (turn.text, turn.stop) == ("Done.", api.stops[1])
    assert commands == ["ls -la", "echo 0007 > number.txt"]
    assert (tmp_path / "number.txt").read_text() == "0007\n"


@pytest.mark.parametrize("api", APIS)
async def test_a_stream_says_what_a_plain_call_says(http: httpx.AsyncClient, api: Api) -> None:
    for prompt in (CASE.user_prompt, "hello"):
        history = api.opening(prompt)
        whole, streamed = [await ask(http, api, history, stream=stream) for stream in (False, True)]
        assert streamed[:4] == whole[:4]


@pytest.mark.parametrize("api", APIS)
async def test_the_cost_is_in_the_usage_and_follows_the_effort(http: httpx.AsyncClient, api: Api) -> None:
    costs = []
    for effort, thinking in ((None, 100), ("high", 300)):
        response = await http.post(api.path, json=body_of(api, api.opening(CASE.user_prompt), effort=effort))
        usage = api.turn(response.json()).usage
        read, written = (usage[name] for name in api.tokens)
        assert written > thinking
        assert usage["cost"] == pytest.approx((read * 1.0 + written * 10.0) / 1e6)
        costs.append(usage["cost"])
    assert costs[0] < costs[1]


@pytest.mark.parametrize(
    ("change", "status", "word", "codes"),
    [
        ({"model": "sim/none"}, 404, "sim/none", (404, "invalid_request_error", "not_found_error")),
        ({"effort": "weird"}, 400, "weird", (400, "invalid_request_error", "invalid_request_error")),
    ],
)
@pytest.mark.parametrize("place", range(len(APIS)))
async def test_errors_are_told_in_each_apis_shape(
    http: httpx.AsyncClient, place: int, change: dict[str, str], status: int, word: str, codes: tuple[Any, ...]
) -> None:
    api = APIS[place]
    response = await http.post(api.path, json=body_of(api, api.opening("hello"), **change))
    message, code = api.error(response.json())
    assert (response.status_code, code) == (status, codes[place])
    assert word in message
    broken = await http.post(api.path, content=b"[" * 100_000)
    assert broken.status_code == 400
    assert "body" in api.error(broken.json())[0]


@pytest.mark.parametrize("http", [{"shares": {"rate_limited": 1.0}}], indirect=True)
@pytest.mark.parametrize("api", APIS)
async def test_a_title_neither_uses_up_a_refusal_nor_gets_one(http: httpx.AsyncClient, api: Api) -> None:
    body = body_of(api, api.opening(CASE.user_prompt))
    title = {**body_of(api, api.opening(f"Write a title for this session: {CASE.user_prompt}")), "tools": []}
    refused = 0
    while (response := await http.post(api.path, json=body)).status_code == 429:
        refused += 1
        assert 0 < float(response.headers["retry-after"]) < 1
        assert "Too many" in api.error(response.json())[0]
        answer = await http.post(api.path, json=title)
        assert "simulated" in api.turn(answer.json()).text
    assert refused in (1, 2)
    assert api.turn(response.json()).call is not None
    assert (await http.post(api.path, json=body)).status_code == 429  # as in every run


async def test_tokens_are_counted_without_a_call(http: httpx.AsyncClient) -> None:
    body = {"model": "sim/sure", "messages": [{"role": "user", "content": "x" * 400}], "system": "y" * 40}
    counted = await http.post("/v1/messages/count_tokens", json=body)
    unknown = await http.post("/v1/messages/count_tokens", json={**body, "model": "sim/none"})
    assert counted.json() == {"input_tokens": 110}
    assert (unknown.status_code, unknown.json()["error"]["type"]) == (404, "not_found_error")


async def test_models_are_found_one_by_one_and_as_kilo_asks(http: httpx.AsyncClient) -> None:
    one = (await http.get("/v1/models/sim/sure")).json()
    [listed] = (await http.get("/v1/models")).json()["data"]
    [routed] = (await http.get("/api/openrouter/models")).json()["data"]
    assert one == listed
    assert (routed["id"], routed["name"], routed["context_length"]) == ("sim/sure", "sim/sure", 1000)
    assert "tools" in routed["supported_parameters"]
    assert (await http.get("/v1/models/sim/none")).status_code == 404
