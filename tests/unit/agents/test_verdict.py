"""What the end of an agent's program means."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.agents.program import Entry, Transcript
from routelab.agents.verdict import follows_an_answer, infrastructure_error, is_finished, refuses_conversation
from routelab.causes import CAUSES
from routelab.errors import BudgetError, EndpointError
from routelab.llm.proxy import ProxyCall
from routelab.sandbox import ProgramResult

ANSWER = Transcript(final_text="42", finish_reason="stop")
NOTHING = Transcript()
DOWN = EndpointError("the endpoint answered 503", kind="server_error")
CUT = EndpointError("the answer broke off", kind="cut_stream")
BROKE = BudgetError("the money limit is reached")
TOO_LONG = EndpointError("the endpoint answered 400: too long", kind="rejected", status=400)


def ended(exit_code: int | None = 0, stderr: str = "", **more: Any) -> ProgramResult:
    return ProgramResult(exit_code=exit_code, stdout="", stderr=stderr, timed_out=exit_code is None, **more)


@pytest.mark.parametrize(
    ("transcript", "finished"),
    [
        (ANSWER, True),
        (NOTHING, False),
        (Transcript(final_text="42"), False),
        (Transcript(final_text=" \n", finish_reason="stop"), False),
        (Transcript(final_text="42", finish_reason="length"), False),
        (Transcript(final_text="42", finish_reason="other"), False),
    ],
)
def test_only_a_stop_with_words_is_an_answer(transcript: Transcript, finished: bool) -> None:
    assert is_finished(transcript) is finished


@pytest.mark.parametrize("result", [ended(0), ended(1), ended(None), ended(137)])
def test_an_answer_stands_whatever_the_program_did_after_it(result: ProgramResult) -> None:
    assert infrastructure_error(result, ANSWER, None) is None
    assert infrastructure_error(result, ANSWER, DOWN) is None


@pytest.mark.parametrize("failure", [CUT, BROKE])
def test_a_cut_answer_and_an_empty_purse_count_whatever_the_agent_says(failure: EndpointError | BudgetError) -> None:
    assert infrastructure_error(ended(0), ANSWER, failure) is failure


@pytest.mark.parametrize("result", [ended(0), ended(1), ended(None), ended(137)])
def test_the_endpoints_failure_explains_an_answer_that_is_missing(result: ProgramResult) -> None:
    assert infrastructure_error(result, NOTHING, DOWN) is DOWN


@pytest.mark.parametrize(
    ("result", "transcript"),
    [
        (ended(None), NOTHING),
        (ended(1), Transcript(finish_reason="stop")),
        (ended(0), Transcript(final_text="4", finish_reason="length")),
        (ended(137), Transcript(finish_reason="tool_calls")),
    ],
)
def test_what_the_model_did_is_no_failure_of_the_infrastructure(result: ProgramResult, transcript: Transcript) -> None:
    assert infrastructure_error(result, transcript, None) is None


@pytest.mark.parametrize(
    ("result", "transcript", "kind", "words"),
    [
        (ended(137), NOTHING, "out_of_memory", "memory limit is too small"),
        (ended(0), NOTHING, "agent_crashed", "it said nothing"),
        (ended(127, "sh: kilo: not found\n"), NOTHING, "agent_crashed", "sh: kilo: not found"),
        (ended(1, "noise"), Transcript(entries=(Entry(kind="error", text="bad"),)), "agent_crashed", "bad"),
    ],
)
def test_an_agent_that_ends_without_an_answer_or_a_reason_crashed(
    result: ProgramResult, transcript: Transcript, kind: str, words: str
) -> None:
    error = infrastructure_error(result, transcript, None)
    assert error is not None
    assert error.kind == kind
    assert words in str(error)


@given(
    st.sampled_from([ended(0), ended(1), ended(124), ended(137), ended(143), ended(None)]),
    st.builds(
        Transcript,
        final_text=st.sampled_from(["", " ", "42"]),
        finish_reason=st.sampled_from([None, "stop", "length", "other", "tool_calls", "max_steps"]),
    ),
    st.sampled_from([None, DOWN, CUT, BROKE]),
)
def test_every_failure_has_a_row_in_the_table(
    result: ProgramResult, transcript: Transcript, failure: EndpointError | BudgetError | None
) -> None:
    error = infrastructure_error(result, transcript, failure)
    assert error is None or CAUSES[error.kind].whose == "infrastructure"
    if is_finished(transcript) and failure in (None, DOWN):
        assert error is None


@pytest.mark.parametrize(
    ("failure", "refuses"),
    [
        (None, False),
        (BROKE, False),
        (DOWN, False),
        (TOO_LONG, True),
        (EndpointError("too large", kind="rejected", status=413), True),
        (EndpointError("no such tool", kind="rejected", status=422), True),
        (EndpointError("flagged", kind="rejected", status=403), False),
        (EndpointError("gone", kind="unknown_model", status=404), False),
    ],
)
def test_which_refusals_may_be_the_models_doing(failure: EndpointError | BudgetError | None, refuses: bool) -> None:
    assert refuses_conversation(failure) is refuses


def call(start_ms: float, latency_ms: float, **changes: Any) -> ProxyCall:
    at = datetime(2026, 4, 1, tzinfo=UTC) + timedelta(milliseconds=start_ms)
    fields: dict[str, Any] = {"path": "/v1/chat/completions", "api_kind": "chat_completions", "status": 200, **changes}
    return ProxyCall(started_at=at, latency_ms=latency_ms, **fields)


@pytest.mark.parametrize(
    ("calls", "follows"),
    [
        ([], False),
        ([call(0, 900)], True),
        ([call(0, 1005)], True),  # its end was noted a little after the agent had the answer
        ([call(990, 400)], False),  # made at the same time: a title
        ([call(1001, 5)], False),
        ([call(0, 900, status=503, error="the endpoint answered 503")], False),
        ([call(0, 900, path="/v1/models", api_kind=None)], False),
        ([call(0, 20, status=400, error=str(TOO_LONG))], False),  # refused from the first
        ([call(0, 900), call(950, 20, status=503, error="the endpoint answered 503")], True),
    ],
)
def test_a_refusal_is_the_models_doing_only_after_an_answer(calls: list[ProxyCall], follows: bool) -> None:
    refused = call(1000, 50, status=400, error=str(TOO_LONG))
    after = call(2000, 0, path="/v1/models", api_kind=None)
    assert follows_an_answer([*calls, refused, after], TOO_LONG) is follows
