"""What an API must offer, and what all of them share."""

from collections.abc import Iterator
from typing import Any, Protocol, TypeVar

import msgspec

from routelab.llm.simulated.conversation import ChatRequest
from routelab.llm.simulated.simulator import Answer, CallError

T = TypeVar("T")
_PIECE_CHARS = 40


class Api(Protocol):
    """One API. `created` is in seconds since 1970."""

    def read(self, content: bytes) -> ChatRequest:
        """The conversation in a request's body; CallError with status 400 when there is none."""

    def whole(self, answer: Answer, model: str, created: int) -> dict[str, Any]:
        """The body of an answer that is not streamed."""

    def events(self, answer: Answer, request: ChatRequest, created: int) -> Iterator[bytes]:
        """The server-sent events of a streamed answer."""

    def error(self, problem: CallError) -> dict[str, Any]:
        """The body of an error answer."""


def decode(decoder: msgspec.json.Decoder[T], content: bytes, name: str) -> T:
    """The body of a request, which an error message calls by `name`; CallError when it is something else."""
    try:
        return decoder.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request(f"The body is no {name}: {error}.") from error


def bad_request(message: str) -> CallError:
    """A request that cannot be understood."""
    return CallError(400, message, kind="invalid_request_error", code=None)


def function_call(name: object, arguments: object) -> dict[str, Any]:
    """A tool call in an assistant's message, its arguments as JSON text."""
    return {"type": "function", "function": {"name": name, "arguments": arguments}}


def command_of(answer: Answer) -> tuple[str, dict[str, Any]] | None:
    """The function an answer calls and its arguments; None when the answer is a text."""
    if answer.shell is None or answer.reply.command is None:
        return None
    return answer.shell.function, answer.shell.arguments(answer.reply.command)


def json_text(value: object) -> str:
    """A value as JSON text."""
    return msgspec.json.encode(value).decode()


def pieces(text: str) -> Iterator[str]:
    """A text as a stream hands it out."""
    for start in range(0, len(text), _PIECE_CHARS):
        yield text[start : start + _PIECE_CHARS]


def named_event(body: dict[str, Any]) -> bytes:
    """A server-sent event that is named after its `type`."""
    return b"event: " + str(body["type"]).encode() + b"\ndata: " + msgspec.json.encode(body) + b"\n\n"
