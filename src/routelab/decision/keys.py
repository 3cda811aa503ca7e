"""Keys that tell conversations and contents apart without keeping their text."""

import json
from hashlib import sha256
from typing import Any

import msgspec

from routelab.records import NormalisedRequest

_encode = msgspec.json.Encoder().encode
_HEX_DIGITS = 32  # 128 bits


def exact_hash(request: NormalisedRequest) -> str:
    """Hash all that a classifier goes by: what stays the same over a conversation, and what changes.

    The latter are the latest prefix and floor(log2(max(1, message_count))), so that a growing
    conversation is classified anew only when its length doubles or the user says something else.
    """
    return _hash(
        "exact",
        request.api_kind,
        request.has_tools,
        request.system_prompt_prefix,
        request.user_prompt_prefix,
        request.latest_user_prompt_prefix,
        max(1, request.message_count).bit_length() - 1,
    )


def conversation_key(
    request: NormalisedRequest | None = None,
    *,
    user_id: str,
    session_id: str | None = None,
    machine_id: str | None = None,
) -> str:
    """The key under which a conversation's model is remembered.

    Always scoped by user; then the session id, else the machine id, else the loose content: api kind,
    has_tools, system prefix and first user prefix, which stay the same as a conversation grows. Equal
    ids of different users or of different sorts never give the same key. `request` is needed only
    where both ids are None or empty; ValueError otherwise.
    """
    if session_id:
        return _hash("session", user_id, session_id)
    if machine_id:
        return _hash("machine", user_id, machine_id)
    if request is None:
        raise ValueError("a conversation without session and machine id is told by its request")
    return _hash(
        "loose",
        user_id,
        request.api_kind,
        request.has_tools,
        request.system_prompt_prefix,
        request.user_prompt_prefix,
    )


def _hash(*parts: Any) -> str:
    # JSON keeps the parts apart: ("a", "bc") and ("ab", "c") differ, as do None and "".
    try:
        written = _encode(parts)
    except UnicodeEncodeError:  # a lone surrogate, which only an escape can write
        written = json.dumps(parts).encode()
    return sha256(written).hexdigest()[:_HEX_DIGITS]
