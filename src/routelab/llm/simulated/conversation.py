"""What a client sends to `/v1/chat/completions`, as far as the simulation reads it."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

_SHELL_PARAMETERS = ("command", "cmd", "script")


class Message(Struct, frozen=True):
    """One message; parts without text count as empty."""

    role: str
    content: str | list[Any] | None = None
    tool_calls: list[Any] | None = None

    @property
    def text(self) -> str:
        """The message's text, its parts joined by line ends."""
        if isinstance(self.content, str):
            return self.content
        parts = (part.get("text") if isinstance(part, dict) else part for part in self.content or ())
        return "\n".join(part for part in parts if isinstance(part, str))


class StreamOptions(Struct, frozen=True):
    """Options of a streamed answer."""

    include_usage: bool | None = None


class ChatRequest(Struct, frozen=True):
    """The body of a call; fields that are not listed are accepted and ignored."""

    model: str
    messages: Annotated[list[Message], Meta(min_length=1)]
    tools: list[dict[str, Any]] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    reasoning_effort: str | None = None

    @property
    def characters(self) -> int:
        """The size of what the model reads: messages, tool calls and tool descriptions."""
        said = sum(len(message.text) for message in self.messages)
        calls = [message.tool_calls for message in self.messages if message.tool_calls]
        return said + sum(len(msgspec.json.encode(part)) for part in (calls, self.tools) if part)


class Shell(Struct, frozen=True):
    """A tool that runs a shell command: the function's name and the parameter for the command."""

    function: str
    parameter: str


def find_shell(tools: list[dict[str, Any]] | None) -> Shell | None:
    """The first tool offered that takes a command as a string; None when there is none."""
    for tool in tools or ():
        function = tool.get("function")
        if not isinstance(function, dict) or not isinstance(function.get("name"), str):
            continue
        parameters = function.get("parameters")
        properties = parameters.get("properties") if isinstance(parameters, dict) else None
        for name in _SHELL_PARAMETERS:
            described = properties.get(name) if isinstance(properties, dict) else None
            if isinstance(described, dict) and described.get("type") == "string":
                return Shell(function["name"], name)
    return None
