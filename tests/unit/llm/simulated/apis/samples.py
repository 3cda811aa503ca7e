"""Answers to translate, for the tests of every API."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st

from routelab.llm.simulated.conversation import ChatRequest
from routelab.llm.simulated.replies import Billing, Reply
from routelab.llm.simulated.shells import Shell
from routelab.llm.simulated.simulator import Answer, CallError

SHELL = Shell("sh", "cmd", further=(("why", "because"),))
BILLING = Billing(10, 20, 5, 0.001)
COMMAND = "cat <<'EOF'\n{\"a\": 1}\nEOF\n" * 4
SAYING = Reply("An answer with ünïcode, long enough for several pieces of a stream. " * 3)
EMPTY = Reply()
HALF = Reply("half", finish_reason="length")
RUNNING = Reply(command=COMMAND, finish_reason="tool_calls")

replies = st.one_of(
    st.builds(Reply, st.text(max_size=200)),
    st.builds(Reply, st.text(max_size=200), finish_reason=st.just("length")),
    st.builds(lambda command: Reply(command=command, finish_reason="tool_calls"), st.text(max_size=200)),
)
"""What a model may say: a text, half a text, or a command."""

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["role", "type", "content", "text", "name", "output", "tool_use_id", "input", "id", "x"]),
            inner
            | st.sampled_from(["user", "assistant", "message", "tool_result", "tool_use", "function_call_output"]),
            max_size=5,
        )
    ),
    max_leaves=20,
)
"""Whatever JSON may hold, with the words of the APIs in likely places."""

RATE_LIMITED = CallError(429, "later", kind="rate_limit_error", code="rate_limit_exceeded", retry_after_s=0.05)


def answer(reply: Reply) -> Answer:
    return Answer("sim-1", reply, SHELL, BILLING, 1.0)


def attempt(read: Callable[[], ChatRequest]) -> ChatRequest | int:
    """The conversation that was read, or the status of the refusal."""
    try:
        return read()
    except CallError as problem:
        return problem.status


def named(events: Iterable[bytes]) -> list[dict[str, Any]]:
    """The bodies of server-sent events, each named after its type."""
    bodies = []
    for event in events:
        name, data = event.removesuffix(b"\n\n").split(b"\n", 1)
        body = json.loads(data.removeprefix(b"data: "))
        assert name == b"event: " + body["type"].encode()
        bodies.append(body)
    return bodies
