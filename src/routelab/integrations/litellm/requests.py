"""Reading what LiteLLM knows of a request."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from routelab.records import Candidate, Constraints
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
    "computer_screenshot": "image",
    "input_audio": "audio",
    "file": "file",
    "input_file": "file",
    "document": "file",
    "video_url": "video",
}
_WITHIN = (
    *("content", "text", "refusal", "thinking", "reasoning_content", "summary"),
    *("tool_calls", "function_call", "function", "custom", "output", "source"),
)
"""Where a message, an item or a part has text, or parts of its own."""
_CALLED_WITH = ("arguments", "input")
_DEFINED = ("tools", "functions")
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
    made up for a request without one is none. Nor is a `prompt_cache_key`, which many an application
    sets alike for all its conversations.
    """
    metadata, own = metadata_of(data) or {}, data.get("metadata")
    if metadata.get("litellm_session_id_generated"):
        return None
    named = (
        data.get("litellm_session_id"),
        metadata.get("session_id"),
        own.get("session_id") if isinstance(own, Mapping) else None,
    )
    return next((str(name) for name in named if name), None)


def policy(auth: Any) -> dict[str, Any] | None:
    """The policy an operator wrote into the metadata of the key or else the team, as `routelab_policy`."""
    found = next((said for said in _said(auth, "routelab_policy") if isinstance(said, Mapping)), None)
    return None if found is None else dict(found)


def fallback(auth: Any) -> Candidate | None:
    """The fallback of the key or else the team, written as `routelab_fallback` where a policy is; None: the hook's."""
    found = next((said for said in _said(auth, "routelab_fallback") if isinstance(said, str) and said.strip()), None)
    return None if found is None else Candidate.parse(found.strip())


def _said(auth: Any, name: str) -> Iterator[Any]:
    for metadata in (auth.metadata, auth.team_metadata):
        if isinstance(metadata, Mapping):
            yield metadata.get(name)


def constraints(data: Mapping[str, Any]) -> Constraints:
    """The modalities of all parts, and the tokens of all text, calls and tools at four characters each."""
    modalities: set[str] = set()
    chars = sum(_length(data.get(name)) for name in _DEFINED)
    for part in _parts([data.get(name) for name in ("system", "instructions", "messages", "input")]):
        if isinstance(part, str):
            chars += len(part)
            continue
        chars += sum(_length(part.get(name)) for name in _CALLED_WITH)
        if part.get("type") == "text":  # the source of a document; those of other types are encoded
            chars += _length(part.get("data"))
        modality = _MODALITIES.get(str(part.get("type")))
        if modality is not None:
            modalities.add(modality)
    return Constraints(input_modalities=tuple(sorted(modalities)), prompt_tokens_estimate=chars // _CHARS_PER_TOKEN)


def _parts(value: Any) -> Iterator[str | Mapping[str, Any]]:
    """Texts, and messages with all that is within them: parts, calls of tools, the parts of their results."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, Mapping):
            yield item
            waiting.extend(item.get(name) for name in _WITHIN)
        elif isinstance(item, str):
            yield item


def _length(value: Any) -> int:
    """The characters of a text, or of anything else as JSON."""
    if not value:
        return 0
    return len(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))
