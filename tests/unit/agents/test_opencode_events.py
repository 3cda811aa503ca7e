"""The shared events of kilo, opencode and the stub, in all their spellings."""

import json
from typing import Any

import pytest

from routelab.agents.opencode_events import parse_opencode_events

TOKENS = {"input": 900, "output": 4, "reasoning": 3, "cache": {"read": 100, "write": 50}}
STEPS: list[dict[str, Any]] = [
    {"type": "step_start"},
    {"type": "text", "text": "First I look."},
    {"type": "tool_use", "tool": "bash", "state": {"input": {"command": "ls"}, "output": "a.txt\n"}},
    {"type": "step_finish", "reason": "tool-calls", "tokens": TOKENS, "cost": 0.25},
    {"type": "step_start"},
    {"type": "text", "text": "One file."},
    {"type": "step_finish", "reason": "stop", "tokens": TOKENS, "cost": 0.5},
]


def stream(*events: dict[str, Any]) -> str:
    return "".join(json.dumps(event) + "\n" for event in events)


def nested(event: dict[str, Any]) -> dict[str, Any]:
    return {"type": event["type"], "sessionID": "s", "part": {**event, "type": event["type"].replace("_", "-")}}


def dashed(event: dict[str, Any]) -> dict[str, Any]:
    return {**event, "type": event["type"].replace("_", "-")}


@pytest.mark.parametrize("spelt", [dict, nested, dashed])
def test_every_spelling_means_the_same(spelt: Any) -> None:
    seen = parse_opencode_events(stream(*map(spelt, STEPS)))
    assert (seen.final_text, seen.finish_reason) == ("One file.", "stop")
    assert (seen.prompt_tokens, seen.completion_tokens, seen.cost_usd) == (2100, 14, 0.75)
    assert [entry.kind for entry in seen.entries] == ["text", "tool", "step", "text", "step"]


def test_lines_of_no_event_are_skipped() -> None:
    noise = 'Performing one time migration…\n{"type": "novelty", "text": "?"}\n[1]\n{"type": "text", "te\n\n'
    assert parse_opencode_events(noise + stream(*STEPS)) == parse_opencode_events(stream(*STEPS))


@pytest.mark.parametrize("separator", ["\u2028", "\u0085", "\x0c"])
def test_only_a_line_feed_ends_a_line(separator: str) -> None:
    told = f"one{separator}two"
    assert parse_opencode_events(json.dumps({"type": "text", "text": told}, ensure_ascii=False)).final_text == told


@pytest.mark.parametrize("events", [STEPS[:1], STEPS[:3], STEPS[:4]])
def test_a_run_that_ended_before_its_last_words_has_no_final_text(events: list[dict[str, Any]]) -> None:
    assert parse_opencode_events(stream(*events)).final_text == ""


def test_a_step_that_broke_off_has_no_finish_reason() -> None:
    failed = {"type": "error", "error": {"name": "APIError", "data": {"message": "gone", "statusCode": 503}}}
    seen = parse_opencode_events(stream(*STEPS[:5], failed))
    assert (seen.finish_reason, [(error.text, error.status) for error in seen.errors]) == (None, [("gone", 503)])


def test_one_step_of_unknown_usage_makes_the_sums_unknown() -> None:
    nothing = {"input": 0, "output": 0, "reasoning": 0, "cache": {"read": 0, "write": 0}}
    seen = parse_opencode_events(stream(*STEPS[:6], {**STEPS[6], "tokens": nothing, "cost": 0}))
    assert (seen.prompt_tokens, seen.completion_tokens, seen.cost_usd) == (None, None, None)


def test_an_unknown_cost_is_not_zero() -> None:
    assert parse_opencode_events(stream(*STEPS[:6], {**STEPS[6], "cost": None})).cost_usd is None


def test_a_failed_tool_call_tells_its_error() -> None:
    failed = {"type": "tool_use", "tool": "edit", "state": {"input": {"filePath": "a"}, "error": "no such file"}}
    [entry] = parse_opencode_events(stream(failed)).entries
    assert (entry.name, entry.text, entry.result) == ("edit", '{"filePath": "a"}', "no such file")
