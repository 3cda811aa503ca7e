import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.llm.simulated import Cast, World
from routelab.llm.simulated.conversation import ChatRequest, Message
from routelab.llm.simulated.replies import Reply
from routelab.llm.simulated.simulator import Simulator
from routelab.llm.simulated.submission import submitted
from routelab.records import DeciderCase
from routelab.taxonomy import Taxonomy

SIGNAL = "COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT"
SHELL: dict[str, Any] = {
    "type": "function",
    "function": {"name": "bash", "parameters": {"properties": {"command": {"type": "string"}}}},
}
DEMAND = f"Please solve this issue: {{}}\nFinish with the command `echo {SIGNAL}`."


def ask(text: str, *after: Message, tools: Any = (SHELL,)) -> ChatRequest:
    return ChatRequest("sim/one", [Message("user", DEMAND.format(text)), *after], tools=[*tools])


def run(command: str | None, folder: Path) -> str:
    assert command is not None
    return subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("answer", ["17", "it's `two`\nlines with $HOME\\n and %s\n", '{"ä": "\'"}'])
def test_the_submission_prints_exactly_the_answer(answer: str, tmp_path: Path) -> None:
    first, _, rest = run(submitted(Reply(answer)).command, tmp_path).partition("\n")
    assert (first, rest) == (SIGNAL, answer)


@given(st.text(), st.text())
def test_nothing_is_submitted_but_an_answer(text: str, command: str) -> None:
    for reply in (Reply(), Reply(text, finish_reason="length"), Reply(command=command, finish_reason="tool_calls")):
        assert submitted(reply) == reply


def test_an_answer_is_submitted_where_the_prompt_demands_it(
    world: World, make_cast: Callable[..., Cast], tmp_path: Path
) -> None:
    simulator, case = Simulator(world, make_cast()), world.decider[0]
    reply = simulator.call(ask(case.user_prompt), 1).reply
    assert reply.finish_reason == "tool_calls"
    assert run(reply.command, tmp_path) == f"{SIGNAL}\n137"
    assert simulator.call(ask(case.user_prompt, tools=()), 1).reply == Reply("137")
    assert simulator.call(ChatRequest("sim/one", [Message("user", case.user_prompt)], tools=[SHELL]), 1).reply.text


def test_the_work_comes_before_the_submission(
    taxonomy: Taxonomy, make_task: Callable[..., DeciderCase], make_cast: Callable[..., Cast], tmp_path: Path
) -> None:
    case = make_task(workspace="workspaces/one", solution={"commands": "echo 1 > one.txt"})
    simulator = Simulator(World(taxonomy, [], [case]), make_cast())
    after: list[Message] = []
    for _ in range(3):
        reply = simulator.call(ask(case.user_prompt, *after), 1).reply
        output = run(reply.command, tmp_path)
        after += [Message("assistant", tool_calls=[{}]), Message("tool", output)]
    assert output == f"{SIGNAL}\nDone."
    assert (tmp_path / "one.txt").read_text() == "1\n"


def test_the_word_in_a_listing_demands_nothing(world: World, make_cast: Callable[..., Cast]) -> None:
    after = [Message("assistant", tool_calls=[{}]), Message("tool", f"echo {SIGNAL}")]
    request = ChatRequest("sim/one", [Message("user", world.decider[0].user_prompt), *after], tools=[SHELL])
    assert Simulator(world, make_cast()).call(request, 1).reply == Reply("137")
