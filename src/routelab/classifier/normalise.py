"""Normalise raw request bodies of the three API kinds."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast, get_args

from msgspec.structs import replace

from routelab.classifier.boilerplate import strip_boilerplate
from routelab.classifier.hints import redacted_hints
from routelab.errors import UserError
from routelab.records import NormalisedRequest, well_formed
from routelab.records.requests import ApiKind

PREFIX_CHARS = 1000
_SYSTEM_ROLES = frozenset({"system", "developer"})
_USER_ROLES = frozenset({"user"})
Turn = tuple[str, Any]
"""Role and content; content stays as it came, since only three texts of a request are looked at."""


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
    first = _first_text(turns, _USER_ROLES)
    latest = _first_text(reversed(turns), _USER_ROLES)
    model = body.get("model")
    return NormalisedRequest(
        api_kind=cast("ApiKind", api_kind),
        requested_model=well_formed(model[:PREFIX_CHARS]) if isinstance(model, str) and model else None,
        system_prompt_prefix=_first_text(turns, _SYSTEM_ROLES),
        user_prompt_prefix=first,
        latest_user_prompt_prefix=None if latest == first else latest,
        message_count=len(turns),
        has_tools=bool(body.get("tools") or body.get("functions")),
        stream=body.get("stream") is True,
        provider_hints=redacted_hints(body),
    )


def canonical(request: NormalisedRequest) -> NormalisedRequest:
    """What somebody else normalised, as `normalise` would give it: a text that is empty or only repeats is None.

    Agent boilerplate is left as it is: taking it out is the business of who clips the texts.
    """
    first = _stripped(request.user_prompt_prefix)
    latest = _stripped(request.latest_user_prompt_prefix)
    if first is None:
        first, latest = latest, None
    return replace(
        request,
        requested_model=request.requested_model or None,
        system_prompt_prefix=_stripped(request.system_prompt_prefix),
        user_prompt_prefix=first,
        latest_user_prompt_prefix=None if latest == first else latest,
    )


def _stripped(text: str | None) -> str | None:
    return None if text is None else text.strip() or None


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
        return "tool", None  # calls and results of the responses API carry no role
    return role, item.get("content")


def _lone(role: str, content: Any) -> Iterator[Turn]:
    if _clip(_text(content)):
        yield role, content


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    # Tool results, which the messages API gives the role of the user, have no text of their own.
    parts = (part.get("text") if isinstance(part, Mapping) else part for part in content)
    return "\n".join(part for part in parts if isinstance(part, str))


def _clip(text: str) -> str:
    return well_formed(strip_boilerplate(text)[:PREFIX_CHARS]).rstrip()


def _first_text(turns: Iterable[Turn], roles: frozenset[str]) -> str | None:
    texts = (_clip(_text(content)) for role, content in turns if role in roles)
    return next((text for text in texts if text), None)
