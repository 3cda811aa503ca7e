"""One lane: the cases of one (candidate, repetition, shard), one after another."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import structlog
from msgspec import Struct

from routelab.bench.execution import Execution, InfrastructureError, LaneExecutor
from routelab.bench.outcomes import Cell, is_given_up
from routelab.bench.plan import LanePlan
from routelab.bench.stop import Stop
from routelab.bench.writer import AttemptWriter
from routelab.causes import CAUSES, FATAL_KINDS, LANE_ENDING_KINDS, OUTAGE_KINDS
from routelab.errors import EndpointError, SandboxError
from routelab.records import Attempt, Usage

_log = structlog.get_logger(__name__)
_OUTPUT_CHARS = 4_000
_EVENT_CHARS = 8_000
_NAME_CHARS = 60
_BACKOFF_S = 1.0
_BACKOFF_MAX_S = 30.0


class LaneContext(Struct, frozen=True, kw_only=True):
    """What all lanes of a run share.

    `failures` are the kinds of infrastructure failures a cell had before a resume. `redact` takes
    secrets out of text before it is stored. `keep_stream` keeps an attempt's whole event stream and
    must not raise. `on_attempt` is told of every committed attempt, and
    whether its cell is finished with it.
    """

    run_id: str
    routes: Mapping[str, str]
    writer: AttemptWriter
    stop: Stop
    infrastructure_attempts: int
    failures: Mapping[Cell, Sequence[str]]
    redact: Callable[[str], str]
    on_attempt: Callable[[Attempt, bool], None]
    keep_stream: Callable[[Attempt, Execution], None]


async def run_lane(plan: LanePlan, executor: LaneExecutor, context: LaneContext) -> None:
    """Run the lane to its end, or until the run is asked to stop.

    Raises SandboxError when the lane's place cannot be made ready or is lost, and StoreError when an
    attempt cannot be committed; what was committed stays.
    """
    try:
        await executor.start()
        for case_id in plan.case_ids:
            if context.stop.reason is not None:
                return
            await _run_case(plan, case_id, executor, context)
    finally:
        await executor.close()


async def _run_case(plan: LanePlan, case_id: str, executor: LaneExecutor, context: LaneContext) -> None:
    cell = (plan.candidate, plan.repetition, case_id)
    failures = list(context.failures.get(cell, ()))
    tried = 0
    outage: InfrastructureError | None = None
    while context.stop.reason is None:  # asked again after every pause: no call is paid for in vain
        started_at = datetime.now(UTC)
        execution = await _execute(plan, case_id, executor)
        attempt = _attempt(plan, case_id, len(failures) + 1, started_at, execution, context)
        await asyncio.to_thread(context.keep_stream, attempt, execution)
        await context.writer.add(attempt)
        error = execution.error
        if error is None:
            context.on_attempt(attempt, True)
            return
        failures.append(error.kind)
        given_up = is_given_up(failures, infrastructure_attempts=context.infrastructure_attempts)
        context.on_attempt(attempt, given_up)
        if error.kind in FATAL_KINDS:
            context.stop.ask(context.redact(str(error)))
            return
        _log.warning("infrastructure failure", lane=plan.name, case=case_id, error=context.redact(str(error)))
        if given_up:
            return
        tried += 1
        outage = error if error.kind in OUTAGE_KINDS else outage
        if tried >= context.infrastructure_attempts and outage is not None:
            context.stop.ask(_sentence(outage, context))
            return
        await context.stop.pause(_backoff_s(tried, error))


def _sentence(outage: InfrastructureError, context: LaneContext) -> str:
    said = context.redact(str(outage))
    return f"{CAUSES[outage.kind].meaning}: {said}; `routelab runs resume {context.run_id}` goes on when it is back"


async def _execute(plan: LanePlan, case_id: str, executor: LaneExecutor) -> Execution:
    started = asyncio.get_running_loop().time()
    try:
        return await executor.execute(case_id, plan.candidate, plan.repetition)
    except SandboxError as error:
        if error.kind in LANE_ENDING_KINDS:
            raise
        elapsed_ms = (asyncio.get_running_loop().time() - started) * 1000
        return Execution(score=None, usage=Usage(), latency_ms=elapsed_ms, error=error)


def _backoff_s(tried: int, error: InfrastructureError) -> float:
    asked = error.retry_after_s if isinstance(error, EndpointError) else None
    return random.uniform(0.5, 1.0) * min(_BACKOFF_MAX_S, _BACKOFF_S * 2**tried) if asked is None else asked


def _attempt(
    plan: LanePlan,
    case_id: str,
    number: int,
    started_at: datetime,
    execution: Execution,
    context: LaneContext,
) -> Attempt:
    error = execution.error
    message = str(error) if error is not None else execution.error_message
    error_kind = execution.error_kind if error is None else error.kind
    return Attempt(
        run_id=context.run_id,
        candidate=plan.candidate,
        case_id=case_id,
        route=context.routes[case_id],
        repetition=plan.repetition,
        number=number,
        status="graded" if execution.score is not None else "infrastructure",
        score=execution.score,
        route_correct=execution.route_correct,
        latency_ms=execution.latency_ms,
        cost_usd=execution.usage.cost_usd,
        spent_usd=execution.usage.spent_usd,
        agent_cost_usd=execution.agent_cost_usd,
        prompt_tokens=execution.usage.prompt_tokens,
        completion_tokens=execution.usage.completion_tokens,
        error_kind=error_kind and _storable(error_kind)[:_NAME_CHARS],
        error_message=message and _storable(context.redact(message)),
        timed_out=execution.timed_out,
        fallback_reason=execution.fallback_reason,
        finish_reason=execution.finish_reason and _storable(execution.finish_reason)[:_NAME_CHARS],
        exit_code=execution.exit_code,
        output_prefix=_storable(context.redact(execution.output))[:_OUTPUT_CHARS],
        event_tail=_storable(context.redact("\n".join(execution.events)))[-_EVENT_CHARS:] or None,
        container=execution.container,
        lane=plan.name,
        started_at=started_at,
        ended_at=datetime.now(UTC),
    )


def _storable(text: str) -> str:
    """The text without what databases refuse but a model may well write: null bytes and lone surrogates."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
