"""What executing one case once gives, whatever the kind of benchmark."""

from typing import Protocol

from msgspec import Struct

from routelab.errors import BudgetError, EndpointError, SandboxError
from routelab.llm.proxy import ProxyCall
from routelab.records import Candidate, Usage

InfrastructureError = BudgetError | EndpointError | SandboxError


class Execution(Struct, frozen=True, kw_only=True):
    """One execution, graded where it can be.

    `score` is None when `error` (the infrastructure's) kept it from being graded. `error_kind`
    names what went wrong on the model's side, None when nothing did.
    """

    score: float | None
    usage: Usage
    latency_ms: float
    error: InfrastructureError | None = None
    error_kind: str | None = None
    error_message: str | None = None
    route_correct: bool | None = None
    timed_out: bool = False
    fallback_reason: str | None = None
    finish_reason: str | None = None
    exit_code: int | None = None
    output: str = ""
    events: tuple[str, ...] = ()
    calls: tuple[ProxyCall, ...] = ()
    agent_cost_usd: float | None = None
    container: str | None = None


class LaneExecutor(Protocol):
    """Executes the cases of one lane, one after another."""

    async def start(self) -> None:
        """Make ready; raises SandboxError."""

    async def execute(self, case_id: str, candidate: Candidate, repetition: int) -> Execution:
        """Execute and grade one case; raises SandboxError when the place of execution failed."""

    async def close(self) -> None:
        """Give everything back."""
