"""What is sent to the shim."""

from collections.abc import Mapping
from typing import Any, Required, TypedDict

import msgspec

from routelab.classifier import normalise
from routelab.client.answer import Failure
from routelab.client.fallback import Fallback
from routelab.errors import UserError
from routelab.records import Candidate, Constraints, NormalisedRequest, Policy
from routelab.records.requests import ApiKind


class Question(TypedDict, total=False):
    """The keywords of `decide`; what is left out or None is not known.

    Either `input`, or a raw body in `request` with its `api_kind`. `user_id` scopes everything that
    is remembered. `shadow` has `tier`, `candidate_models` and `resolved_model`; without it no
    shadow router is told anything. `fallback` is not sent: it serves in the place of the client's own.
    """

    user_id: Required[str]
    input: NormalisedRequest | Mapping[str, Any] | None
    request: Mapping[str, Any] | None
    api_kind: ApiKind | None
    session_id: str | None
    machine_id: str | None
    client_request_id: str | None
    mode: str | None
    user_agent: str | None
    body_bytes: int | None
    policy: Policy | Mapping[str, Any] | None
    constraints: Constraints | Mapping[str, Any] | None
    shadow: Mapping[str, Any] | None
    fallback: Candidate | None


def fallback_of(asked: Question, default: Candidate) -> Fallback:
    """Who serves where this question gets no decision; `default` is the client's."""
    return Fallback.under(asked.get("policy"), asked.get("fallback") or default)


def encoded(asked: Question) -> bytes:
    """The body of `POST /decide`; a raw request is normalised here, so that only prefixes leave.

    Raises TypeError for a keyword that Question does not have, ValueError for a question that
    contradicts itself, Failure when what it is about cannot be written as JSON.
    """
    unknown = set(asked).difference(Question.__annotations__)
    if unknown:
        raise TypeError(f"decide() has no keyword {', '.join(sorted(unknown))}")
    given: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    given.pop("fallback", None)
    if not given.get("user_id"):
        raise ValueError("`user_id` must not be empty: it keeps one user's conversations from another's")
    if ("input" in given) == ("request" in given):
        raise ValueError("give either `input` or `request`")
    request, api_kind = given.pop("request", None), given.pop("api_kind", None)
    if request is not None and api_kind is None:
        raise ValueError("a raw `request` needs its `api_kind`")
    try:
        if request is not None:
            given["input"] = normalise(request, api_kind)
        return msgspec.json.encode(given)
    except (TypeError, ValueError, RecursionError, UserError, msgspec.MsgspecError) as error:
        raise Failure("bad_request", f"the request cannot be sent to the shim: {error}", cost_usd=0.0) from error
