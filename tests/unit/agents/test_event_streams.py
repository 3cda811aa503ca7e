"""What the parsers make of streams that the real programs printed against a scripted endpoint.

The folder `events` holds them as they came, without ids, times and headers; a file's name says the
program and the case.
"""

import json
from pathlib import Path

import pytest
from tests.unit.agents.programs import PROGRAMS

from routelab.agents.codex import CodexProgram
from routelab.agents.program import Entry, Transcript

EVENTS = Path(__file__).parent / "events"
DONE = 'Done: "hello-from-tool\\nvm\\n"'
EXPECTED = {
    # file: final text, finish reason, prompt tokens, completion tokens, cost
    "kilo_tool": ('Done: "hello-from-tool\\ncontainer\\n"', "stop", 2000, 14, 0.002),
    "kilo_reason_think": ("The answer is 42.", "stop", 1000, 7, 0.001),
    "kilo_length": ("The answer is 4", "length", 1000, 7, 0.001),
    "kilo_drop": ("The answer", "other", None, None, None),
    "kilo_nousage": ("The answer is 42.", "stop", None, None, None),
    "kilo_empty": ("", "stop", 1000, 7, 0.001),
    "kilo_402": ("", None, None, None, None),
    "kilo_429": ("", None, None, None, None),
    "kilo_badjson": ("", None, None, None, None),
    "kilo_gwdown": ("", None, None, None, None),
    "opencode_tool": (DONE, "stop", 2000, 14, None),
    "opencode_empty": ("", "stop", 1000, 7, None),
    "opencode_401": ("", None, None, None, None),
    "codex_tool": ("Done.", "stop", 2000, 14, None),
    "codex_length": ("The answer is 4", "length", None, None, None),
    "codex_401": ("", None, None, None, None),
    "codex_429": ("", None, None, None, None),
    "codex_500": ("", None, None, None, None),
    "claude_code_tool": ("Done.", "stop", 2000, 14, pytest.approx(0.00945)),
    "claude_code_empty": ("", "stop", 2000, 14, pytest.approx(0.00945)),
    "claude_code_length": ("", "length", 4000, 28, pytest.approx(0.0189)),
    "claude_code_refuse": ("", "refusal", 1000, 7, pytest.approx(0.004725)),
    "claude_code_401": ("", None, None, None, None),
    "mini_swe_agent_tool": ("The answer is 42.", "stop", 2000, 14, None),
    "mini_swe_agent_length": ("", "length", 3000, 21, None),
    "mini_swe_agent_empty": ("", "RepeatedFormatError", 3000, 21, None),
    "mini_swe_agent_402": ("", None, None, None, None),
}
STATUSES = {
    "kilo_402": [402],
    "kilo_429": [429],
    "kilo_badjson": [None],
    "kilo_gwdown": [None, None],
    "kilo_empty": [None],
    "opencode_401": [401],
    "codex_401": [401] * 7,
    "codex_429": [429, 429],
    "codex_500": [None] * 4,
    "codex_length": [None, None],
    "claude_code_401": [401] * 3,
    "claude_code_length": [None],
    "claude_code_refuse": [None],
    "mini_swe_agent_402": [402],
}


def understood(name: str) -> Transcript:
    [program] = [program for program in PROGRAMS if name.startswith(program.name.replace("-", "_") + "_")]
    return program.parse((EVENTS / f"{name}.jsonl").read_text())


def test_every_stream_is_expected() -> None:
    assert {path.stem for path in EVENTS.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_a_stream_says(name: str) -> None:
    seen = understood(name)
    figures = (seen.final_text, seen.finish_reason, seen.prompt_tokens, seen.completion_tokens, seen.cost_usd)
    assert figures == EXPECTED[name]
    assert [error.status for error in seen.errors] == STATUSES.get(name, [])


@pytest.mark.parametrize(
    ("name", "tool"),
    [
        ("kilo_tool", "bash"),
        ("opencode_tool", "bash"),
        ("codex_tool", "shell"),
        ("claude_code_tool", "Bash"),
        ("mini_swe_agent_tool", "bash"),
    ],
)
def test_a_tool_call_is_told_with_its_command_and_its_result(name: str, tool: str) -> None:
    calls = [entry for entry in understood(name).entries if entry.kind == "tool"]
    assert calls[0].name == tool
    assert "echo hello-from-tool > out.txt" in calls[0].text
    assert "hello-from-tool" in (calls[0].result or "")


def test_thinking_is_told_and_is_no_answer() -> None:
    assert Entry(kind="thinking", text="Let me think: 6*7=42.") in understood("kilo_reason_think").entries


def test_a_plain_error_is_told_in_its_own_words() -> None:
    [error] = understood("kilo_empty").errors
    assert error.text == "run ended without an assistant message; the model returned no output"


def test_the_last_error_says_what_is_wrong() -> None:
    assert understood("kilo_gwdown").errors[-1].text == "Model not found: kilo/fake/echo."


def test_codex_warns_without_failing() -> None:
    seen = understood("codex_tool")
    assert seen.entries[0].kind == "step"
    assert "Model metadata" in seen.entries[0].text
    assert not seen.errors


@pytest.mark.parametrize(
    ("item", "final_text"),
    [
        ({"type": "todo_list", "items": []}, "42"),
        ({"type": "reasoning", "text": "So it is 42."}, "42"),
        ({"type": "file_change", "changes": []}, ""),
        ({"type": "command_execution", "command": "ls", "aggregated_output": ""}, ""),
    ],
)
def test_only_a_tool_call_after_it_makes_a_message_of_codex_an_interim_one(
    item: dict[str, object], final_text: str
) -> None:
    items = ({"type": "agent_message", "text": "42"}, item)
    lines = [json.dumps({"type": "item.completed", "item": one}) for one in items]
    assert CodexProgram().parse("\n".join([*lines, '{"type": "turn.completed"}'])).final_text == final_text


def test_what_claude_code_writes_in_the_place_of_the_model_is_no_text_of_the_model() -> None:
    said = [entry.text for entry in understood("claude_code_length").entries if entry.kind == "text"]
    assert said == ["The answer is 4"] * 4
    assert [entry.kind for entry in understood("claude_code_empty").entries] == ["step"]
