"""Why an attempt did not succeed: whose failure that is, whether it is tried again, what it scores.

This is the one table of errors. Agents, sandboxes and the endpoint client name a kind; everything
that follows from it is read here.
"""

from typing import Literal

from msgspec import Struct

Whose = Literal["model", "infrastructure"]


class Cause(Struct, frozen=True):
    """One row of the table.

    A failure of the model is graded 0 and never retried. One of the infrastructure is not graded:
    it is tried again where `retried`, and ends the whole run where `stops_run`, since no later case
    could succeed. An `outage` says nothing about the case and would meet every next one too: when
    the tries of a case are used up, the run stops, and on resume the case is tried afresh. What
    `ends_lane` leaves the lane without a place to work in.
    """

    kind: str
    whose: Whose
    meaning: str
    retried: bool = False
    stops_run: bool = False
    outage: bool = False
    ends_lane: bool = False

    @property
    def score(self) -> float | None:
        """What an attempt that ended so scores; None: it is not graded."""
        return 0.0 if self.whose == "model" else None


_ROWS = (
    Cause("wrong_answer", "model", "the answer or the workspace does not pass the check"),
    Cause("refusal", "model", "the model declined to answer"),
    Cause("empty", "model", "the last message was empty, twice"),
    Cause("truncated", "model", "the answer was cut at the model's output limit"),
    Cause("incomplete", "model", "the agent ended on anything but a finished answer"),
    Cause("max_steps", "model", "the model was still calling tools after the last step allowed"),
    Cause("deadline", "model", "the case's time was over before the answer came"),
    Cause("over_case_limit", "model", "the attempt reached the money limit of a case"),
    Cause("invalid_output", "model", "the classification was no valid one"),
    Cause("invalid_request", "model", "the endpoint refused what the model's turns had grown into: too long a context"),
    Cause("rate_limited", "infrastructure", "the endpoint answered 429", retried=True),
    Cause("server_error", "infrastructure", "the endpoint answered 5xx or 408", retried=True),
    Cause("unreachable", "infrastructure", "the endpoint is down", retried=True, outage=True),
    Cause("timeout", "infrastructure", "the endpoint did not answer in its own time", retried=True),
    Cause("bad_response", "infrastructure", "what the endpoint answered is no completion", retried=True),
    Cause("cut_stream", "infrastructure", "the endpoint's answer broke off", retried=True),
    Cause("unknown_model", "infrastructure", "the endpoint does not know the model"),
    Cause("rejected", "infrastructure", "the endpoint refuses the request, an unknown variant for example"),
    Cause("unauthorized", "infrastructure", "the endpoint refuses the key (401)", stops_run=True),
    Cause("no_credit", "infrastructure", "the account at the endpoint is empty (402)", stops_run=True),
    Cause("budget", "infrastructure", "the money limit of the run is reached", stops_run=True),
    Cause("image_missing", "infrastructure", "the agent's image is not there", stops_run=True),
    Cause("sandbox", "infrastructure", "the place of execution failed", retried=True),
    Cause("engine_down", "infrastructure", "the container engine does not answer", retried=True, outage=True),
    Cause("no_space", "infrastructure", "a disk is full", retried=True),
    Cause("no_room", "infrastructure", "the cap on containers leaves the lane no room for its own", ends_lane=True),
    Cause("out_of_memory", "infrastructure", "the container's memory limit ended the agent", retried=True),
    Cause("lost_container", "infrastructure", "the container died", retried=True),
    Cause("agent_crashed", "infrastructure", "the agent's program ended without saying anything", retried=True),
)
CAUSES = {cause.kind: cause for cause in _ROWS}
RETRYABLE_KINDS = frozenset(cause.kind for cause in _ROWS if cause.retried)
"""Kinds of infrastructure failures after which the same attempt may succeed later."""
FATAL_KINDS = frozenset(cause.kind for cause in _ROWS if cause.stops_run)
"""Kinds after which no later attempt of the run can succeed."""
OUTAGE_KINDS = frozenset(cause.kind for cause in _ROWS if cause.outage)
"""Kinds that meet every case alike while they last."""
LANE_ENDING_KINDS = frozenset(cause.kind for cause in _ROWS if cause.ends_lane)
"""Kinds after which a lane cannot go on, but the others can."""
_FINISH_REASONS = {"length": "truncated", "content_filter": "refusal", "refusal": "refusal"}


def model_failure(*, finish_reason: str | None, final_text: str, timed_out: bool) -> str | None:
    """The kind of the model's failure before its answer is even looked at; None: there is none.

    Only `stop` (or an agent that gives no reason) is a finished answer: exit codes say nothing.
    """
    if timed_out:
        return "deadline"
    if finish_reason in _FINISH_REASONS:
        return _FINISH_REASONS[finish_reason]
    if finish_reason not in (None, "stop"):
        known = CAUSES.get(finish_reason)
        return known.kind if known is not None and known.whose == "model" else "incomplete"
    return None if final_text.strip() else "empty"
