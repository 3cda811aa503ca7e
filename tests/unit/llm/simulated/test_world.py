from collections.abc import Callable

import pytest

from routelab.classifier import build_messages
from routelab.classifier.prompt import repair_messages
from routelab.llm.simulated import World
from routelab.llm.simulated.conversation import Message
from routelab.records import ClassifierCase, DeciderCase, NormalisedRequest
from routelab.taxonomy import Taxonomy


def said(*texts: str) -> list[Message]:
    return [Message("user", text) for text in texts]


def sent(messages: list[dict[str, str]]) -> list[Message]:
    return [Message(message["role"], message["content"]) for message in messages]


def test_a_golden_request_is_known_by_its_message(world: World, taxonomy: Taxonomy) -> None:
    for case in world.classifier:
        question = world.find(sent(build_messages(case.input, taxonomy)))
        assert question.asked is case
        assert (question.key, question.after) == (case.id, ())


@pytest.mark.parametrize("answer", ["", "nonsense"])
def test_a_repair_belongs_to_its_request_and_shows_the_retry(world: World, taxonomy: Taxonomy, answer: str) -> None:
    case = world.classifier[3]
    first = build_messages(case.input, taxonomy)
    assert not world.find(sent(first)).shows_retry
    question = world.find(sent(repair_messages(first, answer, "json")))
    assert question.asked is case
    assert question.shows_retry


def test_a_task_is_found_inside_what_an_agent_wraps_around_it(world: World) -> None:
    case = world.decider[4]
    messages = [
        Message("system", "You are an agent."),
        Message("user", [{"type": "text", "text": f"<task>\n{case.user_prompt}\n</task>\nOnly the answer."}]),
        Message("assistant", tool_calls=[{"id": "1"}]),
        Message("tool", "listing"),
    ]
    question = world.find(messages)
    assert question.asked is case
    assert question.tool_results == 1
    assert not question.shows_retry


def test_an_empty_answer_or_a_nudge_shows_a_retry(world: World) -> None:
    prompt = said(world.decider[0].user_prompt)
    assert world.find([*prompt, Message("assistant", " ")]).shows_retry
    assert world.find([*prompt, *said("You said nothing.")]).shows_retry


def test_the_longest_prompt_wins(taxonomy: Taxonomy, make_task: Callable[..., DeciderCase]) -> None:
    short = make_task(1, user_prompt="Which exit code?")
    long = make_task(2, user_prompt="Which exit code? And why?")
    world = World(taxonomy, [], [short, long])
    assert world.find(said("Which exit code? And why? Thanks")).asked is long
    assert world.find(said("Which exit code? Thanks")).asked is short


def test_the_last_prompt_of_a_conversation_counts(world: World) -> None:
    first, second = world.decider[:2]
    question = world.find(said(first.user_prompt, second.user_prompt))
    assert question.asked is second
    assert question.after == ()


@pytest.mark.parametrize("role", ["system", "developer"])
def test_instructions_behind_the_prompt_are_no_turn(world: World, role: str) -> None:
    prompt = said("<environment>linux</environment>", world.decider[0].user_prompt)
    assert world.find([*prompt, Message(role, "Mind the tools.")]).after == ()
    assert len(world.find([*prompt, Message(role, "Mind the tools."), Message("assistant", "137")]).after) == 1


def test_a_request_that_quotes_a_task_is_still_to_be_classified(world: World, taxonomy: Taxonomy) -> None:
    request = NormalisedRequest(api_kind="messages", user_prompt_prefix=world.decider[0].user_prompt)
    assert world.find(sent(build_messages(request, taxonomy))).asked == request


@pytest.mark.parametrize("text", ["hello", "", '{"api_kind": "other"}', "a { b", "{" * 5000])
def test_anything_else_is_unknown(world: World, text: str) -> None:
    question = world.find(said(text))
    assert question.asked is None
    assert not question.is_golden


def test_a_conversation_without_a_user_is_unknown(world: World) -> None:
    assert world.find([Message("system", "Be brief.")]).asked is None


def test_the_fingerprint_follows_the_cases(
    taxonomy: Taxonomy, make_sorting: Callable[..., ClassifierCase], make_task: Callable[..., DeciderCase]
) -> None:
    worlds = [
        World(taxonomy, [make_sorting()], [make_task()]),
        World(taxonomy, [make_sorting()], [make_task(difficulty="high")]),
        World(taxonomy, [make_sorting(risk_level="high")], [make_task()]),
    ]
    assert len({world.fingerprint for world in worlds}) == 3
    assert worlds[0].fingerprint == World(taxonomy, [make_sorting()], [make_task()]).fingerprint
