"""The OpenAI API's chat completions, with the billed cost in the usage as OpenRouter reports it."""

from collections.abc import Iterator
from typing import Any

import msgspec

from routelab.llm.simulated.apis.protocol import command_of, decode, function_call, json_text, pieces
from routelab.llm.simulated.conversation import ChatRequest
from routelab.llm.simulated.simulator import Answer, CallError

_END_OF_STREAM = b"data: [DONE]\n\n"
_decoder = msgspec.json.Decoder(ChatRequest)


def read(content: bytes) -> ChatRequest:
    """The conversation in a request's body; CallError with status 400 when there is none."""
    return decode(_decoder, content, "chat completion request")


def whole(answer: Answer, model: str, created: int) -> dict[str, Any]:
    """The body of an answer that is not streamed; `created` in seconds since 1970."""
    message: dict[str, Any] = {"role": "assistant", "content": answer.reply.text}
    call = _tool_call(answer)
    if call is not None:
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choice = {"index": 0, "message": message, "finish_reason": answer.reply.finish_reason}
    head = {"id": _id(answer), "object": "chat.completion", "created": created, "model": model}
    return {**head, "choices": [choice], "usage": usage(answer)}


def events(answer: Answer, request: ChatRequest, created: int) -> Iterator[bytes]:
    """The server-sent events of a streamed answer; the usage comes last and only when asked for."""
    include_usage = request.stream_options is not None and bool(request.stream_options.include_usage)
    head = {"id": _id(answer), "object": "chat.completion.chunk", "created": created, "model": request.model}
    unknown = {"usage": None} if include_usage else {}
    for delta in _deltas(answer):
        yield _event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}], **unknown})
    end = {"index": 0, "delta": {}, "finish_reason": answer.reply.finish_reason}
    yield _event({**head, "choices": [end], **unknown})
    if include_usage:
        yield _event({**head, "choices": [], "usage": usage(answer)})
    yield _END_OF_STREAM


def error(problem: CallError) -> dict[str, Any]:
    """The body of an error answer."""
    return {"error": {"message": str(problem), "type": problem.kind, "code": problem.code}}


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


def _id(answer: Answer) -> str:
    return f"chatcmpl-{answer.id}"


def _tool_call(answer: Answer) -> dict[str, Any] | None:
    called = command_of(answer)
    if called is None:
        return None
    name, arguments = called
    return {"id": f"call-{answer.id}", **function_call(name, json_text(arguments))}


def _deltas(answer: Answer) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": ""}
    call = _tool_call(answer)
    if call is None:
        for piece in pieces(answer.reply.text):
            yield {"content": piece}
        return
    arguments = call["function"]["arguments"]
    opening = {**call, "index": 0, "function": {**call["function"], "arguments": ""}}
    yield {"tool_calls": [opening]}
    for piece in pieces(arguments):
        yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}


def _event(body: dict[str, Any]) -> bytes:
    return b"data: " + msgspec.json.encode(body) + b"\n\n"
