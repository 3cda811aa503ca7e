from collections.abc import Callable
from contextlib import suppress
from statistics import median
from typing import Any

import pytest

from routelab.classifier import build_messages, parse
from routelab.llm.simulated import Cast, World, load_cast
from routelab.llm.simulated.conversation import ChatRequest, Message
from routelab.llm.simulated.simulator import CallError, Simulator
from routelab.llm.simulated.spoiling import refusal
from routelab.records import Candidate, Classification, DeciderCase, NormalisedRequest
from routelab.taxonomy import Taxonomy

SHELL: dict[str, Any] = {
    "type": "function",
    "function": {"name": "sh", "parameters": {"properties": {"cmd": {"type": "string"}}}},
}


def ask(text: str, model: str = "sim/one", effort: str | None = None, **more: Any) -> ChatRequest:
    return ChatRequest(model=model, messages=[Message("user", text)], reasoning_effort=effort, **more)


def test_calls_are_the_same_in_any_order(world: World) -> None:
    cast = load_cast()
    calls = [
        (ask(case.user_prompt, candidate.model, candidate.variant), repetition)
        for case in world.decider
        for candidate in cast.candidates
        for repetition in (1, 2)
    ]

    def answers(order: list[tuple[ChatRequest, int]]) -> dict[tuple[str, str | None, str, int], Any]:
        simulator, found = Simulator(world, cast), {}
        for request, repetition in order:
            key = (request.model, request.reasoning_effort, request.messages[0].text, repetition)
            while key not in found:
                with suppress(CallError):
                    found[key] = simulator.call(request, repetition)
        return found

    forth, back = answers(calls), answers(calls[::-1])
    assert forth == back
    assert len({answer.id for answer in forth.values()}) == len(calls)


def test_repetitions_are_told_apart(world: World, make_cast: Callable[..., Cast]) -> None:
    simulator = Simulator(world, make_cast(skill={"default": 0.5}))
    request = ask(world.decider[0].user_prompt)
    assert len({simulator.call(request, repetition).reply.text for repetition in range(1, 30)}) > 1


def test_unknown_models_and_efforts_are_refused(world: World, make_cast: Callable[..., Cast]) -> None:
    simulator = Simulator(world, make_cast(variants={"high": {}}))
    with pytest.raises(CallError, match="does not exist") as unknown_model:
        simulator.call(ask("hello", "sim/none"), 1)
    with pytest.raises(CallError, match="it knows: high") as unknown_effort:
        simulator.call(ask("hello", effort="low"), 1)
    assert (unknown_model.value.status, unknown_model.value.code) == (404, "model_not_found")
    assert unknown_effort.value.status == 400


@pytest.mark.parametrize(("share", "status"), [("rate_limited", 429), ("failed", 500)])
def test_first_calls_are_refused_in_every_run(
    world: World, make_cast: Callable[..., Cast], share: str, status: int
) -> None:
    cast = make_cast(shares={share: 1.0})
    simulator = Simulator(world, cast)
    case = world.decider[0]
    planned = refusal(cast.player(Candidate("sim/one")), case.id, 1)
    assert planned is not None
    for _ in range(2):
        for _ in range(planned.calls):
            with pytest.raises(CallError) as caught:
                simulator.call(ask(case.user_prompt), 1)
            assert caught.value.status == status
            assert (caught.value.retry_after_s is not None) == (status == 429)
        assert simulator.call(ask(case.user_prompt), 1).reply.text == "137"


def test_only_the_first_call_of_a_play_is_refused(
    taxonomy: Taxonomy, make_task: Callable[..., DeciderCase], make_cast: Callable[..., Cast]
) -> None:
    case = make_task(workspace="workspaces/one", solution={"commands": "true"})
    simulator = Simulator(World(taxonomy, [], [case]), make_cast(shares={"failed": 1.0}))
    after = [Message("assistant", tool_calls=[{}]), Message("tool", "listing")]
    request = ChatRequest("sim/one", [Message("user", case.user_prompt), *after], tools=[SHELL])
    assert simulator.call(request, 1).reply.command == "true"


