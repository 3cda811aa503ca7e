"""Executing decider cases."""

import time
from collections.abc import Mapping
from pathlib import Path

from routelab.agents import Agent, AgentTask, run_uniformly
from routelab.bench.execution import Execution, InfrastructureError
from routelab.bench.grade import passes
from routelab.causes import model_failure
from routelab.errors import SandboxError
from routelab.records import Candidate, DeciderCase
from routelab.sandbox import Sandbox


class DeciderExecutor:
    """Lets an agent work on golden tasks in the lane's sandbox and grades what it leaves.

    The sandbox is closed here too. `timeout_s` caps the cases' own limits.
    """

    def __init__(
        self,
        cases: Mapping[str, DeciderCase],
        folder: Path,
        agent: Agent,
        sandbox: Sandbox,
        *,
        run_id: str,
        timeout_s: float,
    ) -> None:
        self._cases = cases
        self._folder = folder
        self._agent = agent
        self._sandbox = sandbox
        self._run_id = run_id
        self._timeout_s = timeout_s

    async def start(self) -> None:
        """Make the sandbox ready, and the agent in it."""
        await self._sandbox.start()
        await self._agent.prepare(self._sandbox)

    async def close(self) -> None:
        """Remove the sandbox."""
        await self._sandbox.close()

    async def execute(self, case_id: str, candidate: Candidate, repetition: int) -> Execution:
        """Execute one task; a result that is no clean `stop`, or came too late, scores 0."""
        case = self._cases[case_id]
        sandbox = self._sandbox if self._agent.needs_sandbox or case.workspace is not None else None
        if sandbox is not None:
            await prepare_workspace(case, self._folder, sandbox)
        task = AgentTask(
            run_id=self._run_id,
            case_id=case_id,
            candidate=candidate,
            repetition=repetition,
            system_prompt=case.system_prompt,
            prompt=case.user_prompt,
            timeout_s=min(case.timeout_s, self._timeout_s),
        )
        started = time.perf_counter()
        result = await run_uniformly(self._agent, task, sandbox)
        latency_ms = (time.perf_counter() - started) * 1000
        error_kind = model_failure(
            finish_reason=result.finish_reason, final_text=result.final_text, timed_out=result.timed_out
        )
        error: InfrastructureError | None = result.error
        score = None
        if error is None:
            try:
                passed = error_kind is None and await passes(case.check, result.final_text, sandbox, self._folder)
                score = float(passed)
            except SandboxError as failure:
                error = failure
        return Execution(
            score=score,
            usage=result.usage,
            latency_ms=latency_ms,
            error=error,
            error_kind=error_kind,
            timed_out=result.timed_out,
            finish_reason=result.finish_reason,
            exit_code=result.exit_code,
            output=result.final_text,
            events=result.events,
            calls=result.calls,
            agent_cost_usd=result.agent_cost_usd,
            container=result.container,
        )


async def prepare_workspace(case: DeciderCase, folder: Path, sandbox: Sandbox) -> None:
    """Fill the workspace of a case (none: leave it empty) and run its setup; raises SandboxError when that fails."""
    try:
        setup = None if case.setup is None else (folder / case.setup).read_bytes()
    except OSError as error:
        raise SandboxError(f"cannot read the setup of case {case.id}: {error.strerror}") from error
    await sandbox.reset(None if case.workspace is None else folder / case.workspace, setup=setup)
