"""What a gateway gets: the model to call, whatever became of the question."""

from typing import Any

from msgspec import Struct


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

    `chosen` None: there is no decision, and the policy denies the fallback. `decision` None: `reason`
    says why in one word and `detail` (None: no more is known) in a sentence. Reasons are the shim's
    own, or `unreachable`, `timeout`, `refused` (the shim answered 4xx), `failed` (it answered with
    another failing status), `bad_answer` and `bad_request` (the request cannot be written as JSON).
    `cost_usd` is what classifying cost: 0 when nothing was asked of a classifier, None when unknown.
    `decision_id` None: the shim gave none. `shadow` is as the shim gave it. `latency_ms` is what
    asking took.
    """

    chosen: Chosen | None
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
