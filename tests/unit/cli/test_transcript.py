"""`routelab runs show --case`: what the agents did, as a reader wants it."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from tests.spec import samples
from tests.unit.cli.conftest import Routelab

from routelab.bench.execution import Execution
from routelab.bench.streams import keep_stream
from routelab.llm.proxy import ProxyCall
from routelab.records import Attempt, RunCandidate, Usage
from routelab.store import open_store

CASE = "debugging-case-1"
STREAM = (
    '{"type": "step_start"}',
    '{"type": "tool_use", "tool": "bash", "state": {"input": {"command": "seq 100"}, "output": "'
    + "\\n".join(map(str, range(1, 101)))
    + '"}}',
    '{"type": "step_finish", "reason": "tool-calls"}',
    "a line that is no event",
    '{"type": "text", "text": "It is 42.\\u001b[2J"}',
    '{"type": "error", "error": {"data": {"message": "no more", "statusCode": 503}}}',
)
CALLS = (
    ProxyCall(
        started_at=samples.NOON, path="/v1/chat/completions", api_kind="chat_completions", status=200, cost_usd=0.5
    ),
    ProxyCall(started_at=samples.NOON, path="/v1/x", api_kind=None, status=None, error="the agent hung up [/INST]"),
)


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    """A run of kilo with a kept and an unkept attempt of a case, and its folder."""
    store = open_store(f"sqlite:///{tmp_path / '.routelab/routelab.db'}")
    run = samples.run(engine=samples.engine(agent="kilo"))
    store.runs.create(run, [RunCandidate(samples.CEDAR)])
    failed = samples.attempt(
        status="infrastructure", score=None, error_kind="server_error", error_message="the endpoint answered 503\x1b[2J"
    )
    store.results.add_attempts([failed, samples.attempt(number=2), samples.attempt(2)])
    store.close()
    folder = tmp_path / ".routelab/runs/decider-1"
    keep(folder, failed, events=STREAM, calls=CALLS)
    return folder


def keep(folder: Path, attempt: Attempt, **changes: Any) -> None:
    keep_stream(folder, str, attempt, Execution(score=None, usage=Usage(), latency_ms=1.0, **changes))


def show(routelab: Routelab, case: str = CASE) -> str:
    result = routelab("runs", "show", "decider-1", "--case", case)
    assert (result.code, result.err) == (0, "")
    return result.out


def test_every_attempt_is_shown_with_its_conversation_and_calls(routelab: Routelab, measured: Path) -> None:
    out = show(routelab)
    assert "== sim/cedar@high repetition 1 attempt 1: infrastructure" in out
    assert "server_error: the endpoint answered 503" in out
    assert "== sim/cedar@high repetition 1 attempt 2: score 1" in out
    assert out.count("(its event stream was not kept here)") == 1
    assert "debugging-case-2" not in out
    assert "\x1b" not in out  # a model does not steer the reader's terminal
    assert out.index("[tool bash] seq 100") < out.index("[model] It is 42.") < out.index("[error 503] no more")
    assert "    40\n    … 60 more lines\n" in out
    assert "/v1/chat/completions" in out
    assert "[/INST]" in out  # nor the markup of a table


def test_a_damaged_stream_or_log_of_calls_is_no_crash(routelab: Routelab, measured: Path) -> None:
    for file in measured.rglob("*.gz"):
        whole = file.read_bytes()
        file.write_bytes(whole[:15] + bytes(byte ^ 0xFF for byte in whole[15:]))
    assert show(routelab).count("(its event stream was not kept here)") == 2
    [calls] = (measured / "calls").iterdir()
    calls.write_bytes(gzip.compress(b'{"from": "the future"}'))
    show(routelab)


def test_a_stream_without_any_event_says_so(routelab: Routelab, measured: Path) -> None:
    keep(measured, samples.attempt(number=2), events=("Segmentation fault",))
    assert "(the agent printed nothing that can be read)" in show(routelab)


def test_a_case_without_an_attempt_is_told_in_one_sentence(routelab: Routelab, measured: Path) -> None:
    result = routelab("runs", "show", "decider-1", "--case", "no-such-case")
    assert (result.code, result.out) == (2, "")
    assert result.err == "routelab: run decider-1 has no attempt of a case no-such-case\n"


def test_a_run_that_is_not_there_is_told_in_one_sentence(routelab: Routelab) -> None:
    result = routelab("runs", "show", "decider-9", "--case", CASE)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
