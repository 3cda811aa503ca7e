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

from routelab.llm.simulated.apis import messages as api
from routelab.llm.simulated.conversation import ChatRequest, Message
from routelab.llm.simulated.replies import Reply
from routelab.llm.simulated.shells import Shell, find_shell
from routelab.llm.simulated.simulator import CallError

REQUEST = ChatRequest("sim/one", [Message("user", "hello")])


def read(*turns: Any, **body: Any) -> ChatRequest:
    return api.read(json.dumps({"model": "sim/one", "max_tokens": 100, "messages": turns, **body}).encode())


def test_a_plain_request() -> None:
    request = read(
        {"role": "user", "content": "hello"},
        system="Be brief.",
        stream=True,
        thinking={"type": "enabled", "budget_tokens": 4000},
        output_config={"effort": "high"},
    )
    assert request == ChatRequest(
        "sim/one", [Message("system", "Be brief."), Message("user", "hello")], stream=True, reasoning_effort="high"
    )


def test_a_thinking_budget_is_no_effort() -> None:
    request = read({"role": "user", "content": "hello"}, thinking={"type": "enabled", "budget_tokens": 4000})
    assert request.reasoning_effort is None


def test_blocks_become_one_conversation() -> None:
    messages = read(
        {"role": "user", "content": [{"type": "text", "text": "Today is"}, {"type": "text", "text": "Where?"}]},
        {"role": "system", "content": "Mind the time."},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "hm", "signature": "x"},
                {"type": "text", "text": "I look."},
                {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": "ls"}},
                {"type": "tool_use", "id": "toolu_2", "name": "Bash", "input": {"command": "pwd"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "toolu_1", "content": "a.txt"},
                {"type": "tool_result", "tool_use_id": "toolu_2", "content": [{"type": "text", "text": "/work"}]},
            ],
        },
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "toolu_3"}, {"type": "text", "text": "Go on."}],
        },
        system=[{"type": "text", "text": "Be"}, {"type": "text", "text": "brief."}],
    ).messages
    assert [(message.role, message.text) for message in messages] == [
        ("system", "Be\nbrief."),
        ("user", "Today is\nWhere?"),
        ("system", "Mind the time."),
        ("assistant", "I look."),
        ("tool", "a.txt"),
        ("tool", "/work"),
        ("tool", ""),
        ("user", "Go on."),
    ]
    calls = messages[3].tool_calls
    assert calls is not None
    assert [call["function"]["arguments"] for call in calls] == ['{"command":"ls"}', '{"command":"pwd"}']


def test_the_shell_is_found_among_the_tools() -> None:
    text = {"type": "string"}
    tools = [
        {"name": "Workflow", "input_schema": {"type": "object", "properties": {"script": text}, "required": ["name"]}},
        {"type": "web_search_20250305", "name": "web_search"},
        {
            "name": "Bash",
            "description": "Runs",
            "input_schema": {"properties": {"command": text}, "required": ["command"]},
        },
    ]
    found = find_shell(read({"role": "user", "content": "hello"}, tools=tools).tools)
    assert found == Shell("Bash", "command")


@given(anything, anything, anything)
def test_any_body_is_a_conversation_or_refused(content: Any, system: Any, tools: Any) -> None:
    outcome = attempt(lambda: read({"role": "user", "content": content}, system=system, tools=tools))
    assert outcome == 400 or (isinstance(outcome, ChatRequest) and outcome.messages and outcome.characters >= 0)


def test_a_request_without_messages_is_refused() -> None:
    with pytest.raises(CallError, match="no messages request"):
        read()


@given(replies)
def test_a_stream_says_what_the_whole_answer_says(reply: Reply) -> None:
    whole = api.whole(answer(reply), "sim/one", 7)
    start, *between, delta, stop = named(api.events(answer(reply), REQUEST, 7))
    assert [start["type"], delta["type"], stop["type"]] == ["message_start", "message_delta", "message_stop"]
    assert start["message"] == {**whole, "content": [], "stop_reason": None, "usage": start["message"]["usage"]}
    assert delta["delta"] == {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    assert delta["usage"] == whole["usage"]
    blocks: list[Any] = []
    for event in between:
        if event["type"] == "content_block_start":
            blocks.append({**event["content_block"], "written": ""})
        elif event["type"] == "content_block_delta":
            assert event["index"] == len(blocks) - 1
            blocks[-1]["written"] += event["delta"].get("text", "") + event["delta"].get("partial_json", "")
    for block in blocks:
        written = block.pop("written")
        block |= {"text": written} if block["type"] == "text" else {"input": json.loads(written)}
    assert blocks == whole["content"]


def test_a_command_is_the_use_of_a_tool() -> None:
    body = api.whole(answer(RUNNING), "sim/one", 7)
    [block] = body["content"]
    assert (body["stop_reason"], block["type"], block["name"]) == ("tool_use", "tool_use", "sh")
    assert block["input"] == {"cmd": COMMAND, "why": "because"}


def test_what_was_cut_off_reached_its_limit() -> None:
    assert api.whole(answer(HALF), "sim/one", 7)["stop_reason"] == "max_tokens"


def test_an_empty_answer_has_no_content() -> None:
    body = api.whole(answer(EMPTY), "sim/one", 7)
    assert (body["content"], body["stop_reason"]) == ([], "end_turn")


def test_the_usage_is_in_this_apis_words_with_the_cost() -> None:
    assert api.whole(answer(SAYING), "sim/one", 7)["usage"] == {
        "input_tokens": 10,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": 20,
        "cost": 0.001,
    }


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "invalid_request_error"), (404, "not_found_error"), (429, "rate_limit_error"), (500, "api_error")],
)
def test_errors_are_of_this_apis_kinds(status: int, kind: str) -> None:
    problem = CallError(status, "sorry", kind=RATE_LIMITED.kind, code=None)
    assert api.error(problem) == {"type": "error", "error": {"type": kind, "message": "sorry"}}
