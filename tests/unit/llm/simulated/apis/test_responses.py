import json
from typing import Any

import pytest
from hypothesis import given
from tests.unit.llm.simulated.apis.samples import (
    COMMAND,
    EMPTY,
    HALF,
    RATE_LIMITED,
    RUNNING,
    SAYING,
    answer,
    anything,
    attempt,
    named,
    replies,
)

from routelab.llm.simulated.apis import responses as api
from routelab.llm.simulated.conversation import ChatRequest, Message
from routelab.llm.simulated.replies import Reply
from routelab.llm.simulated.shells import Shell, find_shell
from routelab.llm.simulated.simulator import CallError

REQUEST = ChatRequest("sim/one", [Message("user", "hello")])
OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "a.txt"}
CALL = {"type": "function_call", "call_id": "call_1", "name": "exec", "arguments": '{"cmd":"ls"}'}


def read(**body: Any) -> ChatRequest:
    return api.read(json.dumps({"model": "sim/one", **body}).encode())


def test_a_plain_input_is_what_the_user_says() -> None:
    request = read(
        input="hello", instructions="Be brief.", stream=True, reasoning={"effort": "high", "summary": "auto"}
    )
    assert request == ChatRequest(
        "sim/one", [Message("system", "Be brief."), Message("user", "hello")], stream=True, reasoning_effort="high"
    )


def test_items_become_one_conversation() -> None:
    items = [
        {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "Be brief."}]},
        {"role": "user", "content": "Where?"},
        {"type": "reasoning", "summary": [], "encrypted_content": "x"},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "I look."}]},
        CALL,
        OUTPUT,
        {"type": "custom_tool_call", "call_id": "call_2", "name": "apply_patch", "input": "*** Begin Patch"},
        {"type": "custom_tool_call_output", "call_id": "call_2", "output": [{"type": "input_text", "text": "done"}]},
    ]
    messages = read(input=items).messages
    assert [(message.role, message.text) for message in messages] == [
        ("developer", "Be brief."),
        ("user", "Where?"),
        ("assistant", "I look."),
        ("assistant", ""),
        ("tool", "a.txt"),
        ("assistant", ""),
        ("tool", "done"),
    ]
    made = [message.tool_calls[0]["function"] for message in messages if message.tool_calls]
    assert [call["name"] for call in made] == ["exec", "apply_patch"]


def test_the_shell_is_found_among_tools_of_every_type() -> None:
    parameters = {"type": "object", "properties": {"cmd": {"type": "string"}}, "required": ["cmd"]}
    tools = [
        {"type": "web_search"},
        {"type": "namespace", "name": "agents", "tools": []},
        {"type": "custom", "name": "apply_patch", "format": {"type": "grammar"}},
        {"type": "function", "name": "exec_command", "strict": False, "parameters": parameters},
    ]
    assert find_shell(read(input="hello", tools=tools).tools) == Shell("exec_command", "cmd")


@given(anything, anything)
def test_any_body_is_a_conversation_or_refused(items: Any, tools: Any) -> None:
    outcome = attempt(lambda: read(input=items, tools=tools))
    assert outcome == 400 or (isinstance(outcome, ChatRequest) and outcome.messages and outcome.characters >= 0)


@pytest.mark.parametrize("items", [[], [{"type": "reasoning"}]])
def test_an_input_without_messages_is_refused(items: list[Any]) -> None:
    with pytest.raises(CallError, match="no responses request"):
        read(input=items)


@given(replies)
def test_a_stream_says_what_the_whole_answer_says(reply: Reply) -> None:
    whole = api.whole(answer(reply), "sim/one", 7)
    first, second, *between, item_done, last = named(api.events(answer(reply), REQUEST, 7))
    assert [first["type"], second["type"]] == ["response.created", "response.in_progress"]
    assert last == {**last, "type": f"response.{whole['status']}", "response": whole}
    assert [item_done["item"]] == whole["output"]
    deltas = "".join(event["delta"] for event in between if event["type"].endswith(".delta"))
    [item] = whole["output"]
    assert deltas == (item["arguments"] if item["type"] == "function_call" else item["content"][0]["text"])


@given(replies)
def test_events_are_numbered_in_order(reply: Reply) -> None:
    numbers = [event["sequence_number"] for event in named(api.events(answer(reply), REQUEST, 7))]
    assert numbers == [*range(len(numbers))]


def test_a_command_is_a_function_call() -> None:
    body = api.whole(answer(RUNNING), "sim/one", 7)
    [item] = body["output"]
    assert (body["status"], item["type"], item["name"]) == ("completed", "function_call", "sh")
    assert json.loads(item["arguments"]) == {"cmd": COMMAND, "why": "because"}


def test_what_was_cut_off_is_incomplete() -> None:
    body = api.whole(answer(HALF), "sim/one", 7)
    assert (body["status"], body["incomplete_details"]) == ("incomplete", {"reason": "max_output_tokens"})


def test_an_empty_answer_is_an_empty_message() -> None:
    [item] = api.whole(answer(EMPTY), "sim/one", 7)["output"]
    assert [part["text"] for part in item["content"]] == [""]


def test_the_usage_is_in_this_apis_words_with_the_cost() -> None:
    assert api.whole(answer(SAYING), "sim/one", 7)["usage"] == {
        "input_tokens": 10,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": 20,
        "output_tokens_details": {"reasoning_tokens": 5},
        "total_tokens": 30,
        "cost": 0.001,
    }


def test_errors_are_those_of_the_openai_api() -> None:
    body = {"message": "later", "type": "rate_limit_error", "code": "rate_limit_exceeded"}
    assert api.error(RATE_LIMITED) == {"error": body}
