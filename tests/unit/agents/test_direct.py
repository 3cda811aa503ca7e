"""The direct agent against a scripted endpoint on loopback and a real sandbox."""

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from tests.integration.loopback import Call, Endpoint, Reply, completion, serving, tool_call

from routelab.agents import FINAL_ANSWER_SUFFIX, AgentResult, AgentTask, DirectAgent, run_uniformly
from routelab.config import EndpointConfig
from routelab.errors import BudgetError, EndpointError, SandboxError
from routelab.llm import EndpointClient, MoneyLimit
from routelab.records import Candidate
from routelab.sandbox import ExecResult, ProcessSandbox

TASK = AgentTask(
    run_id="run-1",
    case_id="case-1",
    candidate=Candidate("real/one"),
    repetition=1,
    system_prompt="Be brief.",
    prompt="How many?",
    timeout_s=20,
)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving(Endpoint()) as served:
        yield served


@pytest.fixture
async def sandbox() -> AsyncIterator[ProcessSandbox]:
    made = ProcessSandbox()
    await made.start()
    yield made
    await made.close()


Work = Callable[..., Any]


@pytest.fixture
def work(endpoint: Endpoint) -> Work:
    """Runs the agent once; keywords change the task."""

    async def run(
        sandbox: Any = None, *, limit: MoneyLimit | None = None, uniformly: bool = False, **changes: Any
    ) -> AgentResult:
        max_steps = changes.pop("max_steps", 10)
        bound = changes.pop("max_case_cost_usd", None)
        config = EndpointConfig.model_validate({"base_url": endpoint.url, "attempts": 1})
        task = AgentTask(**{**{name: getattr(TASK, name) for name in TASK.__struct_fields__}, **changes})
        async with EndpointClient(config, limit=limit) as client:
            agent = DirectAgent(client, max_steps=max_steps, max_case_cost_usd=bound)
            return await (run_uniformly(agent, task, sandbox) if uniformly else agent.run(task, sandbox))

    return run


def shell(command: str) -> Reply:
    return tool_call(json.dumps({"command": command}))


def said(call: Call) -> list[str]:
    return [message["content"] for message in call.body["messages"] if message["role"] == "tool"]


async def test_an_answer_without_tools_is_one_call(work: Work, endpoint: Endpoint) -> None:
    result = await work()
    assert (result.final_text, result.finish_reason, result.timed_out, result.error) == ("42", "stop", False, None)
    assert (result.usage.prompt_tokens, result.usage.cost_usd) == (100, 0.001)
    [call] = endpoint.calls
    assert call.body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "How many?"},
    ]
    assert "tools" not in call.body


async def test_without_a_system_prompt_there_is_no_system_message(work: Work, endpoint: Endpoint) -> None:
    await work(system_prompt=None)
    assert [message["role"] for message in endpoint.calls[0].body["messages"]] == ["user"]


async def test_commands_run_in_the_workspace_and_their_results_go_back(
    work: Work, endpoint: Endpoint, sandbox: ProcessSandbox
) -> None:
    replies = [shell("echo 137 > number.txt; echo wrote it; exit 3"), shell("cat number.txt"), completion("Done.")]
    endpoint.script = lambda _call, number: replies[number - 1]
    result = await work(sandbox)
    assert result.final_text == "Done."
    assert result.usage.cost_usd == pytest.approx(0.003)
    assert await sandbox.read("number.txt") == "137\n"
    assert [said(call) for call in endpoint.calls] == [
        [],
        ["exit code 3\nwrote it\n"],
        ["exit code 3\nwrote it\n", "exit code 0\n137\n"],
    ]
    assert [tool["function"]["name"] for tool in endpoint.calls[0].body["tools"]] == ["shell"]
    turns = [message["role"] for message in endpoint.calls[-1].body["messages"]]
    assert turns == ["system", "user", "assistant", "tool", "assistant", "tool"]
    assert [json.loads(event)["event"] for event in result.events] == ["answer", "tool", "answer", "tool", "answer"]


async def test_several_calls_in_one_turn_are_all_answered(
    work: Work, endpoint: Endpoint, sandbox: ProcessSandbox
) -> None:
    calls = [
        {
            "id": f"call-{n}",
            "type": "function",
            "function": {"name": "shell", "arguments": f'{{"command": "echo {n}"}}'},
        }
        for n in (1, 2)
    ]
    both = completion("", finish_reason="tool_calls", tool_calls=calls)
    endpoint.script = lambda _call, number: both if number == 1 else None
    await work(sandbox)
    answers = [message for message in endpoint.calls[1].body["messages"] if message["role"] == "tool"]
    assert [(item["tool_call_id"], item["content"]) for item in answers] == [
        ("call-1", "exit code 0\n1\n"),
        ("call-2", "exit code 0\n2\n"),
    ]


