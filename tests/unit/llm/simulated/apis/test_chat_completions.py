import json
from typing import Any

from hypothesis import given
from tests.unit.llm.simulated.apis.samples import COMMAND, RUNNING, SAYING, answer, replies

from routelab.llm.simulated.apis import chat_completions as api
from routelab.llm.simulated.conversation import ChatRequest, Message, StreamOptions
from routelab.llm.simulated.replies import Reply
from routelab.llm.simulated.simulator import CallError

PLAIN = ChatRequest("sim/one", [Message("user", "hello")])
WITH_USAGE = ChatRequest("sim/one", [Message("user", "hello")], stream_options=StreamOptions(include_usage=True))


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


@given(replies)
def test_a_stream_says_what_the_whole_answer_says(reply: Reply) -> None:
    [choice] = api.whole(answer(reply), "sim/one", 7)["choices"]
    streamed, usages = read_stream([*api.events(answer(reply), WITH_USAGE, 7)])
    whole = choice["message"]
    assert streamed["content"] == (whole["content"] or "")
    assert streamed["finish_reason"] == choice["finish_reason"]
    calls = [[call["id"], *call["function"].values()] for call in whole.get("tool_calls", [])]
    assert calls == [streamed["call"]] if calls else "call" not in streamed
    assert usages[-1] == api.usage(answer(reply))
    assert set(usages[:-1]) == {None}


def test_usage_is_streamed_only_when_asked_for() -> None:
    _, usages = read_stream([*api.events(answer(SAYING), PLAIN, 7)])
    assert set(usages) == {"absent"}


def test_a_command_goes_through_the_offered_tool() -> None:
    [choice] = api.whole(answer(RUNNING), "sim/one", 7)["choices"]
    [call] = choice["message"]["tool_calls"]
    assert choice["message"]["content"] is None
    assert call["function"]["name"] == "sh"
    assert json.loads(call["function"]["arguments"]) == {"cmd": COMMAND, "why": "because"}


def test_errors_have_the_shape_clients_expect() -> None:
    problem = CallError(404, "no such model", kind="invalid_request_error", code="model_not_found")
    body = {"message": "no such model", "type": "invalid_request_error", "code": "model_not_found"}
    assert api.error(problem) == {"error": body}
