"""Putting the candidate into an agent's request: exactly its model, exactly its variant."""

from typing import Any

import msgspec

from routelab.llm.proxy.bodies import read_fields, read_json, write_fields
from routelab.records import Candidate
from routelab.records.requests import ApiKind

_OTHER_MODELS = ("models", "fallbacks", "route", "preset")
"""Fields by which gateways let a request fall back on models it does not name."""
_EFFORT_IN = {"responses": "reasoning", "messages": "output_config"}


class RefusedRequestError(Exception):
    """A request that does not go out; `status` is what the agent is answered."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def adjusted(body: bytes, api_kind: ApiKind, candidate: Candidate) -> tuple[bytes, bool]:
    """The request as it goes to the endpoint, and whether it asks for a stream.

    The model becomes the candidate's own id. The effort becomes its variant; without a variant the
    agent's own wish is taken out, so that the model's default is measured. Streamed chat
    completions are made to report their usage. Everything else stays as it was written. Raises
    RefusedRequestError for what is no JSON object (400) or asks for another model (403).
    """
    fields = read_fields(body)
    if fields is None:
        raise RefusedRequestError(400, "the body is no JSON object")
    _check_model(fields, candidate)
    for name in _OTHER_MODELS:
        fields.pop(name, None)
    _put(fields, "model", candidate.model)
    streamed = _read(fields, "stream") is True
    if api_kind == "chat_completions":
        _set_chat_effort(fields, candidate.variant)
        if streamed:
            _put(fields, "stream_options", {**_object(fields, "stream_options"), "include_usage": True})
    else:
        _set_effort(fields, _EFFORT_IN[api_kind], candidate.variant)
        fields.pop("background", None)  # such a call would tell its usage to nobody here
    return write_fields(fields), streamed


def _check_model(fields: dict[str, msgspec.Raw], candidate: Candidate) -> None:
    asked = _read(fields, "model")
    if not isinstance(asked, str):
        raise RefusedRequestError(400, "the request names no model")
    own = candidate.model.casefold()
    if asked.casefold() not in (own, f"kilo/{own}"):
        raise RefusedRequestError(403, f"this attempt may call {candidate.model} only, not {asked[:200]}")


def _set_chat_effort(fields: dict[str, msgspec.Raw], variant: str | None) -> None:
    reasoning = _object(fields, "reasoning")
    fields.pop("reasoning_effort", None)
    if variant is not None:
        fields.pop("reasoning", None)  # OpenRouter refuses a request that holds both
        _put(fields, "reasoning_effort", variant)
    elif "effort" in reasoning:
        _set_effort(fields, "reasoning", None)


def _set_effort(fields: dict[str, msgspec.Raw], holder: str, variant: str | None) -> None:
    settings = _object(fields, holder)
    if variant is not None:
        _put(fields, holder, {**settings, "effort": variant})
    elif "effort" in settings:
        del settings["effort"]
        fields.pop(holder)
        if settings:
            _put(fields, holder, settings)


def _object(fields: dict[str, msgspec.Raw], name: str) -> dict[str, Any]:
    value = _read(fields, name)
    return value if isinstance(value, dict) else {}


def _read(fields: dict[str, msgspec.Raw], name: str) -> Any:
    return read_json(fields[name]) if name in fields else None


def _put(fields: dict[str, msgspec.Raw], name: str, value: Any) -> None:
    fields[name] = msgspec.Raw(msgspec.json.encode(value))
