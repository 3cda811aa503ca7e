"""Canned answers, so that an agent can start once without a model."""

from collections.abc import Sequence
from typing import Any

import msgspec

from routelab.records.requests import ApiKind

_TEXT = "ok"
_SUBMISSION = "COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT"
"""Where a chat asks for this word, as mini-swe-agent's does, only a command that prints it is an end."""


def canned(api_kind: ApiKind, model: str, request: bytes, *, streamed: bool) -> tuple[bytes, str]:
    """The body of a short answer to the request, and its content type."""
    submits = api_kind == "chat_completions" and _SUBMISSION.encode() in request
    if streamed:
        return b"".join(_events(api_kind, model, submits=submits)), "text/event-stream"
    if api_kind == "chat_completions":
        body = _completion(model, "chat.completion", "message", submits=submits)
    elif api_kind == "responses":
        body = _response(model, "completed", [_output_item("completed", [_PART])])
    else:
        body = {**_message(model), "content": [{"type": "text", "text": _TEXT}], "stop_reason": "end_turn"}
    return msgspec.json.encode(body), "application/json"


def _events(api_kind: ApiKind, model: str, *, submits: bool) -> list[bytes]:
    if api_kind == "chat_completions":
        chunk = _completion(model, "chat.completion.chunk", "delta", submits=submits)
        return [_event(chunk, named=False), b"data: [DONE]\n\n"]
    events = _response_events(model) if api_kind == "responses" else _message_events(model)
    return [_event(event, named=True) for event in events]


def _event(data: dict[str, Any], *, named: bool) -> bytes:
    name = b"event: " + data["type"].encode() + b"\n" if named else b""
    return name + b"data: " + msgspec.json.encode(data) + b"\n\n"


def _completion(model: str, sort: str, holder: str, *, submits: bool) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": _TEXT}
    if submits:
        command = msgspec.json.encode({"command": f"echo {_SUBMISSION} && echo {_TEXT}"}).decode()
        function = {"name": "bash", "arguments": command}
        message["tool_calls"] = [{"index": 0, "id": "call_warm_up", "type": "function", "function": function}]
    choice = {"index": 0, holder: message, "finish_reason": "tool_calls" if submits else "stop"}
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0, "cost": 0}
    return {"id": "warm-up", "object": sort, "created": 0, "model": model, "choices": [choice], "usage": usage}


_PART = {"type": "output_text", "text": _TEXT, "annotations": []}


def _output_item(status: str, content: Sequence[Any]) -> dict[str, Any]:
    return {"id": "msg_warm_up", "type": "message", "role": "assistant", "status": status, "content": content}


def _response(model: str, status: str, output: Sequence[Any]) -> dict[str, Any]:
    usage = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0, "cost": 0}
    head = {"id": "resp_warm_up", "object": "response", "created_at": 0, "model": model, "error": None}
    return {**head, "status": status, "output": output, "usage": usage if status == "completed" else None}


def _response_events(model: str) -> list[dict[str, Any]]:
    part = {"item_id": "msg_warm_up", "output_index": 0, "content_index": 0}
    item = _output_item("completed", [_PART])
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": _response(model, "in_progress", [])},
        {"type": "response.output_item.added", "output_index": 0, "item": _output_item("in_progress", [])},
        {"type": "response.content_part.added", **part, "part": {**_PART, "text": ""}},
        {"type": "response.output_text.delta", **part, "delta": _TEXT},
        {"type": "response.output_text.done", **part, "text": _TEXT},
        {"type": "response.content_part.done", **part, "part": _PART},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": _response(model, "completed", [item])},
    ]
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def _message(model: str) -> dict[str, Any]:
    usage = {"input_tokens": 0, "output_tokens": 0, "cost": 0}
    head = {"id": "msg_warm_up", "type": "message", "role": "assistant", "model": model, "content": []}
    return {**head, "stop_reason": None, "stop_sequence": None, "usage": usage}


def _message_events(model: str) -> list[dict[str, Any]]:
    return [
        {"type": "message_start", "message": _message(model)},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": _TEXT}},
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 0},
        },
        {"type": "message_stop"},
    ]
