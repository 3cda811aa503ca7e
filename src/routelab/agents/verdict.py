"""What the end of an agent's program means: the model's doing, the endpoint's, or the container's."""

from routelab.agents.program import Transcript
from routelab.errors import BudgetError, EndpointError, SandboxError
from routelab.sandbox import ProgramResult

_KILLED = 137
_STDERR_CHARS = 300


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
