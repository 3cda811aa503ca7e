"""The simulated endpoint behind a real server on a loopback port."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import fmean
from typing import Any

import httpx
import msgspec
import pytest

from routelab.classifier import build_messages, classify
from routelab.errors import UserError
from routelab.grading import grade_classification, grade_files
from routelab.llm.simulated import Cast, World, load_cast, true_accuracy, true_classifier_accuracy
from routelab.llm.simulated.app import create_app
from routelab.llm.simulated.server import running
from routelab.records import Candidate, ClassifierCase, Completion, DeciderCase, FilesCheck, NormalisedRequest
from routelab.taxonomy import Taxonomy, load_taxonomy

TAXONOMY = Path(__file__).parents[2] / "datasets" / "taxonomy" / "v1" / "taxonomy.json"
SHELL = {
    "type": "function",
    "function": {
        "name": "shell",
        "parameters": {"type": "object", "properties": {"command": {"type": "string"}}},
    },
}
SURE = {
    "context_length": 1000,
    "input_usd_per_million": 1.0,
    "output_usd_per_million": 10.0,
    "latency": {"median_ms": 100, "spread": 0.0},
    "skill": {"default": 1.0},
    "classifier_skill": 1.0,
}


def text_task(number: int) -> DeciderCase:
    return task(
        id=f"investigation-text-{number}",
        user_prompt=f"How many retries does service {number:04d} make?",
        check={"kind": "exact", "value": "17"},
        solution={"answer": "17"},
        distractors=[{"answer": "16"}, {"answer": "18"}],
    )


def shell_task(number: int) -> DeciderCase:
    return task(
        id=f"investigation-shell-{number}",
        user_prompt=f"Please write your number, {number:04d}, into number.txt",
        workspace=f"workspaces/{number}",
        check={"kind": "files", "files": {"number.txt": f"{number:04d}"}},
        solution={"commands": f"echo {number:04d} > number.txt"},
        distractors=[{"commands": "echo 0 > number.txt"}],
    )


def task(**fields: Any) -> DeciderCase:
    common = {
        "route": "investigation/repo_exploration",
        "difficulty": "medium",
        "system_prompt": None,
        "workspace": None,
        "proof": {"kind": "check"},
        "rationale": "made for a test",
        "timeout_s": 60,
    }
    return msgspec.convert({**common, **fields}, type=DeciderCase)


def sorting(number: int, taxonomy: Taxonomy) -> ClassifierCase:
    request = {"api_kind": "messages", "user_prompt_prefix": f"Mend bug {number:04d}", "message_count": 1}
    case = {
        "id": f"sorting-{number}-request",
        "input": request,
        "expected": taxonomy.fallback,
        "rationale": "made for a test",
    }
    return msgspec.convert(case, type=ClassifierCase)


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy(TAXONOMY)


@pytest.fixture(scope="module")
def world(taxonomy: Taxonomy) -> World:
    tasks = [make(number) for make in (text_task, shell_task) for number in range(1, 201)]
    return World(taxonomy, [sorting(number, taxonomy) for number in range(1, 201)], tasks)


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the shipped cast, which answers without delay."""
    app = create_app(world, load_cast(), time_scale=0)
    async with running(app) as server, httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        yield client


def cast_of(**changes: Any) -> Cast:
    return msgspec.convert({"concentration": 3.0, "models": {"sim/sure": {**SURE, **changes}}}, type=Cast)


async def post(
    http: httpx.AsyncClient, candidate: Candidate, messages: list[Any], repetition: int = 1, **more: Any
) -> dict[str, Any]:
    """The answer after as many retries as refusals ask for."""
    body = {"model": candidate.model, "reasoning_effort": candidate.variant, "messages": messages, **more}
    for _ in range(3):
        response = await http.post("chat/completions", json=body, headers={"x-routelab-repetition": str(repetition)})
        assert response.headers["x-routelab-simulated"] == "1"
        if response.status_code == 200:
            answer: dict[str, Any] = response.json()
            return answer
        assert response.status_code in (429, 500)
    raise AssertionError("refused three times")


