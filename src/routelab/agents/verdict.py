"""What the end of an agent's program means: the model's doing, the endpoint's, or the container's."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from routelab.agents.program import Transcript
from routelab.errors import BudgetError, EndpointError, SandboxError
from routelab.llm.proxy import ProxyCall
from routelab.sandbox import ProgramResult

_KILLED = 137
_STDERR_CHARS = 300
INVALID_REQUEST = "invalid_request"
_REFUSALS = {400, 413, 422}
"""What endpoints answer to a conversation beyond the context, or with malformed tool calls in it."""


def infrastructure_error(
    result: ProgramResult, transcript: Transcript, failure: EndpointError | BudgetError | None
) -> EndpointError | BudgetError | SandboxError | None:
    """The infrastructure's failure that kept the model from answering; None when there is none.

    `failure` is what the proxy saw go wrong last. Exit codes alone mean little: agents end with 0
    after a cut stream and with 1 after an empty answer.
    """
    if isinstance(failure, BudgetError) or (failure is not None and failure.kind == "cut_stream"):
        return failure
    if is_finished(transcript):
        return None
    if failure is not None:
        return failure
    if result.timed_out or transcript.finish_reason is not None:
        return None
    if result.exit_code == _KILLED:
        return SandboxError("the agent was killed (exit code 137): the memory limit is too small", kind="out_of_memory")
    said = [entry.text for entry in transcript.errors] or [result.stderr.strip()[-_STDERR_CHARS:]]
    return SandboxError(
        f"the agent ended with exit code {result.exit_code} and no answer: {said[-1] or 'it said nothing'}",
        kind="agent_crashed",
    )


def is_finished(transcript: Transcript) -> bool:
    """Whether the answer stands, whatever the program did after it: some hang instead of ending."""
    return transcript.finish_reason == "stop" and bool(transcript.final_text.strip())


def refuses_conversation(failure: Exception | None) -> bool:
    """Whether an endpoint's failure may be the doing of the model whose turns the refused request held.

    Where no answer came before it, the configuration is at fault: an unknown variant, for example.
    """
    return isinstance(failure, EndpointError) and failure.kind == "rejected" and failure.status in _REFUSALS


def follows_an_answer(calls: Sequence[ProxyCall], failure: Exception) -> bool:
    """Whether the call that ended with `failure` was made after another one was answered.

    A call made at the same time, for a title say, is not what it follows. The proxy notes an end a
    little after the agent had the answer, so that half of the call's time decides.
    """
    refused = next((call for call in reversed(calls) if call.error == str(failure)), None)
    return refused is not None and any(
        call.api_kind is not None and call.error is None and _half_time(call) < refused.started_at for call in calls
    )


def _half_time(call: ProxyCall) -> datetime:
    return call.started_at + timedelta(milliseconds=call.latency_ms / 2)
