"""A conversation as the simulation reads it, in the words of `/v1/chat/completions`."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

INSTRUCTING = ("system", "developer")
"""The roles that tell the model how to behave."""


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
