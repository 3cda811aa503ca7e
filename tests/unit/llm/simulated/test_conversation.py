from typing import Any

import msgspec
import pytest

from routelab.llm.simulated.conversation import ChatRequest, Message, Shell, find_shell


def tool(name: str, **properties: Any) -> dict[str, Any]:
    parameters = {"type": "object", "properties": properties}
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("tools", "found"),
    [
        (None, None),
        ([], None),
        ([tool("shell", command=TEXT)], Shell("shell", "command")),
        ([tool("read", path=TEXT), tool("run", cmd=TEXT)], Shell("run", "cmd")),
        ([tool("exec", script=TEXT)], Shell("exec", "script")),
        ([tool("argv", command={"type": "array"})], None),
        ([tool("strange", command="string")], None),
        ([{"type": "function"}, {"function": {"name": "bare"}}, {"function": {"name": "x", "parameters": 1}}], None),
    ],
)
def test_find_shell(tools: list[dict[str, Any]] | None, found: Shell | None) -> None:
    assert find_shell(tools) == found


def test_text_joins_the_parts_that_have_any() -> None:
    parts = [{"type": "text", "text": "one"}, {"type": "image_url"}, "two", {"text": None}, 3]
    assert Message("user", parts).text == "one\ntwo"
    assert Message("assistant").text == ""


def test_everything_the_model_reads_counts() -> None:
    body = {"model": "sim/one", "messages": [{"role": "user", "content": "x" * 40}], "unknown": 1}
    plain = msgspec.convert(body, type=ChatRequest)
    with_tools = msgspec.convert({**body, "tools": [tool("shell", command=TEXT)]}, type=ChatRequest)
    assert plain.characters == 40
    assert with_tools.characters > 100
