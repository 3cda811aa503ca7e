"""What a benchmark produces: attempts, and summaries of them."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from routelab.records.models import Candidate


class Usage(Struct, frozen=True):
    """Tokens and money of one or several calls; `cost_usd` None means unknown, never free.

    `estimate_usd` counts only where the cost is unknown: what of it is known, and what the calls
    that were cut off may have cost.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = 0.0
    estimate_usd: float = 0.0

    @property
    def spent_usd(self) -> float:
        """What a money limit has to count: the cost, or where that is unknown the estimate."""
        return self.estimate_usd if self.cost_usd is None else self.cost_usd

    def __add__(self, other: "Usage") -> "Usage":
        prompt_tokens = self.prompt_tokens + other.prompt_tokens
        completion_tokens = self.completion_tokens + other.completion_tokens
        spent_usd = self.spent_usd + other.spent_usd
        if self.cost_usd is None or other.cost_usd is None:
            return Usage(prompt_tokens, completion_tokens, None, spent_usd)
        return Usage(prompt_tokens, completion_tokens, spent_usd)


UNKNOWN_COST = Usage(cost_usd=None)
"""A call that may have cost something, nobody knows what."""

AttemptStatus = Literal["graded", "infrastructure"]


class Attempt(Struct, frozen=True, kw_only=True):
    """One execution of a case by a candidate in a repetition.

    `score` is 0 to 1 for a graded attempt and None for an infrastructure failure, which never
    counts towards accuracy. `number` counts from 1 within (candidate, case, repetition).
    `error_kind` names what went wrong (None: nothing; see `routelab.causes`). `cost_usd` is what the
    endpoint billed, None unknown; `agent_cost_usd` what the agent said it cost, None when it said nothing.
    `spent_usd` is what money limits count: the cost, or where that is unknown what is known of it
    with an estimate for calls that were cut off.
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
    spent_usd: float
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
