import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.llm.proxy import answers
from tests.unit.llm.proxy.answers import KINDS, chat, chat_events, message_events, response, response_events, stream

from routelab.llm.proxy.metering import Meter, Reading
from routelab.records.requests import ApiKind

FULL = {"prompt_tokens": 100, "completion_tokens": 20, "cost": 0.25}


def read(api_kind: ApiKind, body: bytes, *places: int, streamed: bool = True, broken: bool = False) -> Reading:
    meter = Meter(api_kind, streamed=streamed)
    edges = [0, *sorted(place % (len(body) + 1) for place in places), len(body)]
    for begin, end in pairwise(edges):
        meter.feed(body[begin:end])
    return meter.finish(broken=broken)


def facts(reading: Reading) -> tuple[Any, ...]:
    return reading.usage, reading.finish_reason, reading.complete, reading.failure and reading.failure.kind


@pytest.mark.parametrize("api_kind", KINDS)
@given(st.lists(st.integers(0, 5000), max_size=30))
def test_a_stream_tells_the_same_whatever_its_pieces(api_kind: ApiKind, places: list[int]) -> None:
    reading = read(api_kind, answers.streamed(api_kind), *places)
    assert facts(reading) == (FULL, "stop", True, None)


@pytest.mark.parametrize("api_kind", KINDS)
@given(st.lists(st.integers(0, 5000), max_size=5))
def test_a_plain_answer_tells_the_same_whatever_its_pieces(api_kind: ApiKind, places: list[int]) -> None:
    reading = read(api_kind, answers.plain(api_kind), *places, streamed=False)
    assert facts(reading) == (FULL, "stop", True, None)


@pytest.mark.parametrize("api_kind", KINDS)
def test_a_stream_cut_anywhere_before_its_end_mark_is_a_cut_stream(api_kind: ApiKind) -> None:
    body = answers.streamed(api_kind)
    mark = {
        "chat_completions": b'"finish_reason": "stop"',
        "responses": b"event: response.completed",
        "messages": b"event: message_stop",
    }[api_kind]
    for length in range(body.index(mark)):
        for broken in (False, True):
            reading = read(api_kind, body[:length], broken=broken)
            assert (reading.failure and reading.failure.kind, reading.complete) == ("cut_stream", False), length


@pytest.mark.parametrize("api_kind", KINDS)
def test_a_plain_answer_cut_in_the_middle_is_cut(api_kind: ApiKind) -> None:
    body = answers.plain(api_kind)
    cut = read(api_kind, body[:-5], streamed=False, broken=True)
    assert (cut.failure and cut.failure.kind, cut.complete) == ("cut_stream", False)


@pytest.mark.parametrize("api_kind", KINDS)
@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"usage": 7, "choices": {}, "output": 3}', b"\xff"])
def test_what_is_no_answer_is_a_bad_response(api_kind: ApiKind, body: bytes) -> None:
    reading = read(api_kind, body, streamed=False)
    assert (reading.failure and reading.failure.kind, reading.complete, reading.refused) == (
        "bad_response",
        False,
        False,
    )


@pytest.mark.parametrize("api_kind", KINDS)
@pytest.mark.parametrize("streamed", [True, False])
@given(junk=st.lists(st.binary(max_size=40) | st.sampled_from([b"data: ", b"\n\n", b"{", b'"usage":', b"[DONE]"])))
def test_junk_is_survived(api_kind: ApiKind, streamed: bool, junk: list[bytes]) -> None:
    meter = Meter(api_kind, streamed=streamed)
    for piece in junk:
        meter.feed(piece)
    meter.finish(broken=False)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "usage",
                    "choices",
                    "error",
                    "response",
                    "output",
                    "item",
                    "delta",
                    "message",
                    "status",
                    "code",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=10,
)
TYPES = [event["type"] for event in response_events() + message_events()] + ["error", "response.output_item.done"]


@pytest.mark.parametrize("api_kind", KINDS)
@given(data=st.dictionaries(st.sampled_from(["usage", "choices", "error", "response", "message", "delta"]), JSON))
def test_fields_of_any_sort_are_survived(api_kind: ApiKind, data: dict[str, Any]) -> None:
    read(api_kind, json.dumps(data).encode(), streamed=False)
    read(api_kind, stream(*({**data, "type": kind} for kind in TYPES)))