async def work(
    http: httpx.AsyncClient, candidate: Candidate, case: DeciderCase, folder: Path, repetition: int = 1
) -> str:
    """What an agent with a shell gets out of the model in a folder of its own."""
    messages: list[Any] = [{"role": "user", "content": f"Task: {case.user_prompt}\nThank you."}]
    while True:
        answer = await post(http, candidate, messages, repetition, tools=[SHELL])
        message = answer["choices"][0]["message"]
        messages.append(message)
        if not message.get("tool_calls"):
            return message["content"] or ""
        for call in message["tool_calls"]:
            command = json.loads(call["function"]["arguments"])["command"]
            process = await asyncio.create_subprocess_exec("sh", "-c", command, cwd=folder, stdout=-3)
            await process.wait()
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": "exit code 0"})


async def test_models_and_simulation_are_described(http: httpx.AsyncClient, world: World) -> None:
    models = await http.get("models")
    simulation = await http.get("simulation")
    assert [model["id"] for model in models.json()["data"]] == list(load_cast().models)
    described = simulation.json()
    assert described["simulated"] is True
    candidate = Candidate("sim/cedar-mini")
    assert described["true_accuracy"][str(candidate)] == true_accuracy(load_cast(), candidate, world.decider)
    assert models.headers["x-routelab-simulated"] == simulation.headers["x-routelab-simulated"] == "1"


@pytest.mark.parametrize(
    ("method", "path", "content", "headers", "status", "word"),
    [
        ("POST", "chat/completions", b"<html>", {}, 400, "body"),
        ("POST", "chat/completions", b'{"model": 1}', {}, 400, "model"),
        ("POST", "chat/completions", b'{"model": "sim/atlas-large", "messages": []}', {}, 400, "messages"),
        ("POST", "chat/completions", b"\xff\xfe", {}, 400, "body"),
        ("POST", "chat/completions", b"[" * 100_000, {}, 400, "body"),
        ("POST", "chat/completions", b"{}", {"x-routelab-repetition": "0"}, 400, "repetition"),
        ("POST", "chat/completions", b"{}", {"x-routelab-repetition": "1" * 5000}, 400, "repetition"),
        (
            "POST",
            "chat/completions",
            b'{"model": "sim/none", "messages": [{"role": "user", "content": "hi"}]}',
            {},
            404,
            "sim/none",
        ),
        (
            "POST",
            "chat/completions",
            b'{"model": "sim/drift-nano", "reasoning_effort": "max", "messages": [{"role": "user", "content": "hi"}]}',
            {},
            400,
            "reasoning_effort",
        ),
        ("GET", "nowhere", b"", {}, 404, "Not Found"),
        ("GET", "chat/completions", b"", {}, 405, "Method"),
    ],
)
async def test_errors_are_told_in_one_shape(
    http: httpx.AsyncClient,
    method: str,
    path: str,
    content: bytes,
    headers: dict[str, str],
    status: int,
    word: str,
) -> None:
    response = await http.request(method, path, content=content, headers=headers)
    error = response.json()["error"]
    assert response.status_code == status
    assert set(error) == {"message", "type", "code"}
    assert word in error["message"]
    assert response.headers["x-routelab-simulated"] == "1"


async def test_a_rate_limit_says_when_to_come_again(world: World) -> None:
    case = world.decider[0]
    body = {"model": "sim/sure", "messages": [{"role": "user", "content": case.user_prompt}]}
    app = create_app(world, cast_of(shares={"rate_limited": 1.0}), time_scale=0)
    async with running(app) as server, httpx.AsyncClient(base_url=server.url, trust_env=False) as http:
        refused = await http.post("chat/completions", json=body)
        answer = await post(http, Candidate("sim/sure"), body["messages"])  # type: ignore[arg-type]
    assert refused.status_code == 429
    assert 0 < float(refused.headers["retry-after"]) < 1
    assert answer["choices"][0]["message"]["content"] == "17"


