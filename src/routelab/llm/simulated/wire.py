"""The shapes of the OpenAI API (and OpenRouter's prices) in which the simulation answers."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from routelab.llm.simulated.cast import Cast, Model
from routelab.llm.simulated.simulator import Answer, CallError

_PIECE_CHARS = 40
_END_OF_STREAM = b"data: [DONE]\n\n"


def completion(answer: Answer, model: str, created: int) -> dict[str, Any]:
    """The body of an answer that is not streamed; `created` in seconds since 1970."""
    message: dict[str, Any] = {"role": "assistant", "content": answer.reply.text}
    call = _tool_call(answer)
    if call is not None:
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choice = {"index": 0, "message": message, "finish_reason": answer.reply.finish_reason}
    head = {"id": answer.id, "object": "chat.completion", "created": created, "model": model}
    return {**head, "choices": [choice], "usage": usage(answer)}


def events(answer: Answer, model: str, created: int, *, include_usage: bool) -> Iterator[bytes]:
    """The server-sent events of a streamed answer; the usage comes last and only when asked for."""
    head = {"id": answer.id, "object": "chat.completion.chunk", "created": created, "model": model}
    unknown = {"usage": None} if include_usage else {}
    for delta in _deltas(answer):
        yield _event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}], **unknown})
    end = {"index": 0, "delta": {}, "finish_reason": answer.reply.finish_reason}
    yield _event({**head, "choices": [end], **unknown})
    if include_usage:
        yield _event({**head, "choices": [], "usage": usage(answer)})
    yield _END_OF_STREAM


def usage(answer: Answer) -> dict[str, Any]:
    """Tokens and `cost` (USD)."""
    billing = answer.billing
    return {
        "prompt_tokens": billing.prompt_tokens,
        "completion_tokens": billing.completion_tokens,
        "total_tokens": billing.prompt_tokens + billing.completion_tokens,
        "completion_tokens_details": {"reasoning_tokens": billing.thinking_tokens},
        "cost": billing.cost_usd,
    }


def model_list(cast: Cast) -> dict[str, Any]:
    """The body of `/v1/models`; prices are USD per token, written as decimals."""
    return {"object": "list", "data": [_model(name, model) for name, model in cast.models.items()]}


def error(problem: CallError) -> dict[str, Any]:
    """The body of an error answer."""
    return {"error": {"message": str(problem), "type": problem.kind, "code": problem.code}}


def _model(name: str, model: Model) -> dict[str, Any]:
    parameters = ["tools", "tool_choice", "stream", *(["reasoning_effort"] if model.variants else [])]
    return {
        "id": name,
        "object": "model",
        "owned_by": "simulation",
        "context_length": model.context_length,
        "architecture": {"input_modalities": ["text"]},
        "pricing": {
            "prompt": _per_token(model.input_usd_per_million),
            "completion": _per_token(model.output_usd_per_million),
        },
        "supported_parameters": parameters,
    }


def _per_token(usd_per_million: float) -> str:
    return format(Decimal(str(usd_per_million)) / 1_000_000, "f")


def _tool_call(answer: Answer) -> dict[str, Any] | None:
    if answer.shell is None or answer.reply.command is None:
        return None
    arguments = msgspec.json.encode({answer.shell.parameter: answer.reply.command}).decode()
    function = {"name": answer.shell.function, "arguments": arguments}
    return {"id": answer.id.replace("chatcmpl", "call"), "type": "function", "function": function}


def _deltas(answer: Answer) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": ""}
    call = _tool_call(answer)
    if call is None:
        for piece in _pieces(answer.reply.text):
            yield {"content": piece}
        return
    arguments = call["function"]["arguments"]
    opening = {**call, "index": 0, "function": {**call["function"], "arguments": ""}}
    yield {"tool_calls": [opening]}
    for piece in _pieces(arguments):
        yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), _PIECE_CHARS):
        yield text[start : start + _PIECE_CHARS]


def _event(body: dict[str, Any]) -> bytes:
    return b"data: " + msgspec.json.encode(body) + b"\n\n"
