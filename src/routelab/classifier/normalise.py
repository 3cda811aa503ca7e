"""Normalise raw request bodies of the three API kinds."""

from collections.abc import Iterator, Mapping
from typing import Any, cast, get_args

from routelab.classifier.boilerplate import strip_boilerplate
from routelab.classifier.hints import redacted_hints
from routelab.errors import UserError
from routelab.records import NormalisedRequest
from routelab.records.requests import ApiKind

PREFIX_CHARS = 1000
_SYSTEM_ROLES = frozenset({"system", "developer"})
Turn = tuple[str, str]


def normalise(body: Mapping[str, Any], api_kind: str) -> NormalisedRequest:
    """Reduce a raw body of `chat_completions`, `responses` or `messages` to what routing looks at.

    Tolerant of what it does not know: parts without text count as empty. Raises UserError for an
    unknown api kind, or a body that is not an object.
    """
    if api_kind not in get_args(ApiKind):
        raise UserError(f"api_kind must be one of {', '.join(get_args(ApiKind))}, not {api_kind!r}")
    if not isinstance(body, Mapping):
        raise UserError("the request body must be a JSON object")
    turns = list(_turns(body, api_kind))
    system = _first(text for role, text in turns if role in _SYSTEM_ROLES)
    said = [text for role, text in turns if role == "user" and text]
    first = said[0] if said else None
    latest = said[-1] if said and said[-1] != first else None
    model = body.get("model")
    return NormalisedRequest(
        api_kind=cast("ApiKind", api_kind),
        requested_model=model if isinstance(model, str) and model else None,
        system_prompt_prefix=system,
        user_prompt_prefix=first,
        latest_user_prompt_prefix=latest,
        message_count=len(turns),
        has_tools=bool(body.get("tools") or body.get("functions")),
        stream=body.get("stream") is True,
        provider_hints=redacted_hints(body),
    )


def _turns(body: Mapping[str, Any], api_kind: str) -> Iterator[Turn]:
    if api_kind == "responses":
        yield from _lone("system", body.get("instructions"))
        items = body.get("input")
    else:
        yield from _lone("system", body.get("system"))
        items = body.get("messages")
    if isinstance(items, str):
        items = [{"role": "user", "content": items}]
    if not isinstance(items, list):
        return
    for item in items:
        if isinstance(item, Mapping):
            yield _turn(item)


def _turn(item: Mapping[str, Any]) -> Turn:
    role = item.get("role")
    if not isinstance(role, str):
        return "tool", ""  # calls and results of the responses API carry no role
    if role == "user" and _is_tool_result(item.get("content")):
        return "tool", ""
    return role, _clip(_text(item.get("content")))


def _lone(role: str, content: Any) -> Iterator[Turn]:
    text = _clip(_text(content))
    if text:
        yield role, text


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = (part.get("text") if isinstance(part, Mapping) else part for part in content)
    return "\n".join(part for part in parts if isinstance(part, str))


def _is_tool_result(content: Any) -> bool:
    """The messages API returns tool results under the role of the user."""
    if not isinstance(content, list) or not content:
        return False
    return all(isinstance(part, Mapping) and part.get("type") == "tool_result" for part in content)


def _clip(text: str) -> str:
    return strip_boilerplate(text)[:PREFIX_CHARS].rstrip()


def _first(texts: Iterator[str]) -> str | None:
    return next((text for text in texts if text), None)
