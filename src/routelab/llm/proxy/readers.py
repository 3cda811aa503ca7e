"""What an answer of each API says about its end, its tokens, its cost and its failure."""

from typing import Any

from routelab.errors import EndpointError
from routelab.llm.failures import failure_inside, reported
from routelab.llm.pricing import tokens
from routelab.records.requests import ApiKind

_FINISH_REASONS = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "max_output_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "function_call": "tool_calls",
    "refusal": "content_filter",
}
_CLIENT_CALLS = frozenset(
    {"function_call", "custom_tool_call", "local_shell_call", "shell_call", "apply_patch_call", "computer_call"}
)


class Reader:
    """Gathers the facts of one answer.

    `usage` speaks in `prompt_tokens`, `completion_tokens` and `cost`, as far as told;
    `finish_reason` is in the words of chat completions. `ended` says that the answer came to its
    end; `failure` is what it reports as failed.
    """

    def __init__(self) -> None:
        self.usage: dict[str, Any] = {}
        self.finish_reason: str | None = None
        self.ended = False
        self.failure: EndpointError | None = None

    def whole(self, body: dict[str, Any]) -> None:
        """Read an answer that was not streamed."""
        raise NotImplementedError

    def event(self, data: dict[str, Any]) -> None:
        """Read one event of a streamed answer."""
        raise NotImplementedError

    def done(self) -> None:
        """The stream said `[DONE]`."""

    def _finish(self, reason: Any) -> None:
        if isinstance(reason, str):
            self.finish_reason = _FINISH_REASONS.get(reason, reason)
            self.ended = True


class ChatReader(Reader):
    """Chat completions."""

    def whole(self, body: dict[str, Any]) -> None:
        """Read an answer that was not streamed."""
        self.failure = failure_inside(body)
        self._read(body)
        choice = _first(body.get("choices"))
        self.ended = isinstance(choice.get("message"), dict)

    def event(self, data: dict[str, Any]) -> None:
        """Read one event."""
        if data.get("error"):
            self.failure = reported(data["error"])
        self._read(data)

    def done(self) -> None:
        """Take `[DONE]` as the end."""
        self.ended = True

    def _read(self, data: dict[str, Any]) -> None:
        if isinstance(data.get("usage"), dict):
            self.usage = data["usage"]
        self._finish(_first(data.get("choices")).get("finish_reason"))
        if self.finish_reason == "error" and self.failure is None:
            self.failure = reported("the provider failed in the middle of its answer")


class ResponsesReader(Reader):
    """OpenAI's responses."""

    def whole(self, body: dict[str, Any]) -> None:
        """Read an answer that was not streamed."""
        usage = _dict(body.get("usage"))
        self.usage = {
            "prompt_tokens": tokens(usage, "input_tokens"),
            "completion_tokens": tokens(usage, "output_tokens"),
            "cost": usage.get("cost"),
        }
        status = body.get("status")
        if status == "failed" or (status is None and body.get("error")):
            self.failure = reported(body.get("error"))
        elif status == "incomplete":
            self._finish(_dict(body.get("incomplete_details")).get("reason") or "incomplete")
        elif status == "completed":
            output = body.get("output")
            kinds = {_dict(item).get("type") for item in output} if isinstance(output, list) else set()
            self._finish("tool_calls" if self.finish_reason or kinds & _CLIENT_CALLS else "stop")

    def event(self, data: dict[str, Any]) -> None:
        """Read one event."""
        kind = data.get("type")
        if kind in ("response.completed", "response.incomplete", "response.failed"):
            self.whole(_dict(data.get("response")))
        elif kind == "response.output_item.done" and _dict(data.get("item")).get("type") in _CLIENT_CALLS:
            self.finish_reason = "tool_calls"  # some servers leave the output of the last event empty
        elif kind == "error":
            self.failure = reported(data.get("error") or data)


class MessagesReader(Reader):
    """Anthropic's messages. The counts of a stream are totals so far, so the highest one holds."""

    def whole(self, body: dict[str, Any]) -> None:
        """Read an answer that was not streamed."""
        if body.get("type") == "error" or (body.get("error") and "content" not in body):
            self.failure = reported(body.get("error"))
            return
        self._count(body.get("usage"))
        self._finish(body.get("stop_reason"))

    def event(self, data: dict[str, Any]) -> None:
        """Read one event."""
        kind = data.get("type")
        if kind == "message_start":
            self._count(_dict(data.get("message")).get("usage"))
        elif kind == "message_delta":
            self._count(data.get("usage"))
            self._finish(_dict(data.get("delta")).get("stop_reason"))
            self.ended = False
        elif kind == "message_stop":
            self.ended = True
        elif kind == "error":
            self.failure = reported(data.get("error"))

    def _count(self, usage: Any) -> None:
        told = _dict(usage)
        prompt = sum(
            tokens(told, name) for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        )
        counts = {"prompt_tokens": prompt, "completion_tokens": tokens(told, "output_tokens")}
        for name, count in counts.items():
            self.usage[name] = max(count, self.usage.get(name, 0))
        if told.get("cost") is not None:
            self.usage["cost"] = told["cost"]


READERS: dict[ApiKind, type[Reader]] = {
    "chat_completions": ChatReader,
    "responses": ResponsesReader,
    "messages": MessagesReader,
}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(choices: Any) -> dict[str, Any]:
    return _dict(choices[0]) if isinstance(choices, list) and choices else {}