def test_an_agent_that_begins_anew_after_an_empty_answer_is_heard(
    taxonomy: Taxonomy, make_task: Callable[..., DeciderCase], make_cast: Callable[..., Cast]
) -> None:
    case = make_task(workspace="workspaces/one", solution={"commands": "true"})
    simulator = Simulator(World(taxonomy, [], [case]), make_cast(shares={"empty": 1.0}, repaired=1.0))
    prompt = Message("user", case.user_prompt)
    for _ in range(2):  # the second run sees the same as the first
        messages = [prompt]
        assert simulator.call(ChatRequest("sim/one", messages, tools=[SHELL]), 1).reply.is_empty
        commands = []
        while command := simulator.call(ChatRequest("sim/one", messages, tools=[SHELL]), 1).reply.command:
            commands.append(command)
            messages = [*messages, Message("assistant", tool_calls=[{}]), Message("tool", "ok")]
        assert commands == ["ls -la", "true"]
        assert simulator.call(ChatRequest("sim/one", messages, tools=[SHELL]), 1).reply.text == "Done."


def test_an_answer_that_stays_empty_does_so_in_every_run(world: World, make_cast: Callable[..., Cast]) -> None:
    simulator = Simulator(world, make_cast(shares={"empty": 1.0}, repaired=0.0))
    request = ask(world.decider[0].user_prompt)
    assert [simulator.call(request, 1).reply.text for _ in range(6)] == [""] * 6


def test_unknown_prompts_are_answered_without_faults(
    world: World, taxonomy: Taxonomy, make_cast: Callable[..., Cast]
) -> None:
    simulator = Simulator(world, make_cast(shares={"failed": 1.0, "empty": 1.0}))
    assert "simulated" in simulator.call(ask("hello"), 1).reply.text
    request = NormalisedRequest(api_kind="messages", user_prompt_prefix="a review")
    answer = simulator.call(ask(build_messages(request, taxonomy)[-1]["content"]), 1)
    assert isinstance(parse(answer.reply.text, taxonomy), Classification)


def test_tokens_are_billed_and_a_variant_writes_more(world: World, make_cast: Callable[..., Cast]) -> None:
    variants = {"high": {"tokens": 3.0, "latency": 2.0}}
    simulator = Simulator(world, make_cast(thinking_tokens=100, variants=variants))
    prompt = world.decider[0].user_prompt
    plain = simulator.call(ask(prompt), 1).billing
    high = simulator.call(ask(prompt, effort="high"), 1).billing
    assert (plain.prompt_tokens, high.prompt_tokens) == (len(prompt) // 4,) * 2
    assert (plain.completion_tokens, high.completion_tokens) == (101, 303)
    assert (plain.thinking_tokens, high.thinking_tokens) == (100, 300)
    assert plain.cost_usd == pytest.approx((plain.prompt_tokens * 1.0 + 101 * 10.0) / 1e6)


def test_latencies_have_the_models_median(world: World, make_cast: Callable[..., Cast]) -> None:
    simulator = Simulator(world, make_cast(variants={"high": {"latency": 2.0}}))
    for effort, expected_ms in ((None, 100), ("high", 200)):
        latencies = [
            simulator.call(ask(case.user_prompt, effort=effort), repetition).latency_ms
            for case in world.decider
            for repetition in range(1, 60)
        ]
        assert median(latencies) == pytest.approx(expected_ms, rel=0.05)
        assert min(latencies) < 0.8 * expected_ms < 1.3 * expected_ms < max(latencies)


def test_the_description_names_every_candidate(world: World) -> None:
    described = Simulator(world, load_cast()).describe()
    names = [str(candidate) for candidate in load_cast().candidates]
    assert described["simulated"] is True
    truth = described["true_accuracy"]
    assert isinstance(truth, dict)
    assert list(truth) == names
    assert all(set(routes) == {"debugging/bug_fixing"} for routes in truth.values())


def test_the_version_follows_cast_and_cases(world: World, taxonomy: Taxonomy, make_cast: Callable[..., Cast]) -> None:
    versions = [
        Simulator(world, make_cast()).describe()["version"],
        Simulator(world, make_cast(repaired=0.4)).describe()["version"],
        Simulator(World(taxonomy, [], []), make_cast()).describe()["version"],
    ]
    assert len(set(versions)) == 3
    assert versions[0] == Simulator(world, make_cast()).describe()["version"]
