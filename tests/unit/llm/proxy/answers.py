"""Answers of the three APIs, as endpoints give them, plain and streamed."""

import json
from typing import Any

from routelab.records.requests import ApiKind

KINDS: list[ApiKind] = ["chat_completions", "responses", "messages"]


def stream(*events: Any) -> bytes:
    """Server-sent events; a string stands for itself."""
    out = b""
    for event in events:
        name = f"event: {event['type']}\n" if isinstance(event, dict) and "type" in event else ""
        out += f"{name}data: {event if isinstance(event, str) else json.dumps(event)}\n\n".encode()
    return out


def chat(finish_reason: str = "stop", *, cost: float | None = 0.25, **message: Any) -> dict[str, Any]:
    usage = {"prompt_tokens": 100, "completion_tokens": 20, **({} if cost is None else {"cost": cost})}
    choice = {"index": 0, "message": {"role": "assistant", "content": "42", **message}, "finish_reason": finish_reason}
    return {"id": "1", "object": "chat.completion", "choices": [choice], "usage": usage}


def chat_events(finish_reason: str = "stop", *, cost: float | None = 0.25) -> list[Any]:
    usage = {"prompt_tokens": 100, "completion_tokens": 20, **({} if cost is None else {"cost": cost})}
    return [
        {"choices": [{"index": 0, "delta": {"content": "4"}, "finish_reason": None}], "usage": None},
        {"choices": [{"index": 0, "delta": {"content": "2 é"}, "finish_reason": None}], "usage": None},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": finish_reason}], "usage": None},
        {"choices": [], "usage": usage},
        "[DONE]",
    ]


def response(status: str = "completed", *, cost: float | None = 0.25, item: str = "message", **more: Any) -> Any:
    usage = {"input_tokens": 100, "output_tokens": 20, **({} if cost is None else {"cost": cost})}
    return {"object": "response", "status": status, "output": [{"type": item}], "usage": usage, "error": None, **more}


def response_events(status: str = "completed", **more: Any) -> list[Any]:
    return [
        {"type": "response.created", "response": {"status": "in_progress", "output": [], "usage": None}},
        {"type": "response.output_text.delta", "delta": "42 é"},
        {"type": f"response.{status}", "response": response(status, **more)},
    ]


def message(stop_reason: str = "end_turn", *, cost: float | None = 0.25) -> dict[str, Any]:
    usage = {"input_tokens": 60, "cache_read_input_tokens": 30, "cache_creation_input_tokens": 10, "output_tokens": 20}
    body = {"type": "message", "content": [{"type": "text", "text": "42"}], "stop_reason": stop_reason}
    return {**body, "usage": {**usage, **({} if cost is None else {"cost": cost})}}


def message_events(stop_reason: str = "end_turn", *, cost: float | None = 0.25) -> list[Any]:
    told = {"input_tokens": 60, "cache_read_input_tokens": 30, "cache_creation_input_tokens": 10, "output_tokens": 1}
    final = {"input_tokens": 0, "output_tokens": 20, **({} if cost is None else {"cost": cost})}
    return [
        {"type": "message_start", "message": {"type": "message", "stop_reason": None, "usage": told}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "42 é"}},
        {"type": "message_delta", "delta": {"stop_reason": stop_reason}, "usage": final},
        {"type": "message_stop"},
    ]


def plain(api_kind: ApiKind, *, cost: float | None = 0.25) -> bytes:
    made = {"chat_completions": chat, "responses": response, "messages": message}[api_kind](cost=cost)
    return json.dumps(made).encode()


def streamed(api_kind: ApiKind, *, cost: float | None = 0.25) -> bytes:
    events = {"chat_completions": chat_events, "responses": response_events, "messages": message_events}
    return stream(*events[api_kind](cost=cost))
