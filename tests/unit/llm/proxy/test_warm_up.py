import json
import subprocess

import pytest
from tests.unit.llm.proxy.answers import KINDS

from routelab.llm.proxy.metering import Meter
from routelab.llm.proxy.warm_up import canned
from routelab.records.requests import ApiKind


@pytest.mark.parametrize("api_kind", KINDS)
@pytest.mark.parametrize("streamed", [True, False])
def test_a_canned_answer_is_a_whole_answer_that_costs_nothing(api_kind: ApiKind, streamed: bool) -> None:
    body, content_type = canned(api_kind, "real/one", b"{}", streamed=streamed)
    assert content_type == ("text/event-stream" if streamed else "application/json")
    assert b'"ok"' in body
    meter = Meter(api_kind, streamed=streamed)
    meter.feed(body)
    reading = meter.finish(broken=False)
    assert (reading.finish_reason, reading.complete, reading.failure) == ("stop", True, None)
    assert not any(reading.usage.values())


@pytest.mark.parametrize("streamed", [True, False])
def test_an_agent_that_ends_by_a_command_is_given_one(streamed: bool) -> None:
    request = b'{"messages": [{"content": "... echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT ..."}]}'
    body, _ = canned("chat_completions", "real/one", request, streamed=streamed)
    [choice] = json.loads(body.removeprefix(b"data: ").split(b"\n\n")[0])["choices"]
    [call] = choice["delta" if streamed else "message"]["tool_calls"]
    command = json.loads(call["function"]["arguments"])["command"]
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert (call["function"]["name"], choice["finish_reason"]) == ("bash", "tool_calls")
    assert done.stdout == "COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT\nok\n"


def test_named_events_say_their_type_twice() -> None:
    body, _ = canned("messages", "real/one", b"{}", streamed=True)
    for event in body.decode().strip().split("\n\n"):
        name, data = event.split("\n")
        assert json.loads(data.removeprefix("data: "))["type"] == name.removeprefix("event: ")
