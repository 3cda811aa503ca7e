"""The HTTP face of the simulated endpoint."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterable
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import HTTPException
from litestar.response import Stream
from litestar.types import Message, Scope

from routelab.llm.client import REPETITION_HEADER, SIMULATED_HEADER
from routelab.llm.simulated import wire
from routelab.llm.simulated.cast import Cast
from routelab.llm.simulated.conversation import ChatRequest
from routelab.llm.simulated.simulator import CallError, Simulator
from routelab.llm.simulated.world import World

_REPETITION = re.compile(r"[1-9][0-9]{0,5}")
_decoder = msgspec.json.Decoder(ChatRequest)


def create_app(world: World, cast: Cast, *, time_scale: float = 1.0) -> Litestar:
    """The simulated endpoint as an ASGI application.

    `time_scale` multiplies every latency; 0 answers at once.
    """
    simulator = Simulator(world, cast)
    models = wire.model_list(cast)
    description = simulator.describe()

    @get("/v1/models", sync_to_thread=False)
    def list_models() -> dict[str, Any]:
        return models

    @get("/v1/simulation", sync_to_thread=False)
    def describe_simulation() -> dict[str, object]:
        return description

    @post("/v1/chat/completions", status_code=200)
    async def chat_completions(request: Request[Any, Any, Any]) -> Response[Any]:
        repetition = _repetition(request.headers.get(REPETITION_HEADER))
        body = _decode(await request.body())
        answer = simulator.call(body, repetition)
        await asyncio.sleep(answer.latency_ms * time_scale / 1000)
        created = int(time.time())
        if not body.stream:
            return Response(wire.completion(answer, body.model, created))
        include_usage = body.stream_options is not None and body.stream_options.include_usage
        events = wire.events(answer, body.model, created, include_usage=bool(include_usage))
        return Stream(_without_threads(events), media_type="text/event-stream")

    return Litestar(
        [list_models, describe_simulation, chat_completions],
        before_send=[_mark_as_simulated],
        exception_handlers={CallError: _refuse, HTTPException: _refuse_request},
        openapi_config=None,
        logging_config=None,
    )


async def _without_threads(events: Iterable[bytes]) -> AsyncIterator[bytes]:
    """Litestar would draw each event of a plain iterator in a thread."""
    for event in events:
        yield event


async def _mark_as_simulated(message: Message, scope: Scope) -> None:  # noqa: ARG001
    if message["type"] == "http.response.start":
        MutableScopeHeaders.from_message(message)[SIMULATED_HEADER] = "1"


def _decode(content: bytes) -> ChatRequest:
    try:
        return _decoder.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _bad_request(f"The body is no chat completion request: {error}.") from error


def _repetition(header: str | None) -> int:
    if header is None:
        return 1
    if _REPETITION.fullmatch(header) is None:
        raise _bad_request(f"The header {REPETITION_HEADER} must be a whole number from 1, not {header!r}.")
    return int(header)


def _bad_request(message: str) -> CallError:
    return CallError(400, message, kind="invalid_request_error", code=None)


def _refuse(_: Request[Any, Any, Any], problem: CallError) -> Response[Any]:
    headers = {} if problem.retry_after_s is None else {"retry-after": str(problem.retry_after_s)}
    return Response(wire.error(problem), status_code=problem.status, headers=headers)


def _refuse_request(request: Request[Any, Any, Any], problem: HTTPException) -> Response[Any]:
    kind = "server_error" if problem.status_code >= 500 else "invalid_request_error"
    return _refuse(request, CallError(problem.status_code, problem.detail, kind=kind, code=None))
