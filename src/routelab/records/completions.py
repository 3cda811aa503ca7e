"""What one call of a model endpoint gives."""

from msgspec import Struct

from routelab.records.results import Usage


class ToolCall(Struct, frozen=True):
    """One tool call of the model; `arguments` is the JSON text as the model wrote it."""

    id: str
    name: str
    arguments: str


def well_formed(text: str) -> str:
    """The text with lone surrogates, half an emoji for example, replaced, so that it can be written."""
    return text.encode("utf-8", "replace").decode("utf-8")


class Completion(Struct, frozen=True, kw_only=True):
    """One answer. `finish_reason` is the endpoint's own word, for example `stop` or `length`."""

    text: str
    finish_reason: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage = Usage()
    latency_ms: float = 0.0
