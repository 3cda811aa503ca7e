"""The direct agent: chat completions with one shell tool, and nothing in between."""

import asyncio
import json
from typing import Any

from routelab.agents.program import Entry
from routelab.agents.protocol import AgentResult, AgentTask
from routelab.agents.verdict import INVALID_REQUEST, refuses_conversation
from routelab.errors import BudgetError, EndpointError, SandboxError
from routelab.llm import EndpointClient
from routelab.records import Completion, ToolCall, Usage
from routelab.sandbox import Sandbox

_TOOL_TIMEOUT_S = 60.0
_TOOL_OUTPUT_CHARS = 16_000
_EVENT_CHARS = 2_000
SHELL_TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "shell",
        "description": "Run a POSIX shell command in the workspace; returns its exit code and output.",
        "parameters": {
            "type": "object",
            "properties": {"command": {"type": "string", "description": "The command for sh -c."}},
            "required": ["command"],
            "additionalProperties": False,
        },
    },
}


class DirectAgent:
    """Calls the model until it answers without a tool call, at most `max_steps` times.

    The shell tool is offered where the task has a workspace. No call begins once an attempt has spent
    `max_case_cost_usd` (None: no such limit).
    """

    name = "direct"
    version = "1"
    needs_sandbox = False

    def __init__(self, client: EndpointClient, *, max_steps: int, max_case_cost_usd: float | None = None) -> None:
        self._client = client
        self._max_steps = max_steps
        self._max_cost_usd = max_case_cost_usd

    async def prepare(self, sandbox: Sandbox) -> None:
        """Nothing to do."""

    async def run(self, task: AgentTask, sandbox: Sandbox | None) -> AgentResult:
        """Execute the task; see the protocol."""
        talk = _Talk(task)
        error: EndpointError | BudgetError | SandboxError | None = None
        timed_out = False
        try:
            await self._converse(task, sandbox, talk)
        except TimeoutError:
            timed_out = True
        except (EndpointError, BudgetError, SandboxError) as failure:
            if talk.events and refuses_conversation(failure):
                talk.finish_reason = INVALID_REQUEST
            else:
                error = failure
        return AgentResult(
            final_text="" if timed_out or error else talk.final_text,
            finish_reason=talk.finish_reason,
            usage=talk.usage,
            timed_out=timed_out,
            error=error,
            events=tuple(talk.events),
        )

    async def _converse(self, task: AgentTask, sandbox: Sandbox | None, talk: "_Talk") -> None:
        """Talk until the model is done; raises TimeoutError when the deadline passes."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + task.timeout_s
        tools = [SHELL_TOOL] if sandbox is not None else None
        for _ in range(self._max_steps):
            if self._max_cost_usd is not None and talk.usage.spent_usd >= self._max_cost_usd:
                talk.finish_reason = "over_case_limit"
                return
            talk.hear(await self._ask(task, tools, talk, timeout_s=deadline - clock()))
            if not talk.calls or sandbox is None:
                return
            for call in talk.calls:
                left = deadline - clock()
                if left <= 0:
                    raise TimeoutError
                talk.tell(call, await _use_shell(sandbox, call, timeout_s=min(_TOOL_TIMEOUT_S, left)))
            if clock() >= deadline:
                raise TimeoutError
        talk.finish_reason = "max_steps"

    async def _ask(
        self, task: AgentTask, tools: list[dict[str, Any]] | None, talk: "_Talk", *, timeout_s: float
    ) -> Completion:
        """One call; TimeoutError when the model used up the time, EndpointError when the endpoint did."""
        began = asyncio.get_running_loop().time()
        try:
            return await self._client.complete(
                task.candidate, talk.messages, tools=tools, repetition=task.repetition, timeout_s=timeout_s
            )
        except (EndpointError, BudgetError) as error:
            talk.usage += error.usage
            if error.kind == "timeout" and asyncio.get_running_loop().time() - began >= timeout_s:
                raise TimeoutError from error
            raise


def entries(stream: str) -> tuple[Entry, ...]:
    """What this agent's events say, for a reader; lines it cannot read are skipped."""
    found = []
    for line in stream.splitlines():
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(event, dict) and event.get("event") == "tool":
            found.append(Entry(kind="tool", name="shell", text=str(event["arguments"]), result=str(event["result"])))
        elif isinstance(event, dict) and event.get("event") == "answer":
            found.append(Entry(kind="text", text=str(event["text"])))
    return tuple(found)


class _Talk:
    """The conversation so far, with what it cost."""

    def __init__(self, task: AgentTask) -> None:
        system = [{"role": "system", "content": task.system_prompt}] if task.system_prompt else []
        self.messages: list[dict[str, Any]] = [*system, {"role": "user", "content": task.prompt}]
        self.usage = Usage()
        self.final_text = ""
        self.finish_reason: str | None = None
        self.calls: tuple[ToolCall, ...] = ()
        self.events: list[str] = []

    def hear(self, completion: Completion) -> None:
        """Take the model's turn in."""
        self.usage += completion.usage
        self.calls = completion.tool_calls
        self.final_text = "" if completion.tool_calls else completion.text
        self.finish_reason = completion.finish_reason
        turn: dict[str, Any] = {"role": "assistant", "content": completion.text}
        if completion.tool_calls:
            turn["tool_calls"] = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for call in completion.tool_calls
            ]
        self.messages.append(turn)
        self._record("answer", text=completion.text, finish_reason=completion.finish_reason)

    def tell(self, call: ToolCall, result: str) -> None:
        """Add a tool's result."""
        self.messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
        self._record("tool", arguments=call.arguments, result=result)

    def _record(self, kind: str, **fields: Any) -> None:
        clipped = {name: value[:_EVENT_CHARS] if isinstance(value, str) else value for name, value in fields.items()}
        self.events.append(json.dumps({"event": kind, **clipped}, ensure_ascii=False))


async def _use_shell(sandbox: Sandbox, call: ToolCall, *, timeout_s: float) -> str:
    try:
        command = json.loads(call.arguments)["command"]
    except (ValueError, KeyError, TypeError, RecursionError):
        command = None
    if call.name != SHELL_TOOL["function"]["name"] or not isinstance(command, str):
        return 'error: call the tool "shell" with {"command": "…"}'
    result = await sandbox.run(command, timeout_s=timeout_s)
    if result.timed_out:
        return f"error: killed after {timeout_s:g} s\n{_clip(result.output)}"
    return f"exit code {result.exit_code}\n{_clip(result.output)}"


def _clip(output: str) -> str:
    if len(output) <= _TOOL_OUTPUT_CHARS:
        return output
    half = _TOOL_OUTPUT_CHARS // 2
    return f"{output[:half]}\n… {len(output) - 2 * half} characters cut out …\n{output[-half:]}"