async def test_a_stream_gives_what_a_plain_call_gives(http: httpx.AsyncClient, world: World) -> None:
    candidate = Candidate("sim/beacon-pro", "high")
    for case in (world.decider[0], world.decider[-1], world.classifier[0]):
        if isinstance(case, DeciderCase):
            messages: list[Any] = [{"role": "user", "content": case.user_prompt}]
        else:
            messages = build_messages(case.input, world.taxonomy)
        whole = await post(http, candidate, messages, tools=[SHELL])
        body = {"model": candidate.model, "reasoning_effort": "high", "messages": messages, "tools": [SHELL]}
        options = {"stream": True, "stream_options": {"include_usage": True}}
        response = await http.post("chat/completions", json={**body, **options})
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["x-routelab-simulated"] == "1"
        lines = [line.removeprefix("data: ") for line in response.text.splitlines() if line]
        chunks = [json.loads(line) for line in lines[:-1]]
        deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
        arguments = [part["function"]["arguments"] for delta in deltas for part in delta.get("tool_calls", [])]
        message = whole["choices"][0]["message"]
        assert lines[-1] == "[DONE]"
        assert "".join(delta.get("content", "") for delta in deltas) == (message["content"] or "")
        if message.get("tool_calls"):
            assert "".join(arguments) == message["tool_calls"][0]["function"]["arguments"]
        else:
            assert arguments == []
        assert chunks[-2]["choices"][0]["finish_reason"] == whole["choices"][0]["finish_reason"]
        assert chunks[-1]["usage"] == whole["usage"]


async def test_interleaved_agents_solve_and_fail_as_the_truth_says(
    http: httpx.AsyncClient, world: World, tmp_path: Path
) -> None:
    candidate = Candidate("sim/ember-flash")
    cases = [case for case in world.decider if case.workspace is not None][:60]

    async def solved(case: DeciderCase) -> bool:
        folder = tmp_path / case.id
        folder.mkdir()
        await work(http, candidate, case, folder)
        assert isinstance(case.check, FilesCheck)
        return grade_files(case.check, {"number.txt": (folder / "number.txt").read_text()})

    share = fmean(await asyncio.gather(*map(solved, cases)))
    [truth] = true_accuracy(load_cast(), candidate, cases).values()
    assert 0 < share < 1
    assert share == pytest.approx(truth, abs=0.15)


async def test_classifying_finds_the_true_accuracy(http: httpx.AsyncClient, world: World) -> None:
    candidate = Candidate("sim/fjord-base")

    async def score(case: ClassifierCase) -> float:
        async def complete(messages: list[dict[str, str]]) -> Completion:
            answer = await post(http, candidate, messages)
            return Completion(text=answer["choices"][0]["message"]["content"])

        result = await classify(case.input, world.taxonomy, complete)
        return grade_classification(case.expected, result.classification)

    found = fmean([await score(case) for case in world.classifier])
    assert found == pytest.approx(true_classifier_accuracy(load_cast(), candidate), abs=0.06)


async def test_a_request_that_is_no_golden_case_is_classified(http: httpx.AsyncClient, world: World) -> None:
    request = NormalisedRequest(api_kind="messages", user_prompt_prefix="Fix the crash, it is a bug")

    async def complete(messages: list[dict[str, str]]) -> Completion:
        answer = await post(http, Candidate("sim/cedar-mini"), messages)
        return Completion(text=answer["choices"][0]["message"]["content"])

    result = await classify(request, world.taxonomy, complete)
    assert result.failures == ()
    assert not result.classification.fallback
    assert result.classification.task_type == "debugging"


async def test_latency_is_really_waited_and_scaled(world: World) -> None:
    messages = [{"role": "user", "content": "hello"}]
    waited = []
    for scale in (0.0, 2.0):
        app = create_app(world, cast_of(), time_scale=scale)
        async with running(app) as server, httpx.AsyncClient(base_url=server.url, trust_env=False) as http:
            started = time.perf_counter()
            await post(http, Candidate("sim/sure"), messages)
            waited.append(time.perf_counter() - started)
    assert waited[1] >= 0.2 > waited[0]


async def test_a_taken_port_is_a_clear_error(world: World) -> None:
    app = create_app(world, cast_of())
    async with running(app) as server:
        port = httpx.URL(server.url).port
        assert port is not None
        with pytest.raises(UserError, match=f"cannot listen on 127.0.0.1:{port}"):
            async with running(app, port=port):
                pass


def test_the_plain_part_needs_no_web_framework() -> None:
    code = "import sys, routelab.llm.simulated; print({'litestar', 'uvicorn'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
