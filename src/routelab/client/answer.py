"""What a gateway gets: the model to call, whatever became of the question."""

from typing import Any

import msgspec
from msgspec import Struct

from routelab.records import Candidate


class Chosen(Struct, frozen=True, kw_only=True):
    """The model to call. `is_fallback`: there was no decision, so it is the operator's fallback."""

    model: str
    variant: str | None
    is_fallback: bool


class ServedDecision(Struct, frozen=True, kw_only=True):
    """The shim's decision as a gateway reads it: of all fields only `model` must be there.

    More tolerant than the shim's own record on purpose, since gateway and shim are not upgraded at
    the same moment. None: the shim did not say.
    """

    model: str
    variant: str | None = None
    route: str | None = None
    source: str | None = None
    table_version: str | None = None
    sticky: bool = False
    switch_reason: str | None = None
    evidence: str | None = None
    accuracy: float | None = None
    accuracy_low: float | None = None
    avg_cost_usd: float | None = None


class DecideAnswer(Struct, frozen=True, kw_only=True):
    """What to call, and what is known about why.

    `decision` None: `reason` says why in one word and `detail` (None: no more is known) in a
    sentence. Reasons are the shim's own, or `unreachable`, `timeout`, `refused` (the shim answered
    4xx), `failed` (it answered with another failing status), `bad_answer` and `bad_request` (the
    request cannot be written as JSON). `cost_usd` is what classifying cost: 0 when nothing was
    asked of a classifier, None when unknown. `decision_id` None: the shim gave none. `shadow` is
    as the shim gave it. `latency_ms` is what asking took.
    """

    chosen: Chosen
    decision: ServedDecision | None
    reason: str | None
    detail: str | None = None
    classification: dict[str, Any] | None = None
    cost_usd: float | None
    shadow: dict[str, Any] | str | None = None
    decision_id: str | None = None
    latency_ms: float


class Failure(Exception):
    """Why there is no decision; `cost_usd` as in DecideAnswer."""

    def __init__(self, reason: str, detail: str, *, cost_usd: float | None = None) -> None:
        super().__init__(detail)
        self.reason = reason
        self.cost_usd = cost_usd


class _Body(Struct, frozen=True, kw_only=True):
    decision: ServedDecision | None
    reason: str | None = None
    classification: dict[str, Any] | None = None
    cost_usd: float | None = None
    shadow: dict[str, Any] | str | None = None
    decision_id: str | None = None


_decoder = msgspec.json.Decoder(_Body)


def read_answer(status: int, body: bytes, *, fallback: Candidate, latency_ms: float) -> DecideAnswer:
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
        chosen=_fallen_back(fallback)
        if decision is None
        else Chosen(model=decision.model, variant=decision.variant, is_fallback=False),
        decision=decision,
        reason=None if decision else read.reason,
        classification=read.classification,
        cost_usd=read.cost_usd,
        shadow=read.shadow,
        decision_id=read.decision_id,
        latency_ms=latency_ms,
    )


def null_answer(failure: Failure, *, fallback: Candidate, latency_ms: float) -> DecideAnswer:
    """The answer when asking failed."""
    return DecideAnswer(
        chosen=_fallen_back(fallback),
        decision=None,
        reason=failure.reason,
        detail=str(failure),
        cost_usd=failure.cost_usd,
        latency_ms=latency_ms,
    )


def _fallen_back(fallback: Candidate) -> Chosen:
    return Chosen(model=fallback.model, variant=fallback.variant, is_fallback=True)
