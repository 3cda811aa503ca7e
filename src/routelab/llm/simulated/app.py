"""The HTTP face of the simulated endpoint."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterable
from typing import Any

from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Stream
from litestar.types import ExceptionHandlersMap, Message, Scope

from routelab.llm.checks import SIMULATED_HEADER
from routelab.llm.client import REPETITION_HEADER
from routelab.llm.simulated.apis import chat_completions, messages, models, openrouter, responses
from routelab.llm.simulated.apis.protocol import Api, bad_request
from routelab.llm.simulated.cast import Cast
from routelab.llm.simulated.simulator import CallError, Simulator
from routelab.llm.simulated.world import World

_REPETITION = re.compile(r"[1-9][0-9]{0,5}")
_APIS: dict[str, Api] = {
    "/v1/chat/completions": chat_completions,
    "/v1/responses": responses,
    "/v1/messages": messages,
    "/api/openrouter/chat/completions": openrouter,
}


def create_app(world: World, cast: Cast, *, time_scale: float = 1.0) -> Litestar:
    """The simulated endpoint as an ASGI application.

    `time_scale` multiplies every latency; 0 answers at once.
    """
    simulator = Simulator(world, cast)
    description = simulator.describe()

    @get("/v1/simulation", sync_to_thread=False)
    def describe_simulation() -> dict[str, object]:
        return description

    return Litestar(
        [
            describe_simulation,
            *_model_lists(cast),
            *(_calls(path, api, simulator, time_scale) for path, api in _APIS.items()),
            _token_count(simulator),
        ],
        before_send=[_mark_as_simulated],
        exception_handlers=_refusals(chat_completions),
        openapi_config=None,
        logging_config=None,
    )


def _model_lists(cast: Cast) -> list[HTTPRouteHandler]:
    listed, listed_for_openrouter = models.listed(cast), models.listed_for_openrouter(cast)

    @get("/v1/models", sync_to_thread=False)
    def list_models() -> dict[str, Any]:
        return listed

    @get("/v1/models/{name:path}", sync_to_thread=False)
    def describe_model(name: FromPath[str]) -> dict[str, Any]:
        return models.described(cast, name.removeprefix("/"))

    @get("/api/openrouter/models", sync_to_thread=False)
    def list_models_for_openrouter() -> dict[str, Any]:
        return listed_for_openrouter

    return [list_models, describe_model, list_models_for_openrouter]


def _calls(path: str, api: Api, simulator: Simulator, time_scale: float) -> HTTPRouteHandler:
    """The calls of one API."""

    @post(path, status_code=200, exception_handlers=_refusals(api))
    async def call(request: Request[Any, Any, Any]) -> Response[Any]:
        repetition = _repetition(request.headers.get(REPETITION_HEADER))
        body = api.read(await request.body())
        answer = simulator.call(body, repetition)
        await asyncio.sleep(answer.latency_ms * time_scale / 1000)
        created = int(time.time())
        if not body.stream:
            return Response(api.whole(answer, body.model, created))
        return Stream(_without_threads(api.events(answer, body, created)), media_type="text/event-stream")

    return call


def _token_count(simulator: Simulator) -> HTTPRouteHandler:
    @post("/v1/messages/count_tokens", status_code=200, exception_handlers=_refusals(messages))
    async def count_tokens(request: Request[Any, Any, Any]) -> dict[str, int]:
        return {"input_tokens": simulator.count(messages.read(await request.body()))}

    return count_tokens


async def _without_threads(events: Iterable[bytes]) -> AsyncIterator[bytes]:
    """Litestar would draw each event of a plain iterator in a thread."""
    for event in events:
        yield event


async def _mark_as_simulated(message: Message, scope: Scope) -> None:  # noqa: ARG001
    if message["type"] == "http.response.start":
        MutableScopeHeaders.from_message(message)[SIMULATED_HEADER] = "1"


def _repetition(header: str | None) -> int:
    if header is None:
        return 1
    if _REPETITION.fullmatch(header) is None:
        raise bad_request(f"The header {REPETITION_HEADER} must be a whole number from 1, not {header!r}.")
    return int(header)


def _refusals(api: Api) -> ExceptionHandlersMap:
    """How errors are told in the shape of an API."""

    def refuse(_: Request[Any, Any, Any], problem: CallError) -> Response[Any]:
        headers = {} if problem.retry_after_s is None else {"retry-after": str(problem.retry_after_s)}
        return Response(api.error(problem), status_code=problem.status, headers=headers)

    def refuse_request(request: Request[Any, Any, Any], problem: HTTPException) -> Response[Any]:
        kind = "server_error" if problem.status_code >= 500 else "invalid_request_error"
        return refuse(request, CallError(problem.status_code, problem.detail, kind=kind, code=None))

    return {CallError: refuse, HTTPException: refuse_request}
