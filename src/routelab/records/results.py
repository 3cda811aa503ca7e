"""What a benchmark produces: attempts, and summaries of them."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from routelab.records.models import Candidate


class Usage(Struct, frozen=True):
    """Tokens and money of one or several calls; `cost_usd` None means unknown, never free."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        known = self.cost_usd is not None and other.cost_usd is not None
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            (self.cost_usd or 0.0) + (other.cost_usd or 0.0) if known else None,
        )


UNKNOWN_COST = Usage(cost_usd=None)
"""A call that may have cost something, nobody knows what."""

AttemptStatus = Literal["graded", "infrastructure"]


class Attempt(Struct, frozen=True, kw_only=True):
    """One execution of a case by a candidate in a repetition.

    `score` is 0 to 1 for a graded attempt and None for an infrastructure failure, which never
    counts towards accuracy. `number` counts from 1 within (candidate, case, repetition).
    `error_kind` names what went wrong (None: nothing; see `routelab.causes`). `cost_usd` is what the
    endpoint billed, None unknown; `agent_cost_usd` what the agent said it cost, None when it said nothing.
    """

    run_id: str
    candidate: Candidate
    case_id: str
    route: str
    repetition: int
    number: int
    status: AttemptStatus
    score: float | None
    route_correct: bool | None = None
    latency_ms: float | None
    cost_usd: float | None
    agent_cost_usd: float | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    error_kind: str | None = None
    error_message: str | None = None
    timed_out: bool = False
    fallback_reason: str | None = None
    finish_reason: str | None = None
    exit_code: int | None = None
    output_prefix: str | None = None
    event_tail: str | None = None
    container: str | None = None
    lane: str | None = None
    started_at: datetime
    ended_at: datetime


class Summary(Struct, frozen=True, kw_only=True):
    """The outcomes of one candidate, on one route or (route None) on the whole dataset.

    `accuracy` is the mean over cases of the mean over repetitions; its interval treats the cases,
    not the attempts, as trials. `cases` counts cases with at least one graded attempt. Latencies
    are nearest-rank percentiles of graded attempts. `avg_cost_usd` is the mean over graded
    attempts whose cost is known (`costed` of them); None when none is.
    """

    candidate: Candidate
    route: str | None
    cases: int
    repetitions: int
    accuracy: float | None
    accuracy_low: float | None
    accuracy_high: float | None
    avg_cost_usd: float | None
    costed: int
    p50_latency_ms: float | None
    p95_latency_ms: float | None
    attempts: int
    infrastructure_failures: int
    errors: int
    timeouts: int
    route_accuracy: float | None = None
    carried_from: str | None = None

    @property
    def model(self) -> str:
        """The candidate's model id."""
        return self.candidate.model

    @property
    def variant(self) -> str | None:
        """The candidate's variant."""
        return self.candidate.variant
