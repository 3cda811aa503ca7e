"""Three APIs as their agents speak them: how a request is put together and an answer taken apart."""

import json
from typing import Any, NamedTuple

PARAMETERS = {
    "type": "object",
    "properties": {"command": {"type": "string"}, "description": {"type": "string"}},
    "required": ["command", "description"],
}


class Turn(NamedTuple):
    """What the model said: a text or a command, and what of it goes into the next request."""

    text: str
    call: tuple[str, dict[str, str]] | None
    stop: str
    usage: dict[str, Any]
    said: list[Any]


class Chat:
    """OpenRouter's chat completions, as kilo calls them."""

    path = "/api/openrouter/chat/completions"
    stops = ("tool_calls", "stop")
    effort = ("reasoning", "effort")
    tokens = ("prompt_tokens", "completion_tokens")
    history = "messages"
    tools: tuple[Any, ...] = (
        {"type": "function", "function": {"name": "task", "parameters": {**PARAMETERS, "required": ["description"]}}},
        {"type": "function", "function": {"name": "bash", "parameters": PARAMETERS}},
    )

    def opening(self, prompt: str) -> list[Any]:
        details = {"type": "text", "text": "<environment_details>\nfolder: /work\n</environment_details>"}
        system = {"role": "system", "content": [{"type": "text", "text": "You are an agent."}]}
        return [system, {"role": "user", "content": [{"type": "text", "text": prompt}, details]}]

    def result(self, call_id: str, output: str) -> Any:
        return {"role": "tool", "tool_call_id": call_id, "content": output}

    def turn(self, body: Any) -> Turn:
        [choice] = body["choices"]
        message = choice["message"]
        calls = message.get("tool_calls", [])
        call = (calls[0]["id"], json.loads(calls[0]["function"]["arguments"])) if calls else None
        return Turn(message["content"] or "", call, choice["finish_reason"], body["usage"], [message])

    def streamed(self, events: list[Any]) -> Any:
        assert events.pop() == "[DONE]"
        message: dict[str, Any] = {"role": "assistant", "content": ""}
        for chunk in events[:-1]:
            [choice] = chunk["choices"]
            message["content"] += choice["delta"].get("content", "")
            for part in choice["delta"].get("tool_calls", []):
                call = message.setdefault("tool_calls", [{**part, "function": {**part["function"], "arguments": ""}}])[
                    0
                ]
                call["function"]["arguments"] += part["function"]["arguments"]
        return {
            "choices": [{"message": message, "finish_reason": choice["finish_reason"]}],
            "usage": events[-1]["usage"],
        }

    def error(self, body: Any) -> tuple[str, Any]:
        assert set(body) == {"error"}
        return body["error"]["message"], body["error"]["code"]


class Responses:
    """The OpenAI API's responses, as codex calls them."""

    path = "/v1/responses"
    stops = ("completed", "completed")
    effort = ("reasoning", "effort")
    tokens = ("input_tokens", "output_tokens")
    history = "input"
    tools: tuple[Any, ...] = (
        {"type": "web_search", "external_web_access": True},
        {"type": "custom", "name": "apply_patch", "format": {"type": "grammar"}},
        {"type": "function", "name": "exec_command", "strict": False, "parameters": PARAMETERS},
    )

    def opening(self, prompt: str) -> list[Any]:
        said = [("developer", "You are an agent."), ("user", "<environment_context>\n</environment_context>")]
        return [
            {"type": "message", "role": role, "content": [{"type": "input_text", "text": text}]}
            for role, text in [*said, ("user", prompt)]
        ]

    def result(self, call_id: str, output: str) -> Any:
        return {"type": "function_call_output", "call_id": call_id, "output": output}

    def turn(self, body: Any) -> Turn:
        [item] = body["output"]
        if item["type"] == "function_call":
            call = (item["call_id"], json.loads(item["arguments"]))
            return Turn("", call, body["status"], body["usage"], [item])
        [part] = item["content"]
        return Turn(part["text"], None, body["status"], body["usage"], [item])

    def streamed(self, events: list[Any]) -> Any:
        assert events[-1]["type"] == "response.completed"
        return {**events[-1]["response"], "output": [e["item"] for e in events if e["type"].endswith("item.done")]}

    def error(self, body: Any) -> tuple[str, Any]:
        assert set(body["error"]) == {"message", "type", "code"}
        return body["error"]["message"], body["error"]["type"]


class Messages:
    """Anthropic's messages, as claude-code calls them."""

    path = "/v1/messages?beta=true"
    stops = ("tool_use", "end_turn")
    effort = ("output_config", "effort")
    tokens = ("input_tokens", "output_tokens")
    history = "messages"
    tools: tuple[Any, ...] = (
        {"name": "Workflow", "input_schema": {"type": "object", "properties": {"script": {"type": "string"}}}},
        {"name": "Bash", "description": "Runs a command.", "input_schema": PARAMETERS},
    )

    def opening(self, prompt: str) -> list[Any]:
        reminder = {"type": "text", "text": "<system-reminder>\nToday is Friday.\n</system-reminder>"}
        asked = {"role": "user", "content": [reminder, {"type": "text", "text": prompt}]}
        return [asked, {"role": "system", "content": "Available agents: none."}]

    def result(self, call_id: str, output: str) -> Any:
        found = {"type": "tool_result", "tool_use_id": call_id, "content": output, "is_error": False}
        return {"role": "user", "content": [found]}

    def turn(self, body: Any) -> Turn:
        [block] = body["content"]
        said = [{"role": "assistant", "content": body["content"]}]
        call = (block["id"], block["input"]) if block["type"] == "tool_use" else None
        return Turn(block.get("text", ""), call, body["stop_reason"], body["usage"], said)

    def streamed(self, events: list[Any]) -> Any:
        start, opened, *deltas, _, last, stop = events
        assert (start["type"], stop["type"]) == ("message_start", "message_stop")
        block = opened["content_block"]
        if block["type"] == "text":
            block["text"] = "".join(event["delta"]["text"] for event in deltas)
        else:
            block["input"] = json.loads("".join(event["delta"]["partial_json"] for event in deltas))
        return {**start["message"], "content": [block], **last["delta"], "usage": last["usage"]}

    def error(self, body: Any) -> tuple[str, Any]:
        assert (set(body), body["type"]) == ({"type", "error"}, "error")
        return body["error"]["message"], body["error"]["type"]


Api = Chat | Responses | Messages
APIS = (Chat(), Responses(), Messages())
