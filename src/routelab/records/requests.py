"""What the classifier reads and what it says."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

ApiKind = Literal["chat_completions", "responses", "messages"]
Prefix = Annotated[str, Meta(max_length=1000)]

GRADED_FIELDS = (
    "task_type",
    "subtask_type",
    "context_complexity",
    "reasoning_complexity",
    "risk_level",
    "execution_mode",
    "requires_tools",
)


class NormalisedRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One request of any API kind, reduced to what routing looks at.

    The three prefixes hold at most 1,000 characters each and are None when there is no such text;
    `latest_user_prompt_prefix` is None when it equals the first.
    """

    api_kind: ApiKind
    requested_model: str | None = None
    system_prompt_prefix: Prefix | None = None
    user_prompt_prefix: Prefix | None = None
    latest_user_prompt_prefix: Prefix | None = None
    message_count: Annotated[int, Meta(ge=0)] = 0
    has_tools: bool = False
    stream: bool = False
    provider_hints: dict[str, Any] | None = None


class Classification(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """What kind of work a request asks for.

    `confidence` is the classifier's own share (0 to 1). `fallback` is true when a keyword heuristic
    answered because no model gave a valid answer; a fallback is never cached and scores 0.
    """

    task_type: str
    subtask_type: str
    context_complexity: str
    reasoning_complexity: str
    risk_level: str
    execution_mode: str
    requires_tools: bool
    confidence: Annotated[float, Meta(ge=0, le=1)] | None = None
    fallback: bool = False

    @property
    def route(self) -> str:
        """`task_type/subtask_type`."""
        return f"{self.task_type}/{self.subtask_type}"
