"""Command-line agents in the lane's sandbox, their model behind the proxy."""

import asyncio

import structlog
from msgspec import structs

from routelab.agents.program import Door, Program
from routelab.agents.protocol import AgentResult, AgentTask
from routelab.agents.verdict import (
    INVALID_REQUEST,
    follows_an_answer,
    infrastructure_error,
    is_finished,
    refuses_conversation,
)
from routelab.errors import SandboxError
from routelab.llm.proxy import Admission, Pass, Proxy
from routelab.records import Candidate
from routelab.sandbox import Sandbox

_log = structlog.get_logger(__name__)
_SETTLE_S = 5.0
_WARM_UP_S = 180.0
_WARM_UP_PROMPT = "Reply with the word ok."


class ContainedAgent:
    """Runs a program in the sandbox; what it cost is what the proxy counted.

    `address` is where the program finds the proxy. `max_case_cost_usd` bounds one attempt (None:
    no bound). One object serves all lanes of a run.
    """

    needs_sandbox = True

    def __init__(self, program: Program, proxy: Proxy, address: str, *, max_case_cost_usd: float | None = None) -> None:
        self.name = program.name
        self.version = program.version
        self._program = program
        self._proxy = proxy
        self._address = address
        self._max_case_cost_usd = max_case_cost_usd
        self._warming = asyncio.Lock()
        self._warm_home: bytes | None = None

    async def prepare(self, sandbox: Sandbox) -> None:
        """Give the sandbox the home folder that a first execution leaves, so that no case pays for it.

        The first sandbox executes it, without the endpoint; the others get a copy.
        """
        async with self._warming:
            if self._warm_home is None:
                await self._warm_up(sandbox)
                self._warm_home = await sandbox.pack_home()
        sandbox.keep_home(self._warm_home)

    async def _warm_up(self, sandbox: Sandbox) -> None:
        candidate = Candidate("warm-up")
        with self._proxy.admit_warm_up(candidate) as admission:
            task = AgentTask(
                run_id="",
                case_id="",
                candidate=candidate,
                repetition=1,
                system_prompt=None,
                prompt=_WARM_UP_PROMPT,
                timeout_s=_WARM_UP_S,
            )
            result = await sandbox.launch(self._program.launch(task, Door(self._address, admission.token)))
        transcript = self._program.parse(result.stdout)
        if not is_finished(transcript):
            said = [entry.text for entry in transcript.errors] or [result.stderr.strip()[-300:]]
            raise SandboxError(f"{self.name} does not run in its sandbox: {said[-1] or 'it said nothing'}")

    async def run(self, task: AgentTask, sandbox: Sandbox | None) -> AgentResult:
        """Execute the task; see the protocol."""
        assert sandbox is not None
        admitted = Pass(
            run_id=task.run_id,
            candidate=task.candidate,
            case_id=task.case_id,
            repetition=task.repetition,
            max_cost_usd=self._max_case_cost_usd,
        )
        with self._proxy.admit(admitted) as admission:
            try:
                return await self._run(task, sandbox, admission)
            except SandboxError as error:
                await admission.settled(_SETTLE_S)
                return AgentResult(
                    final_text="",
                    finish_reason=None,
                    usage=admission.usage,
                    error=error,
                    container=sandbox.container,
                    calls=tuple(admission.calls),
                )

    async def _run(self, task: AgentTask, sandbox: Sandbox, admission: Admission) -> AgentResult:
        prompt = f"{task.system_prompt}\n\n{task.prompt}" if task.system_prompt else task.prompt
        asked = structs.replace(task, system_prompt=None, prompt=prompt)
        result = await sandbox.launch(self._program.launch(asked, Door(self._address, admission.token)))
        await admission.settled(_SETTLE_S)
        transcript = self._program.parse(result.stdout)
        finished = is_finished(transcript)
        ended = _ended_by(admission, finished)
        error = None if ended else infrastructure_error(result, transcript, admission.failure)
        return AgentResult(
            final_text="" if error else transcript.final_text,
            finish_reason=ended or transcript.finish_reason,
            usage=admission.usage,
            agent_cost_usd=transcript.cost_usd,
            timed_out=result.timed_out and not finished and not ended,
            error=error,
            exit_code=result.exit_code,
            container=sandbox.container,
            events=tuple(result.stdout.split("\n")),
            calls=tuple(admission.calls),
        )


def _ended_by(admission: Admission, finished: bool) -> str | None:
    """What the proxy saw end the attempt on the model's side, however the agent took it; None: nothing."""
    if admission.over_case_limit:
        return "over_case_limit"
    failure = admission.failure
    if failure is None or finished or not refuses_conversation(failure):
        return None
    return INVALID_REQUEST if follows_an_answer(admission.calls, failure) else None
