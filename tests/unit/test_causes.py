"""The table of errors, a test a row: each kind is made by the code that makes it in earnest."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.integration.loopback import Endpoint, closed_port, completion, serving, tool_call
from tests.integration.streaming import Stream, StreamingEndpoint
from tests.unit.agents.contained_stub import LocalStub, failed, json_answer, lane, said, task

from routelab.agents import DirectAgent
from routelab.bench.classifier_cases import ClassifierExecutor
from routelab.bench.decider_cases import DeciderExecutor
from routelab.bench.outcomes import is_given_up
from routelab.causes import CAUSES, FATAL_KINDS, LANE_ENDING_KINDS, OUTAGE_KINDS, RETRYABLE_KINDS, model_failure
from routelab.config import EndpointConfig
from routelab.errors import SandboxError
from routelab.llm import EndpointClient
from routelab.records import (
    Candidate,
    Classification,
    ClassifierCase,
    DeciderCase,
    Exact,
    NormalisedRequest,
    Proof,
    Solution,
)
from routelab.sandbox import ProcessSandbox
from routelab.sandbox.containers import Engine
from routelab.taxonomy import Taxonomy

MODEL, RETRIED, RECORDED, STOPS, OUTAGE, ENDS_LANE = (
    ("model", False, False, False, False, 0.0),
    ("infrastructure", True, False, False, False, None),
    ("infrastructure", False, False, False, False, None),
    ("infrastructure", False, True, False, False, None),
    ("infrastructure", True, False, True, False, None),
    ("infrastructure", False, False, False, True, None),
)
ROWS = {
    "wrong_answer": MODEL,
    "refusal": MODEL,
    "empty": MODEL,
    "truncated": MODEL,
    "incomplete": MODEL,
    "max_steps": MODEL,
    "deadline": MODEL,
    "over_case_limit": MODEL,
    "invalid_output": MODEL,
    "invalid_request": MODEL,
    "rate_limited": RETRIED,
    "server_error": RETRIED,
    "unreachable": OUTAGE,
    "timeout": RETRIED,
    "bad_response": RETRIED,
    "cut_stream": RETRIED,
    "unknown_model": RECORDED,
    "rejected": RECORDED,
    "unauthorized": STOPS,
    "no_credit": STOPS,
    "budget": STOPS,
    "image_missing": STOPS,
    "sandbox": RETRIED,
    "engine_down": OUTAGE,
    "no_space": RETRIED,
    "no_room": ENDS_LANE,
    "out_of_memory": RETRIED,
    "lost_container": RETRIED,
    "agent_crashed": RETRIED,
}
"""Whose failure, whether it is retried, stops the run, is an outage, ends the lane, and the score."""


@pytest.mark.parametrize("kind", ROWS)
def test_a_row(kind: str) -> None:
    cause = CAUSES[kind]
    flags = (cause.retried, cause.stops_run, cause.outage, cause.ends_lane)
    assert (cause.whose, *flags, cause.score) == ROWS[kind]
    assert cause.meaning
    assert tuple(kind in kinds for kinds in (RETRYABLE_KINDS, FATAL_KINDS, OUTAGE_KINDS, LANE_ENDING_KINDS)) == flags


def test_there_are_no_other_rows() -> None:
    assert list(CAUSES) == list(ROWS)


@pytest.mark.parametrize("kind", [kind for kind, row in ROWS.items() if row[0] == "infrastructure"])
def test_how_often_a_row_is_tried(kind: str) -> None:
    tries = next((tries for tries in range(1, 99) if is_given_up([kind] * tries, infrastructure_attempts=5)), None)
    assert tries == {RETRIED: 5, RECORDED: 1, STOPS: None, OUTAGE: 3 * 5, ENDS_LANE: 1}[ROWS[kind]]


# How the agents and the endpoint make them


async def attempt(
    *answers: Stream,
    program: LocalStub | None = None,
    url: str | None = None,
    timeout_s: float = 20,
    call_timeout_s: float = 5,
    **limits: float,
) -> tuple[str, float | None]:
    """The kind and the score of an attempt of the stub agent in a lane, as it is recorded."""
    endpoint = StreamingEndpoint(lambda _call, number: answers[min(number, len(answers)) - 1])
    with serving(endpoint) as running:
        async with lane(url or running.url, program, call_timeout_s=call_timeout_s, **limits) as at:
            case = DeciderCase(
                id="case-1",
                route="debugging/bug_fixing",
                difficulty="low",
                system_prompt=None,
                user_prompt="How many?",
                workspace=None,
                check=Exact("42"),
                solution=Solution(answer="42"),
                distractors=[],
                proof=Proof("check"),
                rationale="r",
                timeout_s=60,
            )
            executor = DeciderExecutor(
                {"case-1": case}, Path(), at.agent, at.sandbox, run_id="run-1", timeout_s=timeout_s
            )
            execution = await executor.execute("case-1", Candidate("real/one"), 1)
    kind = execution.error.kind if execution.error else execution.error_kind
    return kind or "wrong_answer", execution.score


_CRASH = LocalStub(command="exit 3")
_KILLED = LocalStub(command="exit 137")


@pytest.mark.parametrize(
    ("kind", "answer", "options"),
    [
        ("wrong_answer", said("41"), {}),
        ("refusal", said("42", reason="content_filter"), {}),
        ("empty", said(""), {}),
        ("truncated", said("42", reason="length"), {}),
        ("incomplete", said("42", reason="other"), {}),
        ("deadline", said("42", wait_s=1.2), {"timeout_s": 0.8}),
        ("over_case_limit", said(None, "true"), {"case_limit": 0.1}),
        ("rate_limited", failed(429), {}),
        ("server_error", failed(500), {}),
        ("server_error", failed(529), {}),
        ("server_error", failed(408), {}),
        ("timeout", said("42", wait_s=1), {"call_timeout_s": 0.3}),
        ("bad_response", json_answer(b"<html>", headers={"content-type": "text/html"}), {}),
        ("cut_stream", json_answer(b'{"choices": [', cut=True), {}),
        ("unknown_model", failed(404), {}),
        ("rejected", failed(400, "unknown reasoning_effort"), {}),
        ("invalid_request", (said(None, "true"), failed(400, "maximum context length")), {}),
        ("unauthorized", failed(401), {}),
        ("no_credit", failed(402), {}),
        ("budget", said(None, "true"), {"run_limit": 0.1}),
        ("unreachable", said("42"), {"url": "nobody listens"}),
        ("agent_crashed", said("42"), {"program": _CRASH}),
        ("out_of_memory", said("42"), {"program": _KILLED}),
    ],
)
async def test_how_an_attempt_of_an_agent_ends(
    kind: str, answer: Stream | tuple[Stream, ...], options: dict[str, Any]
) -> None:
    if "url" in options:
        options = {"url": f"http://127.0.0.1:{closed_port()}/v1"}
    answers = answer if isinstance(answer, tuple) else (answer,)
    assert await attempt(*answers, **options) == (kind, ROWS[kind][-1])


@contextmanager
def client(endpoint: Endpoint) -> Iterator[EndpointClient]:
    with serving(endpoint) as running:
        yield EndpointClient(EndpointConfig.model_validate({"base_url": running.url, "attempts": 1}))


async def test_a_model_that_never_stops_calling_tools() -> None:
    with client(Endpoint(script=lambda _call, _number: tool_call('{"command": "true"}'))) as asked:
        async with asked:
            sandbox = ProcessSandbox()
            await sandbox.start()
            result = await DirectAgent(asked, max_steps=2).run(task(), sandbox)
            await sandbox.close()
    ended = model_failure(finish_reason=result.finish_reason, final_text=result.final_text, timed_out=False)
    assert ended == "max_steps"


async def test_a_classification_that_is_none(taxonomy: Taxonomy, classification: Classification) -> None:
    request = NormalisedRequest(api_kind="messages", user_prompt_prefix="There is a bug")
    case = ClassifierCase(id="case-1", input=request, expected=classification, rationale="r")
    with client(Endpoint(script=lambda _call, _number: completion("no idea"))) as asked:
        async with asked:
            executor = ClassifierExecutor({"case-1": case}, taxonomy, asked, timeout_s=10)
            execution = await executor.execute("case-1", Candidate("real/one"), 1)
    assert execution.error_kind == "invalid_output"
    assert execution.error is None


# How the sandboxes make them: a server that answers as Docker's engine does


class _Refusing(BaseHTTPRequestHandler):
    """An engine of API 1.41 that answers every call but for its version with `status` and `message`."""

    status = 500
    message = ""

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        ping = self.path.endswith("/version")
        raw = json.dumps({"ApiVersion": "1.41"} if ping else {"message": self.message}).encode()
        self.send_response(200 if ping else self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def refusing(status: int, message: str) -> Iterator[str]:
    handler = type("Handler", (_Refusing,), {"status": status, "message": message})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"tcp://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _create(api: Any) -> object:
    return api.create_container("routelab/kilo:1")


def _start(api: Any) -> object:
    return api.start("0123")


@pytest.mark.parametrize(
    ("kind", "call", "status", "message"),
    [
        ("image_missing", _create, 404, "No such image: routelab/kilo:1"),
        ("lost_container", _start, 404, "No such container: 0123"),
        ("lost_container", lambda api: api.exec_create("0123", "ls"), 409, "Container 0123 is not running"),
        ("no_space", _start, 500, "mkdir /var/lib/docker/overlay2/1: no space left on device"),
        ("no_space", _create, 500, "write /data: disk quota exceeded"),
        ("sandbox", _start, 500, "OCI runtime create failed"),
        ("sandbox", _create, 400, "invalid mount"),
    ],
)
async def test_what_the_engine_refuses(
    kind: str,
    call: Callable[[Any], object],
    status: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with refusing(status, message) as url:
        monkeypatch.setenv("DOCKER_HOST", url)
        async with Engine() as engine:
            with pytest.raises(SandboxError, match=message.split("/")[0]) as refused:
                await engine.call(call, engine.client.api)
    assert refused.value.kind == kind


async def test_an_engine_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{closed_port()}")
    with pytest.raises(SandboxError, match="no Docker engine answers") as refused:
        Engine()
    assert refused.value.kind == "engine_down"


async def test_an_engine_that_goes_away_or_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    with refusing(500, "") as url:
        monkeypatch.setenv("DOCKER_HOST", url)
        engine = Engine()
    async with engine:
        with pytest.raises(SandboxError) as gone:
            await engine.call(_start, engine.client.api)
        with pytest.raises(SandboxError, match=r"did not answer within 0\.05 s") as hanging:
            await engine.call(threading.Event().wait, 0.3, timeout_s=0.05)
    assert (gone.value.kind, hanging.value.kind) == ("engine_down", "engine_down")


async def test_what_is_a_bug_of_ours_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with refusing(500, "") as url:
        monkeypatch.setenv("DOCKER_HOST", url)
        async with Engine() as engine:
            with pytest.raises(ZeroDivisionError):
                await engine.call(lambda: 1 // 0)


async def test_a_place_that_cannot_be_prepared(tmp_path: Path) -> None:
    sandbox = ProcessSandbox()
    await sandbox.start()
    with pytest.raises(SandboxError) as failed_place:
        await sandbox.reset(tmp_path / "nowhere")
    await sandbox.close()
    assert failed_place.value.kind == "sandbox"
