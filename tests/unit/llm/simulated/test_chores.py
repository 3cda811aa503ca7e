from collections.abc import Callable
from typing import Any

import pytest

from routelab.agents.uniform import FINAL_ANSWER_SUFFIX
from routelab.llm.simulated import Cast, World
from routelab.llm.simulated.conversation import ChatRequest, Message
from routelab.llm.simulated.simulator import CallError, Simulator
from routelab.records import DeciderCase
from routelab.taxonomy import Taxonomy

TOOL: dict[str, Any] = {"type": "function", "function": {"name": "read"}}
TITLES = [
    ([Message("system", "You are a title generator; answer with a title alone.")], "{}"),
    ([Message("system", "You help."), Message("user", "Generate a title for this conversation:\n")], "{}"),
    ([], "<session>\n{}\n</session>\nWrite the title in the language of the user."),
    ([Message("system", [{"type": "text", "text": "Write a concise title (3-7 words) for what follows."}])], "{}"),
    ([Message("system", "Find out whether this message starts a new topic, and extract a title.")], "{}"),
    ([Message("system", "Summarize what was said in this conversation.")], "{}"),
    ([Message("developer", "Produce the structured summary of the session.")], "{}"),
]


def title_of(case: DeciderCase, before: list[Message], text: str, **more: Any) -> ChatRequest:
    return ChatRequest("sim/one", [*before, Message("user", text.format(case.user_prompt))], **more)


@pytest.mark.parametrize(("before", "text"), TITLES)
def test_a_title_for_the_prompt_is_not_its_answer(world: World, before: list[Message], text: str) -> None:
    case = world.decider[0]
    messages = title_of(case, before, text).messages
    assert world.find(messages).asked is None
    assert world.find(messages, offers_tools=True).asked is case


@pytest.mark.parametrize(("before", "text"), TITLES)
def test_a_title_leaves_the_case_as_it_is(
    world: World, make_cast: Callable[..., Cast], before: list[Message], text: str
) -> None:
    case = world.decider[0]

    def course(*, with_titles: bool) -> list[object]:
        """What a model says that is refused at first and then empty, title calls in between or not."""
        simulator = Simulator(world, make_cast(shares={"failed": 1.0, "empty": 1.0}, repaired=1.0))
        found: list[object] = []
        for _ in range(6):
            if with_titles:
                assert "simulated" in simulator.call(title_of(case, before, text), 1).reply.text
            try:
                found.append(simulator.call(title_of(case, [], "{}", tools=[TOOL]), 1).reply)
            except CallError as problem:
                found.append(problem.status)
        return found

    assert course(with_titles=True) == course(with_titles=False)


def test_a_summary_after_the_work_is_no_turn_of_it(world: World) -> None:
    case = world.decider[0]
    done = [Message("user", case.user_prompt), Message("assistant", "137")]
    assert world.find([*done, Message("user", "Write a short summary of what was done.")]).asked is None
    assert world.find([*done, Message("user", "Please go on.")]).asked is case


def test_a_case_may_ask_for_titles_itself(taxonomy: Taxonomy, make_task: Callable[..., DeciderCase]) -> None:
    case = make_task(system_prompt="You are a title generator.", user_prompt="Write a title for this session: 12345")
    world = World(taxonomy, [], [case])
    asked = [Message("system", case.system_prompt), Message("user", case.user_prompt + FINAL_ANSWER_SUFFIX)]
    assert world.find(asked).asked is case
    assert world.find([Message("system", "Generate a title."), asked[1]]).asked is None
