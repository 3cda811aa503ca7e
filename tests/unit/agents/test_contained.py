"""Agents behind the proxy: the real stub program, the real proxy, a real endpoint on loopback."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from tests.integration.loopback import closed_port, serving
from tests.integration.streaming import Stream, StreamingEndpoint
from tests.unit.agents.contained_stub import KEY, LocalStub, failed, json_answer, lane, said

from routelab.agents import AgentResult
from routelab.causes import CAUSES, model_failure
from routelab.errors import SandboxError
from routelab.records import Usage
from routelab.sandbox import ProcessSandbox

PAID = Usage(100, 20, 0.25)


@pytest.fixture
def endpoint() -> Iterator[StreamingEndpoint]:
    with serving(StreamingEndpoint(lambda _call, _number: said("42"))) as running:
        yield running


def in_turn(*answers: Stream) -> Callable[[object, int], Stream]:
    """The answers one after another; the last goes on."""
    return lambda _call, number: answers[min(number, len(answers)) - 1]


def kind(result: AgentResult) -> str | None:
    """What the attempt is recorded as."""
    if result.error is not None:
        return result.error.kind
    return model_failure(finish_reason=result.finish_reason, final_text=result.final_text, timed_out=result.timed_out)


async def test_an_answer_is_paid_for_as_the_proxy_counted(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_turn(said(None, "echo made > file", cost=0.5), said("42"))
    async with lane(endpoint.url) as at:
        result = await at.run(system_prompt="You count.")
        assert await at.sandbox.read("file") == "made\n"
    assert (result.final_text, result.finish_reason, kind(result)) == ("42", "stop", None)
    assert result.usage == Usage(200, 40, 0.75)
    assert result.agent_cost_usd == pytest.approx(0.75)
    assert (result.exit_code, result.timed_out, result.container) == (0, False, None)
    assert [call.cost_usd for call in result.calls] == [0.5, 0.25]
    assert endpoint.calls[0].body["messages"][0]["content"] == "You count.\n\nHow many?"
    assert {call.headers["authorization"] for call in endpoint.calls} == {f"Bearer {KEY}"}


async def test_the_agents_own_figure_stands_beside_the_billed_one(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_turn(said("42", cost=None))
    async with lane(endpoint.url) as at:
        result = await at.run()
    assert (result.usage, result.agent_cost_usd) == (Usage(100, 20, None), None)


async def test_what_the_agent_does_not_tell_the_proxy_counted_all_the_same(endpoint: StreamingEndpoint) -> None:
    """An agent that calls aside and prints only its last step."""
    async with lane(endpoint.url) as at:
        stub = at.program.command
        at.program.command = f"{stub} < /dev/null > /dev/null; exec {stub}"
        result = await at.run()
    assert result.agent_cost_usd == 0.25
    assert result.usage == PAID + PAID


async def test_the_real_key_is_nowhere_near_the_agent(endpoint: StreamingEndpoint) -> None:
    async with lane(endpoint.url, LocalStub(misbehave="steal")) as at:
        result = await at.run()
    printed = json.dumps(result.events)
    assert KEY not in printed
    assert at.program.doors[0].token in printed


async def test_a_token_ends_with_its_attempt_and_each_attempt_has_its_own(endpoint: StreamingEndpoint) -> None:
    async with lane(endpoint.url) as at:
        await at.run()
        await at.run()
        tokens = [door.token for door in at.program.doors]
        body = {"model": "real/one", "messages": []}
        async with httpx.AsyncClient() as client:
            for token in tokens:
                url, headers = f"{at.address}/v1/chat/completions", {"authorization": f"Bearer {token}"}
                assert (await client.post(url, json=body, headers=headers)).status_code == 401
    assert len(set(tokens)) == 2
    assert len(endpoint.calls) == 2


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (failed(401), "unauthorized"),
        (failed(402), "no_credit"),
        (failed(404), "unknown_model"),
        (failed(400), "rejected"),
        (failed(429), "rate_limited"),
        (failed(500), "server_error"),
        (failed(408), "server_error"),
        (json_answer(b"<html>", headers={"content-type": "text/html"}), "bad_response"),
        (json_answer(b'{"choices": [{"mess', cut=True), "cut_stream"),
        (said("42", reason="length"), "truncated"),
        (said("No.", reason="content_filter"), "refusal"),
        (said("42", reason="other"), "incomplete"),
        (said(""), "empty"),
        (said("  \n"), "empty"),
        (said(None, "true", cost=0.0), "incomplete"),
        (said("42"), None),
    ],
)
async def test_what_came_of_it(endpoint: StreamingEndpoint, answer: Stream, expected: str | None) -> None:
    endpoint.script = in_turn(answer)
    async with lane(endpoint.url) as at:
        result = await at.run()
    assert kind(result) == expected
    if result.error is not None:
        assert result.final_text == ""
        assert CAUSES[result.error.kind].whose == "infrastructure"


async def test_an_endpoint_that_is_down_is_told_and_costs_nothing() -> None:
    async with lane(f"http://127.0.0.1:{closed_port()}/v1") as at:
        result = await at.run()
    assert (kind(result), result.usage) == ("unreachable", Usage())


async def test_an_endpoint_that_does_not_answer_in_its_own_time(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_turn(said("42", wait_s=2))
    async with lane(endpoint.url, call_timeout_s=0.5) as at:
        result = await at.run()
    assert (kind(result), result.usage.cost_usd) == ("timeout", None)


async def test_what_was_paid_before_a_failure_is_counted(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_turn(said(None, "true"), failed(503))
    async with lane(endpoint.url) as at:
        result = await at.run()
    assert (kind(result), result.usage) == ("server_error", PAID)


@pytest.mark.parametrize(
    "refusal",
    [
        *(failed(status, "maximum context length is 32768 tokens") for status in (400, 413, 422)),
        json_answer({"error": {"message": "too long", "code": "context_length_exceeded"}}),
    ],
)
async def test_a_conversation_that_the_models_turns_made_too_long_is_its_own_failure(
    endpoint: StreamingEndpoint, refusal: Stream
) -> None:
    endpoint.script = in_turn(said(None, "true"), said(None, "true"), refusal)
    async with lane(endpoint.url) as at:
        result = await at.run_uniformly()
    assert (kind(result), result.error, result.timed_out) == ("invalid_request", None, False)
    assert (result.usage, len(endpoint.calls)) == (PAID + PAID, 3)


async def test_a_refusal_for_other_reasons_stays_the_infrastructures(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_turn(said(None, "true"), failed(403))
    async with lane(endpoint.url) as at:
        result = await at.run_uniformly()
    assert (kind(result), len(endpoint.calls)) == ("rejected", 2)


async def test_an_agent_that_gets_over_a_failure_is_not_blamed_for_it(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_turn(failed(503), said("42"))
    async with lane(endpoint.url) as at:
        stub = at.program.command
        at.program.command = f"{stub} < /dev/null; exec {stub}"
        result = await at.run()
    assert (kind(result), result.final_text) == (None, "42")


async def test_an_agent_that_hangs_after_its_answer_is_graded_by_it(endpoint: StreamingEndpoint) -> None:
    async with lane(endpoint.url, LocalStub(misbehave="hang")) as at:
        result = await at.run(timeout_s=1.5)
    assert (result.final_text, result.timed_out, result.exit_code, kind(result)) == ("42", False, None, None)


async def test_the_deadline_ends_an_attempt_whose_model_is_slow(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_turn(said("42", wait_s=1.5))
    began = time.monotonic()
    async with lane(endpoint.url) as at:
        result = await at.run(timeout_s=1)
    assert (kind(result), result.timed_out, result.exit_code) == ("deadline", True, None)
    assert time.monotonic() - began < 1 + 15


async def test_a_call_that_outlives_the_agent_is_counted_if_it_ends_soon(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_turn(said("42", wait_s=1.5))
    async with lane(endpoint.url) as at:
        result = await at.run(timeout_s=1)
    assert (result.timed_out, result.usage) == (True, PAID)


async def test_one_that_does_not_is_given_up_at_an_unknown_cost(
    endpoint: StreamingEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routelab.agents.contained._SETTLE_S", 0.2)
    endpoint.script = in_turn(said("42", wait_s=3))
    async with lane(endpoint.url) as at:
        result = await at.run(timeout_s=1)
    assert (kind(result), result.usage.cost_usd, len(result.calls)) == ("deadline", None, 1)


async def test_an_empty_answer_is_asked_for_once_more_and_all_is_added_up(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_turn(said(""), said("42", cost=0.5))
    async with lane(endpoint.url) as at:
        result = await at.run_uniformly()
    assert (result.final_text, kind(result)) == ("42", None)
    assert result.usage == Usage(200, 40, 0.75)
    assert result.agent_cost_usd == pytest.approx(0.75)
    assert len(result.calls) == 2
    assert sum('"step_finish"' in event for event in result.events) == 2
    assert len({door.token for door in at.program.doors}) == 2


async def test_twice_empty_is_the_models_failure(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_turn(said(""))
    async with lane(endpoint.url) as at:
        result = await at.run_uniformly()
    assert (kind(result), result.usage, len(endpoint.calls)) == ("empty", PAID + PAID, 2)


async def test_a_failure_in_the_second_try_keeps_what_the_first_cost(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_turn(said(""), failed(401))
    async with lane(endpoint.url) as at:
        result = await at.run_uniformly()
    assert (kind(result), result.usage, len(result.calls)) == ("unauthorized", PAID, 2)


async def test_the_second_try_gets_what_is_left_of_the_time(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_turn(said("", wait_s=1), said("42"))
    async with lane(endpoint.url) as at:
        await at.run_uniformly(timeout_s=10)
    first, second = at.program.tasks
    assert (first.timeout_s, 5 < second.timeout_s < 9.1) == (10, True)


async def test_the_case_limit_ends_an_attempt_as_the_models_failure(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_turn(said(None, "true"))
    async with lane(endpoint.url, case_limit=0.6) as at:
        result = await at.run_uniformly()
    assert (kind(result), result.finish_reason, result.error) == ("over_case_limit", "over_case_limit", None)
    assert result.usage.cost_usd == 0.75
    assert len(endpoint.calls) == 3, "no second try spends it again"


async def test_the_case_limit_holds_also_where_the_agent_says_nothing_of_it(endpoint: StreamingEndpoint) -> None:
    """As codex does, which names no reason when a turn failed."""
    async with lane(endpoint.url, case_limit=0.2) as at:
        stub = at.program.command
        at.program.command = f"{stub} < /dev/null > /dev/null; {stub} > /dev/null; exit 1"
        result = await at.run_uniformly()
    assert (kind(result), result.usage, len(endpoint.calls)) == ("over_case_limit", PAID, 1)


async def test_the_limit_of_the_run_stops_the_run(endpoint: StreamingEndpoint) -> None:
    endpoint.script = in_turn(said(None, "true"))
    async with lane(endpoint.url, run_limit=0.4) as at:
        result = await at.run_uniformly()
    assert (kind(result), result.usage.cost_usd) == ("budget", 0.5)
    assert CAUSES["budget"].stops_run


async def test_an_agent_that_dies_without_a_word_is_the_infrastructures_failure(endpoint: StreamingEndpoint) -> None:
    async with lane(endpoint.url, LocalStub(command="echo 'no such program' >&2; exit 127")) as at:
        result = await at.run()
    assert kind(result) == "agent_crashed"
    assert "no such program" in str(result.error)


async def test_a_place_that_fails_keeps_what_was_paid(endpoint: StreamingEndpoint) -> None:
    class Failing(ProcessSandbox):
        async def launch(self, program):
            await super().launch(program)
            raise SandboxError("the container died", kind="lost_container")

    async with lane(endpoint.url) as at:
        at.sandbox.__class__ = Failing
        result = await at.run()
    assert (kind(result), result.usage, len(result.calls)) == ("lost_container", PAID, 1)


async def test_the_first_start_is_done_once_for_all_sandboxes_and_without_the_endpoint(
    endpoint: StreamingEndpoint,
) -> None:
    async with lane(endpoint.url) as at:
        stub = at.program.command
        at.program.command = f'echo warm >> "$HOME/state"; exec {stub}'
        others = [ProcessSandbox() for _ in range(3)]
        await asyncio.gather(*(other.start() for other in others))
        try:
            await asyncio.gather(*(at.agent.prepare(sandbox) for sandbox in (at.sandbox, *others)))
            for sandbox in (at.sandbox, *others):
                await sandbox.reset(None)
                assert (await sandbox.run('cat "$HOME/state"', timeout_s=10)).output == "warm\n"
        finally:
            for other in others:
                await other.close()
    assert (len(at.program.tasks), endpoint.calls) == (1, [])


async def test_a_first_start_that_fails_says_why_and_is_tried_again_by_the_next(endpoint: StreamingEndpoint) -> None:
    async with lane(endpoint.url) as at:
        stub = at.program.command
        at.program.command = "echo 'no libstdc++' >&2; exit 1"
        with pytest.raises(SandboxError, match=r"stub does not run in its sandbox: no libstdc\+\+"):
            await at.agent.prepare(at.sandbox)
        at.program.command = stub
        await at.agent.prepare(at.sandbox)
    assert len(at.program.tasks) == 2
