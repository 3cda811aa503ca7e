"""OpenRouter's chat completions, as kilo speaks them: the OpenAI API but for efforts and errors."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct, structs

from routelab.llm.simulated.apis import chat_completions
from routelab.llm.simulated.apis.protocol import decode
from routelab.llm.simulated.conversation import ChatRequest, StreamOptions
from routelab.llm.simulated.simulator import Answer, CallError


class _Reasoning(Struct, frozen=True):
    effort: str | None = None


class _Body(ChatRequest, frozen=True):
    reasoning: _Reasoning | None = None


_decoder = msgspec.json.Decoder(_Body)


def read(content: bytes) -> ChatRequest:
    """The conversation in a request's body; CallError with status 400 when there is none."""
    body = decode(_decoder, content, "chat completion request")
    asked = None if body.reasoning is None else body.reasoning.effort
    return structs.replace(body, reasoning_effort=body.reasoning_effort or asked)


def whole(answer: Answer, model: str, created: int) -> dict[str, Any]:
    """The body of an answer that is not streamed; `created` in seconds since 1970."""
    return {**chat_completions.whole(answer, model, created), "provider": "simulation"}


def events(answer: Answer, request: ChatRequest, created: int) -> Iterator[bytes]:
    """The server-sent events of a streamed answer; the usage always comes."""
    told = structs.replace(request, stream_options=StreamOptions(include_usage=True))
    return chat_completions.events(answer, told, created)


def error(problem: CallError) -> dict[str, Any]:
    """The body of an error answer, with the HTTP status as its code."""
    return {"error": {"message": str(problem), "code": problem.status}}
