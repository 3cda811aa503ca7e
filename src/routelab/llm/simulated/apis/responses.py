"""The OpenAI API's responses, as codex speaks them."""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from routelab.llm.simulated.apis import chat_completions
from routelab.llm.simulated.apis.protocol import (
    bad_request,
    command_of,
    decode,
    function_call,
    json_text,
    named_event,
    pieces,
)
from routelab.llm.simulated.conversation import ChatRequest, Message
from routelab.llm.simulated.simulator import Answer

error = chat_completions.error


class _Reasoning(Struct, frozen=True):
    effort: str | None = None


class _Item(Struct, frozen=True):
    type: str = "message"
    role: str = ""
    content: str | list[Any] | None = None
    name: str = ""
    arguments: str = ""
    input: str = ""
    output: str | list[Any] | None = None


class _Body(Struct, frozen=True):
    model: str
    input: str | Annotated[list[_Item], Meta(min_length=1)]
    instructions: str | None = None
    tools: list[dict[str, Any]] | None = None
    stream: bool | None = None
    reasoning: _Reasoning | None = None


_decoder = msgspec.json.Decoder(_Body)


def read(content: bytes) -> ChatRequest:
    """The conversation in a request's body; CallError with status 400 when there is none."""
    body = decode(_decoder, content, "responses request")
    items = [Message("user", body.input)] if isinstance(body.input, str) else [*_messages(body.input)]
    if not items:
        raise bad_request("The body is no responses request: its input holds no message.")
    return ChatRequest(
        model=body.model,
        messages=[*([Message("system", body.instructions)] if body.instructions else []), *items],
        tools=None if body.tools is None else [_tool(tool) for tool in body.tools],
        stream=body.stream,
        reasoning_effort=None if body.reasoning is None else body.reasoning.effort,
    )


def whole(answer: Answer, model: str, created: int) -> dict[str, Any]:
    """The body of an answer that is not streamed; `created` in seconds since 1970."""
    cut_off = answer.reply.finish_reason == "length"
    return {
        **_opened(answer, model, created),
        "status": "incomplete" if cut_off else "completed",
        "incomplete_details": {"reason": "max_output_tokens"} if cut_off else None,
        "output": [_item(answer)],
        "usage": usage(answer),
    }


def events(answer: Answer, request: ChatRequest, created: int) -> Iterator[bytes]:
    """The server-sent events of a streamed answer."""
    for number, event in enumerate(_events(answer, request.model, created)):
        yield named_event({**event, "sequence_number": number})


def usage(answer: Answer) -> dict[str, Any]:
    """Tokens and `cost` (USD)."""
    billing = answer.billing
    return {
        "input_tokens": billing.prompt_tokens,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": billing.completion_tokens,
        "output_tokens_details": {"reasoning_tokens": billing.thinking_tokens},
        "total_tokens": billing.prompt_tokens + billing.completion_tokens,
        "cost": billing.cost_usd,
    }


def _messages(items: list[_Item]) -> Iterator[Message]:
    """The items as messages; what the model does not read, such as its own thoughts, is left out."""
    for item in items:
        if item.type == "message" and item.role:
            yield Message(item.role, item.content)
        elif item.type in ("function_call", "custom_tool_call"):
            yield Message("assistant", tool_calls=[function_call(item.name, item.arguments or item.input)])
        elif item.type in ("function_call_output", "custom_tool_call_output"):
            yield Message("tool", item.output)


def _tool(tool: dict[str, Any]) -> dict[str, Any]:
    if tool.get("type") != "function":
        return tool
    return {"type": "function", "function": {key: value for key, value in tool.items() if key != "type"}}


def _opened(answer: Answer, model: str, created: int) -> dict[str, Any]:
    return {
        "id": f"resp_{answer.id}",
        "object": "response",
        "created_at": created,
        "model": model,
        "status": "in_progress",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": None,
    }


def _item(answer: Answer) -> dict[str, Any]:
    called = command_of(answer)
    if called is None:
        status = "incomplete" if answer.reply.finish_reason == "length" else "completed"
        head = {"id": f"msg_{answer.id}", "type": "message", "status": status, "role": "assistant"}
        return {**head, "content": [_part(answer.reply.text)]}
    name, arguments = called
    head = {"id": f"fc_{answer.id}", "type": "function_call", "status": "completed"}
    return {**head, "call_id": f"call_{answer.id}", "name": name, "arguments": json_text(arguments)}


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": []}


def _events(answer: Answer, model: str, created: int) -> Iterator[dict[str, Any]]:
    opened = _opened(answer, model, created)
    yield {"type": "response.created", "response": opened}
    yield {"type": "response.in_progress", "response": opened}
    item = _item(answer)
    unsaid: dict[str, Any] = {"content": []} if item["type"] == "message" else {"arguments": ""}
    begun = {**item, "status": "in_progress", **unsaid}
    place = {"output_index": 0}
    yield {"type": "response.output_item.added", **place, "item": begun}
    inside = {**place, "item_id": item["id"]}
    if item["type"] == "message":
        yield from _text_events(answer.reply.text, {**inside, "content_index": 0})
    else:
        kind = "response.function_call_arguments"
        for piece in pieces(item["arguments"]):
            yield {"type": f"{kind}.delta", **inside, "delta": piece}
        yield {"type": f"{kind}.done", **inside, "name": item["name"], "arguments": item["arguments"]}
    yield {"type": "response.output_item.done", **place, "item": item}
    ended = whole(answer, model, created)
    yield {"type": f"response.{ended['status']}", "response": ended}


def _text_events(text: str, inside: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"type": "response.content_part.added", **inside, "part": _part("")}
    for piece in pieces(text):
        yield {"type": "response.output_text.delta", **inside, "delta": piece, "logprobs": []}
    yield {"type": "response.output_text.done", **inside, "text": text, "logprobs": []}
    yield {"type": "response.content_part.done", **inside, "part": _part(text)}
