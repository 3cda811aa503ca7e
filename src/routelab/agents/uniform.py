"""What every agent gets alike: the wish for a bare final answer, and one retry of an empty one."""

import asyncio

from msgspec import structs

from routelab.agents.protocol import Agent, AgentResult, AgentTask
from routelab.agents.verdict import INVALID_REQUEST
from routelab.sandbox import Sandbox

FINAL_ANSWER_SUFFIX = (
    "\n\nWhen you are done, let your last message hold only the final answer, "
    "without explanation or formatting around it."
)
EMPTY_RETRIES = 1
_ENOUGH = {"max_steps", "over_case_limit", INVALID_REQUEST}
"""Ends after which a second try would only spend more than a case may."""


async def run_uniformly(agent: Agent, task: AgentTask, sandbox: Sandbox | None) -> AgentResult:
    """Run the task with the final-answer suffix; an empty final text is retried, costs added up.

    The retry goes on in the workspace as the first try left it, in what is left of the time.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + task.timeout_s
    asked = structs.replace(task, prompt=task.prompt + FINAL_ANSWER_SUFFIX)
    result = await agent.run(asked, sandbox)
    for _ in range(EMPTY_RETRIES):
        if result.final_text.strip() or result.finish_reason in _ENOUGH:
            break
        if result.timed_out or result.error is not None or loop.time() >= deadline:
            break
        again = await agent.run(structs.replace(asked, timeout_s=deadline - loop.time()), sandbox)
        result = structs.replace(
            again,
            usage=result.usage + again.usage,
            agent_cost_usd=_sum(result.agent_cost_usd, again.agent_cost_usd),
            events=(*result.events, *again.events),
            calls=(*result.calls, *again.calls),
        )
    return result


def _sum(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first + second
