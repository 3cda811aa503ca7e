import json
from typing import Any

import pytest

from routelab.llm.simulated import load_cast, wire
from routelab.llm.simulated.conversation import Shell
from routelab.llm.simulated.replies import Billing, Reply
from routelab.llm.simulated.simulator import Answer, CallError

BILLING = Billing(10, 20, 5, 0.001)
REPLIES = [
    Reply("An answer with ünïcode, long enough for several pieces of a stream. " * 3),
    Reply(""),
    Reply("half", finish_reason="length"),
    Reply(command="cat <<'EOF'\n{\"a\": 1}\nEOF\n" * 4, finish_reason="tool_calls"),
]


def answer(reply: Reply) -> Answer:
    return Answer("chatcmpl-sim-1", reply, Shell("sh", "cmd"), BILLING, 1.0)


def read_stream(events: list[bytes]) -> tuple[dict[str, Any], list[Any]]:
    """The message and finish reason a client puts together, and the usages it sees."""
    assert events[-1] == b"data: [DONE]\n\n"
    message: dict[str, Any] = {"content": ""}
    usages = []
    for event in events[:-1]:
        chunk = json.loads(event.removeprefix(b"data: "))
        usages.append(chunk.get("usage", "absent"))
        for choice in chunk["choices"]:
            delta = choice["delta"]
            message["content"] += delta.get("content", "")
            message["finish_reason"] = choice["finish_reason"]
            for part in delta.get("tool_calls", []):
                if "id" in part:
                    message["call"] = [part["id"], part["function"]["name"], ""]
                message["call"][2] += part["function"]["arguments"]
    return message, usages


@pytest.mark.parametrize("reply", REPLIES)
def test_a_stream_says_what_the_whole_answer_says(reply: Reply) -> None:
    [choice] = wire.completion(answer(reply), "sim/one", 7)["choices"]
    events = list(wire.events(answer(reply), "sim/one", 7, include_usage=True))
    streamed, usages = read_stream(events)
    whole = choice["message"]
    assert streamed["content"] == (whole["content"] or "")
    assert streamed["finish_reason"] == choice["finish_reason"]
    calls = [[call["id"], *call["function"].values()] for call in whole.get("tool_calls", [])]
    assert calls == [streamed["call"]] if calls else "call" not in streamed
    assert usages[-1] == wire.usage(answer(reply))
    assert set(
        usages[:-1],
    ) == {None}


def test_usage_is_streamed_only_when_asked_for() -> None:
    _, usages = read_stream(list(wire.events(answer(REPLIES[0]), "sim/one", 7, include_usage=False)))
    assert set(usages) == {"absent"}


def test_a_command_goes_through_the_offered_tool() -> None:
    [choice] = wire.completion(answer(REPLIES[3]), "sim/one", 7)["choices"]
    [call] = choice["message"]["tool_calls"]
    assert choice["message"]["content"] is None
    assert call["function"]["name"] == "sh"
    assert json.loads(call["function"]["arguments"]) == {"cmd": REPLIES[3].command}


def test_models_are_listed_with_their_price_per_token() -> None:
    cast = load_cast()
    listed = {model["id"]: model for model in wire.model_list(cast)["data"]}
    assert list(listed) == list(cast.models)
    for name, model in cast.models.items():
        pricing = listed[name]["pricing"]
        assert float(pricing["prompt"]) * 1e6 == pytest.approx(model.input_usd_per_million)
        assert float(pricing["completion"]) * 1e6 == pytest.approx(model.output_usd_per_million)
        assert "e" not in pricing["prompt"].casefold()
        assert listed[name]["context_length"] == model.context_length
        parameters = listed[name]["supported_parameters"]
        assert "tools" in parameters
        assert ("reasoning_effort" in parameters) == bool(model.variants)


def test_errors_have_the_shape_clients_expect() -> None:
    problem = CallError(404, "no such model", kind="invalid_request_error", code="model_not_found")
    body = {"message": "no such model", "type": "invalid_request_error", "code": "model_not_found"}
    assert wire.error(problem) == {"error": body}
