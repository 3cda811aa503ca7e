from typing import Any

import msgspec

from routelab.llm.simulated.conversation import ChatRequest, Message


def tool(name: str, **properties: Any) -> dict[str, Any]:
    parameters = {"type": "object", "properties": properties}
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


TEXT = {"type": "string"}


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
