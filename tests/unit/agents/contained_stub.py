"""The stub agent for real, in a process sandbox, its model behind the real proxy on loopback."""

import json
import os
import shlex
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from msgspec import Struct, structs
from tests.integration.streaming import JSON, Stream

from routelab.agents import AgentResult, AgentTask, ContainedAgent, Door, run_uniformly
from routelab.agents.stub import StubProgram
from routelab.config import EndpointConfig
from routelab.llm import MoneyLimit
from routelab.llm.proxy import Proxy, serving
from routelab.records import Candidate
from routelab.sandbox import Launch, ProcessSandbox, recipe

KEY = "sk-real-0123456789abcdef0123456789"
MODEL = Candidate("real/one")


def json_answer(body: Any, status: int = 200, **more: Any) -> Stream:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Stream((raw,), status=status, headers={**JSON, **more.pop("headers", {})}, **more)


def said(text: str | None, *commands: str, cost: float | None = 0.25, reason: str = "stop", **more: Any) -> Stream:
    """A completion of 100 and 20 tokens that says something or calls the stub's tool."""
    calls = [
        {"id": f"call_{number}", "function": {"name": "bash", "arguments": json.dumps({"command": command})}}
        for number, command in enumerate(commands)
    ]
    usage = {"prompt_tokens": 100, "completion_tokens": 20, **({} if cost is None else {"cost": cost})}
    message = {"role": "assistant", "content": text, **({"tool_calls": calls} if calls else {})}
    choice = {"message": message, "finish_reason": "tool_calls" if calls else reason}
    return json_answer({"choices": [choice], "usage": usage}, **more)


def failed(status: int, message: str = "no") -> Stream:
    return json_answer({"error": {"message": message}}, status)


class LocalStub(StubProgram):
    """Runs the image's own file with this Python; `command` replaces it, `doors` are what it was given."""

    def __init__(self, *, misbehave: str | None = None, command: str | None = None) -> None:
        super().__init__(misbehave=misbehave)
        self.command = command or shlex.join([sys.executable, "-IB", str(recipe.IMAGES / "stub" / "agent.py")])
        self.doors: list[Door] = []
        self.tasks: list[AgentTask] = []

    def launch(self, task: AgentTask, door: Door) -> Launch:
        self.doors.append(door)
        self.tasks.append(task)
        made = super().launch(task, door)
        return structs.replace(made, command=self.command, env={**made.env, "PATH": os.environ["PATH"]})


def task(**changes: Any) -> AgentTask:
    fields: dict[str, Any] = {
        "run_id": "run-1",
        "case_id": "case-1",
        "candidate": MODEL,
        "repetition": 1,
        "system_prompt": None,
        "prompt": "How many?",
        "timeout_s": 20.0,
    }
    return AgentTask(**{**fields, **changes})


class Lane(Struct):
    """An agent and the sandbox it runs in."""

    agent: ContainedAgent
    sandbox: ProcessSandbox
    program: LocalStub
    proxy: Proxy
    address: str

    async def run(self, **changes: Any) -> AgentResult:
        return await self.agent.run(task(**changes), self.sandbox)

    async def run_uniformly(self, **changes: Any) -> AgentResult:
        return await run_uniformly(self.agent, task(**changes), self.sandbox)


@asynccontextmanager
async def lane(
    url: str,
    program: LocalStub | None = None,
    *,
    case_limit: float | None = None,
    run_limit: float | None = None,
    call_timeout_s: float = 5.0,
) -> AsyncIterator[Lane]:
    """A lane whose model lives at `url`."""
    given = program or LocalStub()
    config = EndpointConfig.model_validate({"base_url": url, "timeout_s": call_timeout_s})
    sandbox = ProcessSandbox()
    async with (
        Proxy(config, api_key=KEY, limit=MoneyLimit(run_limit)) as proxy,
        serving(proxy) as address,
    ):
        agent = ContainedAgent(given, proxy, address, max_case_cost_usd=case_limit)
        await sandbox.start()
        try:
            yield Lane(agent, sandbox, given, proxy, address)
        finally:
            await sandbox.close()