@pytest.mark.parametrize(
    ("stop_reason", "word"),
    [("tool_use", "tool_calls"), ("max_tokens", "length"), ("refusal", "content_filter"), ("pause_turn", "pause_turn")],
)
def test_finish_reasons_of_messages(stop_reason: str, word: str) -> None:
    assert read("messages", stream(*message_events(stop_reason))).finish_reason == word


def test_finish_reasons_of_responses() -> None:
    calls = [read("responses", stream(*response_events(item=item))) for item in ("function_call", "local_shell_call")]
    assert [reading.finish_reason for reading in calls] == ["tool_calls", "tool_calls"]
    assert read("responses", stream(*response_events(item="web_search_call"))).finish_reason == "stop"
    limit = {"incomplete_details": {"reason": "max_output_tokens"}}
    long = read("responses", stream(*response_events("incomplete", **limit)))
    assert facts(long) == (FULL, "length", True, None)
    done = {"type": "response.output_item.done", "item": {"type": "function_call"}}
    last = {"type": "response.completed", "response": response(output=[])}
    assert read("responses", stream(done, last)).finish_reason == "tool_calls"


def test_chat_reasons_and_usage_in_every_chunk() -> None:
    assert read("chat_completions", stream(*chat_events("length"))).finish_reason == "length"
    events = [{"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": n}} for n in (1, 2)]
    reading = read("chat_completions", stream(*events, "[DONE]"))
    assert facts(reading) == ({"prompt_tokens": 5, "completion_tokens": 2}, None, True, None)


def test_an_end_without_done_is_an_end() -> None:
    reading = read("chat_completions", stream(*chat_events()[:3]))
    assert facts(reading) == ({}, "stop", True, None)
    assert read("chat_completions", stream(*chat_events()[:3]), broken=True).complete is False


def test_tokens_of_a_cut_stream_are_kept() -> None:
    reading = read("messages", stream(*message_events()[:2]))
    assert reading.usage == {"prompt_tokens": 100, "completion_tokens": 1}


@pytest.mark.parametrize(
    ("api_kind", "event", "kind", "status"),
    [
        ("chat_completions", {"error": {"code": 429, "message": "slow\ndown"}, "choices": []}, "rate_limited", 429),
        ("chat_completions", {"error": {"code": "server_error", "message": "no"}}, "server_error", 500),
        ("chat_completions", {"choices": [{"delta": {}, "finish_reason": "error"}]}, "server_error", 500),
        ("responses", {"type": "error", "code": "rate_limit_exceeded", "message": "no"}, "rate_limited", 429),
        ("responses", {"type": "error", "error": {"type": "insufficient_quota"}}, "no_credit", 402),
        ("responses", {"type": "response.failed", "response": {"status": "failed", "error": {"code": "server_error"}}},
         "server_error", 500),
        ("messages", {"type": "error", "error": {"type": "overloaded_error", "message": "no"}}, "server_error", 529),
        ("messages", {"type": "error", "error": {"type": "authentication_error"}}, "unauthorized", 401),
        ("messages", {"type": "error"}, "server_error", 500),
    ],
)  # fmt: skip
def test_an_error_in_the_middle_of_a_stream_is_told(api_kind: ApiKind, event: Any, kind: str, status: int) -> None:
    reading = read(api_kind, stream(event))
    assert reading.failure is not None
    assert (reading.failure.kind, reading.failure.status, reading.refused) == (kind, status, False)
    assert "\n" not in str(reading.failure)


@pytest.mark.parametrize(
    ("api_kind", "body", "kind"),
    [
        ("chat_completions", {"error": {"code": 429, "message": "later"}}, "rate_limited"),
        ("responses", {"status": "failed", "error": {"code": "server_error", "message": "no"}}, "server_error"),
        ("messages", {"type": "error", "error": {"type": "rate_limit_error", "message": "no"}}, "rate_limited"),
    ],
)
def test_an_error_in_place_of_an_answer_is_told_and_was_not_billed(api_kind: ApiKind, body: Any, kind: str) -> None:
    reading = read(api_kind, json.dumps(body).encode(), streamed=False)
    assert (reading.failure and reading.failure.kind, reading.refused) == (kind, True)


def test_half_an_emoji_does_not_hide_the_usage() -> None:
    body = json.dumps(chat(content="cut \ud83d")).encode()
    assert facts(read("chat_completions", body, streamed=False)) == (FULL, "stop", True, None)
    last = {"type": "response.completed", "response": response(output=[{"text": "\ud83d"}])}
    assert facts(read("responses", stream(last))) == (FULL, "stop", True, None)
