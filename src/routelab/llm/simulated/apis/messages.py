"""Anthropic's messages API, as claude-code speaks it."""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from routelab.llm.simulated.apis.protocol import command_of, decode, function_call, json_text, named_event, pieces
from routelab.llm.simulated.conversation import ChatRequest, Message
from routelab.llm.simulated.simulator import Answer, CallError

_STOP_REASONS = {"stop": "end_turn", "tool_calls": "tool_use", "length": "max_tokens"}
_KINDS = {400: "invalid_request_error", 404: "not_found_error", 429: "rate_limit_error"}


class _Turn(Struct, frozen=True):
    role: str
    content: str | list[Any]


class _Effort(Struct, frozen=True):
    effort: str | None = None


class _Tool(Struct, frozen=True):
    name: str
    description: str = ""
    input_schema: dict[str, Any] = {}


class _Body(Struct, frozen=True):
    model: str
    messages: Annotated[list[_Turn], Meta(min_length=1)]
    system: str | list[Any] | None = None
    tools: list[_Tool] | None = None
    stream: bool | None = None
    output_config: _Effort | None = None


_decoder = msgspec.json.Decoder(_Body)


def read(content: bytes) -> ChatRequest:
    """The conversation in a request's body; CallError with status 400 when there is none."""
    body = decode(_decoder, content, "messages request")
    system = [Message("system", body.system)] if body.system else []
    return ChatRequest(
        model=body.model,
        messages=[*system, *(message for turn in body.messages for message in _messages(turn))],
        tools=None if body.tools is None else [_tool(tool) for tool in body.tools],
        stream=body.stream,
        reasoning_effort=None if body.output_config is None else body.output_config.effort,
    )


def whole(answer: Answer, model: str, created: int) -> dict[str, Any]:  # noqa: ARG001
    """The body of an answer that is not streamed; this API does not tell when it was made."""
    stop = {"stop_reason": _STOP_REASONS[answer.reply.finish_reason], "stop_sequence": None}
    return {**_opened(answer, model), "content": _blocks(answer), **stop, "usage": usage(answer)}


def events(answer: Answer, request: ChatRequest, created: int) -> Iterator[bytes]:
    """The server-sent events of a streamed answer."""
    ended = whole(answer, request.model, created)
    yield named_event({"type": "message_start", "message": _opened(answer, request.model)})
    for index, block in enumerate(ended["content"]):
        for event in _block_events(block):
            yield named_event({**event, "index": index})
    stop = {key: ended[key] for key in ("stop_reason", "stop_sequence")}
    yield named_event({"type": "message_delta", "delta": stop, "usage": ended["usage"]})
    yield named_event({"type": "message_stop"})


def error(problem: CallError) -> dict[str, Any]:
    """The body of an error answer."""
    return {"type": "error", "error": {"type": _KINDS.get(problem.status, "api_error"), "message": str(problem)}}


def usage(answer: Answer) -> dict[str, Any]:
    """Tokens and `cost` (USD); thinking is among the output tokens."""
    return {**_read_tokens(answer), "output_tokens": answer.billing.completion_tokens, "cost": answer.billing.cost_usd}


def _read_tokens(answer: Answer) -> dict[str, Any]:
    cached = {"cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
    return {"input_tokens": answer.billing.prompt_tokens, **cached}


def _messages(turn: _Turn) -> Iterator[Message]:
    """A turn as messages; the results of tools, which a user's turn opens with, are messages of their own."""
    if isinstance(turn.content, str):
        yield Message(turn.role, turn.content)
        return
    blocks = [block for block in turn.content if isinstance(block, dict)]
    results = [block for block in blocks if block.get("type") == "tool_result"]
    calls = [block for block in blocks if block.get("type") == "tool_use"]
    said = [block for block in blocks if block.get("type") not in ("tool_result", "tool_use")]
    for result in results:
        yield Message("tool", _content(result.get("content")))
    if said or not results:
        made = [function_call(call.get("name"), json_text(call.get("input"))) for call in calls]
        yield Message(turn.role, said, tool_calls=made or None)


def _content(value: object) -> str | list[Any] | None:
    return value if isinstance(value, str | list) else None


def _tool(tool: _Tool) -> dict[str, Any]:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.input_schema}
    return {"type": "function", "function": function}


def _opened(answer: Answer, model: str) -> dict[str, Any]:
    return {
        "id": f"msg_{answer.id}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {**_read_tokens(answer), "output_tokens": 0},
    }


def _blocks(answer: Answer) -> list[dict[str, Any]]:
    called = command_of(answer)
    if called is not None:
        name, arguments = called
        return [{"type": "tool_use", "id": f"toolu_{answer.id}", "name": name, "input": arguments}]
    return [{"type": "text", "text": answer.reply.text}] if answer.reply.text else []


def _block_events(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if block["type"] == "text":
        opening, kind, key, content = {**block, "text": ""}, "text_delta", "text", block["text"]
    else:
        opening, kind, key, content = (
            {**block, "input": {}},
            "input_json_delta",
            "partial_json",
            json_text(block["input"]),
        )
    yield {"type": "content_block_start", "content_block": opening}
    for piece in pieces(content):
        yield {"type": "content_block_delta", "delta": {"type": kind, key: piece}}
    yield {"type": "content_block_stop"}