async def test_the_steps_are_bounded(work: Work, endpoint: Endpoint, sandbox: ProcessSandbox) -> None:
    endpoint.script = lambda _call, _number: shell("true")
    result = await work(sandbox, max_steps=3)
    assert (result.final_text, result.finish_reason) == ("", "max_steps")
    assert len(endpoint.calls) == 3


@pytest.mark.parametrize(
    "arguments",
    ["{", "[]", '"ls"', '{"cmd": "ls"}', '{"command": 7}', "null", "[" * 50_000],
    ids=lambda arguments: str(arguments)[:20],
)
async def test_malformed_arguments_are_told_to_the_model(
    work: Work, endpoint: Endpoint, sandbox: ProcessSandbox, arguments: Any
) -> None:
    endpoint.script = lambda _call, number: tool_call(arguments) if number == 1 else None
    result = await work(sandbox)
    assert result.final_text == "42"
    assert said(endpoint.calls[1]) == ['error: call the tool "shell" with {"command": "…"}']


async def test_an_unknown_tool_is_told_to_the_model(work: Work, endpoint: Endpoint, sandbox: ProcessSandbox) -> None:
    endpoint.script = lambda _call, number: tool_call('{"command": "ls"}', name="browser") if number == 1 else None
    assert (await work(sandbox)).final_text == "42"
    assert said(endpoint.calls[1])[0].startswith("error: call the tool")


async def test_no_call_begins_when_the_attempt_has_spent_its_limit(
    work: Work, endpoint: Endpoint, sandbox: ProcessSandbox
) -> None:
    endpoint.script = lambda _call, _number: shell("ls")
    result = await work(sandbox, max_case_cost_usd=0.002)
    assert (result.finish_reason, result.final_text, result.error) == ("over_case_limit", "", None)
    assert len(endpoint.calls) == 2


