"""Reading what LiteLLM knows of a request."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from routelab.records import Constraints
from routelab.records.requests import ApiKind

API_KINDS: Mapping[str, ApiKind] = {
    "completion": "chat_completions",
    "acompletion": "chat_completions",
    "responses": "responses",
    "aresponses": "responses",
    "anthropic_messages": "messages",
}
"""LiteLLM's call types that can be routed. At the others the shim is not asked."""
_MODALITIES = {
    "image_url": "image",
    "input_image": "image",
    "image": "image",
    "input_audio": "audio",
    "file": "file",
    "input_file": "file",
    "document": "file",
    "video_url": "video",
}
_TEXTS = ("text", "output", "arguments")
_CHARS_PER_TOKEN = 4
_OURS = ("system", "instructions", "messages", "input", "tools", "functions", "model", "stream")
_HINTS = ("provider", "reasoning", "reasoning_effort", "thinking", "service_tier")


def metadata_of(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """What LiteLLM added to a request; None when it added nothing.

    Where it is `litellm_metadata`, `metadata` is the client's own and goes to the provider.
    """
    name = "litellm_metadata" if "litellm_metadata" in data else "metadata"
    found = data.get(name)
    return found if isinstance(found, dict) else None


def body_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the client's body that routing looks at."""
    return {name: data[name] for name in (*_OURS, *_HINTS) if data.get(name) is not None}


def user_id(auth: Any) -> str:
    """Whose conversations these are: the user or else the key, and the end user where one is named."""
    owner = auth.user_id or auth.api_key or "anonymous"
    end_user = auth.end_user_id
    return msgspec.json.encode([owner, end_user]).decode() if end_user else str(owner)


def session_id(data: Mapping[str, Any]) -> str | None:
    """The session a client named by header or metadata; None when it named none.

    LiteLLM has read the headers already (`x-litellm-session-id`, those of coding agents); an id it
    made up for a request without one is none.
    """
    metadata, own = metadata_of(data) or {}, data.get("metadata")
    if metadata.get("litellm_session_id_generated"):
        return None
    named = (
        data.get("litellm_session_id"),
        metadata.get("session_id"),
        own.get("session_id") if isinstance(own, Mapping) else None,
        data.get("prompt_cache_key"),
    )
    return next((str(name) for name in named if name), None)


def policy(auth: Any) -> dict[str, Any] | None:
    """The policy an operator wrote into the metadata of the key or else the team, as `routelab_policy`."""
    for metadata in (auth.metadata, auth.team_metadata):
        found = metadata.get("routelab_policy") if isinstance(metadata, Mapping) else None
        if isinstance(found, Mapping):
            return dict(found)
    return None


def constraints(data: Mapping[str, Any]) -> Constraints:
    """The modalities of all parts, and the tokens of all text and all tools at four characters each."""
    modalities: set[str] = set()
    tools = data.get("tools")
    chars = len(json.dumps(tools, ensure_ascii=False, default=str)) if tools else 0
    for part in _parts([data.get(name) for name in ("system", "instructions", "messages", "input")]):
        if isinstance(part, str):
            chars += len(part)
            continue
        chars += sum(len(text) for text in map(part.get, _TEXTS) if isinstance(text, str))
        modality = _MODALITIES.get(str(part.get("type")))
        if modality is not None:
            modalities.add(modality)
    return Constraints(input_modalities=tuple(sorted(modalities)), prompt_tokens_estimate=chars // _CHARS_PER_TOKEN)


def _parts(value: Any) -> Iterator[str | Mapping[str, Any]]:
    """Messages, their parts, and the parts of tool results within them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _parts(item)
    elif isinstance(value, Mapping):
        yield value
        yield from _parts(value.get("content"))
