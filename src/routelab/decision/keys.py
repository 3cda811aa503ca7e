"""Keys that tell conversations and contents apart without keeping their text."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from routelab.records import NormalisedRequest

_encode = msgspec.json.Encoder().encode
_HEX_DIGITS = 32  # 128 bits


class ContentHashes(Struct, frozen=True, gc=False):
    """`loose` stays the same over a conversation; `exact` changes as it goes on."""

    loose: str
    exact: str


def content_hashes(normalised: NormalisedRequest | Mapping[str, Any]) -> ContentHashes:
    """Hash what a request says.

    Loose: api kind, has_tools, system prefix, first user prefix. Exact: these, the latest prefix
    and floor(log2(max(1, message_count))), so that a growing conversation is classified anew only
    when its length doubles or the user says something else.
    """
    request = _as_request(normalised)
    loose = _hash(
        "content",
        request.api_kind,
        request.has_tools,
        request.system_prompt_prefix,
        request.user_prompt_prefix,
    )
    doublings = max(1, request.message_count).bit_length() - 1
    return ContentHashes(loose, _hash("exact", loose, request.latest_user_prompt_prefix, doublings))


def conversation_key(
    normalised: NormalisedRequest | Mapping[str, Any] | ContentHashes | None = None,
    *,
    user_id: str,
    session_id: str | None = None,
    machine_id: str | None = None,
) -> str:
    """The key under which a conversation's model is remembered.

    Always scoped by user; then the session id, else the machine id, else the loose content hash.
    Equal ids of different users or of different sorts never give the same key. `normalised`, or its
    hashes, is needed only where both ids are None or empty; ValueError otherwise.
    """
    if session_id:
        return _hash("session", user_id, session_id)
    if machine_id:
        return _hash("machine", user_id, machine_id)
    if normalised is None:
        raise ValueError("a conversation without session and machine id is told by its request")
    hashes = normalised if isinstance(normalised, ContentHashes) else content_hashes(normalised)
    return _hash("loose", user_id, hashes.loose)


def _as_request(normalised: NormalisedRequest | Mapping[str, Any]) -> NormalisedRequest:
    if isinstance(normalised, NormalisedRequest):
        return normalised
    return msgspec.convert(normalised, type=NormalisedRequest)


def _hash(*parts: Any) -> str:
    # JSON keeps the parts apart: ("a", "bc") and ("ab", "c") differ, as do None and "".
    try:
        written = _encode(parts)
    except UnicodeEncodeError:  # a lone surrogate, which only an escape can write
        written = json.dumps(parts).encode()
    return sha256(written).hexdigest()[:_HEX_DIGITS]
