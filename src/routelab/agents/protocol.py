"""What an agent must offer."""

from typing import Protocol

from msgspec import Struct

from routelab.errors import BudgetError, EndpointError, SandboxError
from routelab.llm.proxy import ProxyCall
from routelab.records import Candidate, Usage
from routelab.sandbox import Sandbox


class AgentTask(Struct, frozen=True, kw_only=True):
    """What an agent is asked to do. `timeout_s` bounds the whole execution, in seconds."""

    run_id: str
    case_id: str
    candidate: Candidate
    repetition: int
    system_prompt: str | None
    prompt: str
    timeout_s: float


class AgentResult(Struct, frozen=True, kw_only=True):
    """What came of it.

    `finish_reason` is the last step's; only `stop` is success. `error` is what ended the execution
    early and was not the model's doing; `timed_out` that the deadline passed. `usage` holds all
    calls, whatever happened after them; its cost is unknown where a call ran into the deadline.
    `agent_cost_usd` is the agent's own figure, None where it has none. `events` are one line each,
    oldest first; `calls` are the proxy's record of an agent that is not part of this process.
    """

    final_text: str
    finish_reason: str | None
    usage: Usage
    agent_cost_usd: float | None = None
    timed_out: bool = False
    error: EndpointError | BudgetError | SandboxError | None = None
    exit_code: int | None = None
    container: str | None = None
    events: tuple[str, ...] = ()
    calls: tuple[ProxyCall, ...] = ()


class Agent(Protocol):
    """Runs a task with a candidate. `name` and `version` belong to the engine identity.

    `needs_sandbox`: it runs inside the sandbox, so it needs one for every task.
    """

    name: str
    version: str
    needs_sandbox: bool

    async def prepare(self, sandbox: Sandbox) -> None:
        """Do once in a fresh sandbox what must not count towards the first case; raises SandboxError."""

    async def run(self, task: AgentTask, sandbox: Sandbox | None) -> AgentResult:
        """Execute the task; `sandbox` None means that the task has no workspace.

        Failures of endpoint, budget or sandbox come back in the result, with what was paid before them.
        """
