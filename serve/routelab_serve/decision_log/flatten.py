"""From an entry to the row that may be kept: hashed, cut, and without prompts unless they are wanted."""

import hmac
import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from routelab.decision_log.rows import LoggedDecision, LoggedShadow
from routelab.records import Candidate, PoolEntry, well_formed
from routelab_serve.entry import Entry

_MAX_NAME = 300
_MAX_NAMES = 500
_MAX_COUNT = 2**53
Redact = Callable[[str], str]


class Flattener:
    """Makes rows.

    `hash_key` is the key of the hashes (HMAC-SHA256); None: users are left out, and conversations
    are hashed with a key that this process forgets. `redact` takes secrets out of prompts; None:
    no prompt is kept.
    """

    def __init__(self, *, hash_key: bytes | None, redact: Redact | None) -> None:
        self._key = hash_key or secrets.token_bytes(32)
        self._names_users = hash_key is not None
        self._redact = redact

    def row(self, entry: Entry, *, sampled: bool, sample_rate: float) -> LoggedDecision:
        """The row of an entry."""
        return LoggedDecision(
            decision_id=entry.decision_id,
            at=datetime.fromtimestamp(entry.at, UTC),
            user_hash=self._hash("user", entry.user_id) if self._names_users else None,
            conversation_hash=self._hash("conversation", entry.conversation),
            sampled=sampled,
            sample_rate=sample_rate,
            table_version=entry.table_version,
            reason=entry.reason,
            error=_name(entry.error),
            incumbent_model=entry.incumbent.model if entry.incumbent else None,
            incumbent_variant=entry.incumbent.variant if entry.incumbent else None,
            cached=entry.cached,
            classifier_model=entry.classifier_model,
            classifier_calls=entry.classifier_calls,
            classifier_cost_usd=entry.cost_usd,
            has_shadow=entry.has_shadow,
            **_decided(entry),
            **_asked(entry),
            **_classified(entry),
            **_stages(entry),
            **_told(entry),
            **self._request(entry),
        )

    def shadow(self, answer: LoggedShadow, conversation: str) -> LoggedShadow:
        """A shadow's answer with its conversation, and what the other router wrote cut to what columns hold."""
        return replace(
            answer,
            conversation_hash=self._hash("conversation", conversation),
            reason=_name(answer.reason),
            static_model=_name(answer.static_model),
            shadow_model=_name(answer.shadow_model),
            shadow_variant=_name(answer.shadow_variant),
            difficulty=_name(answer.difficulty),
            domain=_name(answer.domain),
        )

    def _hash(self, sort: str, value: str | None) -> str | None:
        if value is None:
            return None
        message = f"{sort}:{value}".encode(errors="surrogatepass")
        return hmac.digest(self._key, message, "sha256").hex()[:32]

    def _request(self, entry: Entry) -> dict[str, Any]:
        request = entry.request
        return {
            "api_kind": request.api_kind if request else None,
            "requested_model": _name(request.requested_model) if request else None,
            "message_count": _count(request.message_count) if request else None,
            "has_tools": request.has_tools if request else None,
            "stream": request.stream if request else None,
            "system_prompt": self._text(request.system_prompt_prefix) if request else None,
            "user_prompt": self._text(request.user_prompt_prefix) if request else None,
            "latest_user_prompt": self._text(request.latest_user_prompt_prefix) if request else None,
        }

    def _text(self, text: str | None) -> str | None:
        if text is None or self._redact is None:
            return None
        return self._redact(well_formed(text))


def _decided(entry: Entry) -> dict[str, Any]:
    decision, classification = entry.decision, entry.classification
    route = classification.route if classification else None
    return {
        "route": decision.route if decision else route,
        "source": decision.source if decision else None,
        "model": decision.model if decision else None,
        "variant": decision.variant if decision else None,
        "evidence": decision.evidence if decision else None,
        "accuracy": decision.accuracy if decision else None,
        "accuracy_low": decision.accuracy_low if decision else None,
        "avg_cost_usd": decision.avg_cost_usd if decision else None,
        "sticky": decision is not None and decision.sticky,
        "switch_reason": decision.switch_reason if decision else None,
    }


def _asked(entry: Entry) -> dict[str, Any]:
    policy, constraints = entry.policy, entry.constraints
    denied = policy.denied_models if policy else ()
    pool = policy.pool if policy else None
    return {
        "routing_mode": policy.routing_mode if policy else "cost_per_accuracy",
        "denied_models": _names(denied),
        "pool": None if pool is None else _names(_pair(pair) for pair in pool[:_MAX_NAMES]),
        "policy_cut": len(denied) > _MAX_NAMES or len(pool or ()) > _MAX_NAMES,
        "input_modalities": _names(constraints.input_modalities if constraints else ()),
        "prompt_tokens_estimate": _count(constraints.prompt_tokens_estimate) if constraints else None,
    }


def _told(entry: Entry) -> dict[str, Any]:
    return {
        "client_request_id": _printable(entry.client_request_id),
        "mode": _printable(entry.mode),
        "user_agent": _printable(entry.user_agent),
        "body_bytes": _count(entry.body_bytes),
    }


def _classified(entry: Entry) -> dict[str, Any]:
    given = entry.classification
    return {
        "task_type": given.task_type if given else None,
        "subtask_type": given.subtask_type if given else None,
        "context_complexity": given.context_complexity if given else None,
        "reasoning_complexity": given.reasoning_complexity if given else None,
        "risk_level": given.risk_level if given else None,
        "execution_mode": given.execution_mode if given else None,
        "requires_tools": given.requires_tools if given else None,
        "confidence": given.confidence if given else None,
        "fallback": given is not None and given.fallback,
    }


def _stages(entry: Entry) -> dict[str, Any]:
    stages = entry.stages
    return {name: getattr(stages, name) for name in stages.__struct_fields__}


def _pair(pair: PoolEntry) -> str:
    """As candidates are written, also where a caller's pair is no candidate."""
    try:
        return str(Candidate(pair.model, pair.variant))
    except ValueError:
        return f"{pair.model}@{pair.variant}" if pair.variant is not None else pair.model


def _names(names: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for name in names:
        if len(kept) == _MAX_NAMES:
            break
        kept.append(well_formed(name[:_MAX_NAME]))
    return tuple(kept)


def _name(name: str | None) -> str | None:
    return None if name is None else well_formed(name[:_MAX_NAME])


def _printable(text: str | None) -> str | None:
    """Without control characters, so that no reader of a log is misled."""
    return None if text is None else "".join(sign for sign in text[:_MAX_NAME] if sign.isprintable())


def _count(number: int | None) -> int | None:
    """Callers may send any number; columns hold 64 bits."""
    return None if number is None else min(number, _MAX_COUNT)