async def test_a_tool_call_where_there_are_no_tools_is_no_answer(work: Work, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, _number: shell("ls")
    result = await work()
    assert (result.final_text, result.finish_reason) == ("", "tool_calls")
    assert len(endpoint.calls) == 1


async def test_long_output_is_cut_before_it_goes_back(work: Work, endpoint: Endpoint, sandbox: ProcessSandbox) -> None:
    endpoint.script = lambda _call, number: shell("seq 1 10000") if number == 1 else None
    await work(sandbox)
    [told] = said(endpoint.calls[1])
    assert len(told) < 16_100
    assert "characters cut out" in told
    assert told.endswith("10000\n")


async def test_a_truncated_answer_keeps_its_finish_reason(work: Work, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, _number: completion("4", finish_reason="length")
    result = await work()
    assert (result.final_text, result.finish_reason) == ("4", "length")


async def test_a_model_that_is_too_slow_times_out_at_unknown_cost(work: Work, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, _number: Reply(delay_s=5)
    result = await work(timeout_s=0.3)
    assert (result.timed_out, result.error, result.usage.cost_usd, result.final_text) == (True, None, None, "")


async def test_a_command_that_is_too_slow_times_out_at_known_cost(
    work: Work, endpoint: Endpoint, sandbox: ProcessSandbox
) -> None:
    endpoint.script = lambda _call, _number: shell("sleep 30")
    started = time.perf_counter()
    result = await work(sandbox, timeout_s=0.5)
    assert time.perf_counter() - started < 4
    assert (result.timed_out, result.error, result.usage.cost_usd) == (True, None, 0.001)
    assert len(endpoint.calls) == 1


async def test_a_busy_endpoint_is_not_the_models_slowness(work: Work, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, _number: Reply({"error": "busy"}, status=503)
    result = await work(timeout_s=0.3)
    assert result.timed_out is False
    assert isinstance(result.error, EndpointError)
    assert result.error.kind == "server_error"
    assert result.usage.cost_usd == 0.0


async def test_a_failure_in_the_middle_keeps_what_was_paid(
    work: Work, endpoint: Endpoint, sandbox: ProcessSandbox
) -> None:
    endpoint.script = lambda _call, number: shell("true") if number == 1 else Reply({"error": "down"}, status=500)
    result = await work(sandbox)
    assert isinstance(result.error, EndpointError)
    assert result.usage.cost_usd == 0.001


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_a_conversation_that_the_models_turns_made_too_long_is_its_own_failure(
    work: Work, endpoint: Endpoint, sandbox: ProcessSandbox, status: int
) -> None:
    refusal = Reply({"error": {"message": "maximum context length"}}, status=status)
    endpoint.script = lambda _call, number: shell("true") if number == 1 else refusal
    result = await work(sandbox, uniformly=True)
    assert (result.finish_reason, result.error, result.final_text) == ("invalid_request", None, "")
    assert (len(endpoint.calls), result.usage.cost_usd) == (2, 0.001)


@pytest.mark.parametrize(("status", "kind"), [(400, "rejected"), (422, "rejected"), (404, "unknown_model")])
async def test_a_first_request_that_is_refused_is_not_the_models_doing(
    work: Work, endpoint: Endpoint, sandbox: ProcessSandbox, status: int, kind: str
) -> None:
    endpoint.script = lambda _call, _number: Reply({"error": {"message": "no such effort"}}, status=status)
    result = await work(sandbox, uniformly=True)
    assert result.error is not None
    assert result.error.kind == kind


async def test_an_answer_that_broke_off_keeps_what_was_paid(work: Work, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, _number: completion("4", cost=0.25, finish_reason="error")
    result = await work()
    assert isinstance(result.error, EndpointError)
    assert (result.error.kind, result.usage.cost_usd) == ("server_error", 0.25)


async def test_a_deadline_in_the_middle_keeps_what_was_paid_beside_an_estimate(
    work: Work, endpoint: Endpoint, sandbox: ProcessSandbox
) -> None:
    endpoint.script = lambda _call, number: shell("true") if number < 3 else Reply(delay_s=5)
    result = await work(sandbox, timeout_s=1.0)
    assert (result.timed_out, result.usage.cost_usd) == (True, None)
    assert result.usage.spent_usd == pytest.approx(0.003)


async def test_the_money_limit_in_the_middle_keeps_what_was_paid(
    work: Work, endpoint: Endpoint, sandbox: ProcessSandbox
) -> None:
    endpoint.script = lambda _call, _number: shell("true")
    result = await work(sandbox, limit=MoneyLimit(0.002))
    assert isinstance(result.error, BudgetError)
    assert result.usage.cost_usd == pytest.approx(0.002)


class BrokenSandbox(ProcessSandbox):
    async def run(self, command: str, *, timeout_s: float, stdin: bytes | None = None) -> ExecResult:
        raise SandboxError("the place is gone")


async def test_a_broken_place_keeps_what_was_paid(work: Work, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, _number: shell("true")
    result = await work(BrokenSandbox())
    assert isinstance(result.error, SandboxError)
    assert result.usage.cost_usd == 0.001


async def test_every_task_asks_for_a_bare_final_answer(work: Work, endpoint: Endpoint) -> None:
    await work(uniformly=True)
    assert endpoint.prompts() == ["How many?" + FINAL_ANSWER_SUFFIX]


async def test_an_empty_answer_is_asked_for_once_more_and_costs_add_up(work: Work, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, number: completion(" \n") if number == 1 else None
    result = await work(uniformly=True)
    assert (result.final_text, len(endpoint.calls), len(result.events)) == ("42", 2, 2)
    assert (result.usage.cost_usd, result.usage.prompt_tokens) == (pytest.approx(0.002), 200)


async def test_an_answer_that_stays_empty_is_asked_for_no_third_time(work: Work, endpoint: Endpoint) -> None:
    endpoint.script = lambda _call, _number: completion("")
    result = await work(uniformly=True)
    assert (result.final_text, len(endpoint.calls)) == ("", 2)


@pytest.mark.parametrize("reply", [Reply({"error": "down"}, status=500), Reply(delay_s=5)])
async def test_no_answer_at_all_is_not_asked_for_again(work: Work, endpoint: Endpoint, reply: Reply) -> None:
    endpoint.script = lambda _call, _number: reply
    await work(uniformly=True, timeout_s=0.3)
    assert len(endpoint.calls) == 1


async def test_the_retry_goes_on_in_the_same_workspace(work: Work, endpoint: Endpoint, sandbox: ProcessSandbox) -> None:
    replies = [shell("echo 1 > made"), completion(""), shell("cat made"), completion("1")]
    endpoint.script = lambda _call, number: replies[number - 1]
    result = await work(sandbox, uniformly=True)
    assert result.final_text == "1"
    assert said(endpoint.calls[-1]) == ["exit code 0\n1\n"]
    assert result.usage.cost_usd == pytest.approx(0.004)
