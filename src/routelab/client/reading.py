"""Reading what the shim answered."""

from typing import Any

import msgspec
from msgspec import Struct

from routelab.client.answer import Chosen, DecideAnswer, Failure, ServedDecision
from routelab.client.fallback import Fallback


class _Body(Struct, frozen=True, kw_only=True):
    decision: ServedDecision | None
    reason: str | None = None
    classification: dict[str, Any] | None = None
    cost_usd: float | None = None
    shadow: dict[str, Any] | str | None = None
    decision_id: str | None = None


_decoder = msgspec.json.Decoder(_Body)


def read_answer(status: int, body: bytes, *, fallback: Fallback, latency_ms: float) -> DecideAnswer:
    """The answer in a response of the shim. Raises Failure when there is none."""
    if status != 200:
        raise Failure("refused" if 400 <= status < 500 else "failed", f"the shim answered {status}")
    try:
        read = _decoder.decode(body)
    except (ValueError, RecursionError) as error:
        raise Failure("bad_answer", f"the shim's answer is not of the contract: {error}") from error
    decision = read.decision
    if decision is not None and not decision.model.strip():
        raise Failure("bad_answer", "the shim's decision names no model", cost_usd=read.cost_usd)
    return DecideAnswer(
        chosen=fallback.chosen
        if decision is None
        else Chosen(model=decision.model, variant=decision.variant, is_fallback=False),
        decision=decision,
        reason=None if decision else read.reason,
        detail=None if decision else fallback.told(None),
        classification=read.classification,
        cost_usd=read.cost_usd,
        shadow=read.shadow,
        decision_id=read.decision_id,
        latency_ms=latency_ms,
    )


def null_answer(failure: Failure, *, fallback: Fallback, latency_ms: float) -> DecideAnswer:
    """The answer when asking failed."""
    return DecideAnswer(
        chosen=fallback.chosen,
        decision=None,
        reason=failure.reason,
        detail=fallback.told(str(failure)),
        cost_usd=failure.cost_usd,
        latency_ms=latency_ms,
    )
