"""What stands in a decision log: flat rows, whatever they are written to."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

SCHEMA = 2
"""Counts changes of the rows below; it is part of the names of the files. Fields that are younger have a default."""


class LoggedDecision(Struct, frozen=True, kw_only=True):
    """One decision.

    `user_hash` is None where the operator gave no key to hash with; `conversation_hash` then holds
    within one life of one process only. `sampled`: a plain success, of which the share
    `sample_rate` is kept, by conversations as a whole; others are all kept, at `sample_rate` 1.
    `pool` None means that every candidate was allowed; entries read `model` or `model@variant`.
    `policy_cut`: `denied_models` or `pool` was too long to be kept whole, so that the decision
    cannot be replayed. `client_request_id`, `mode`, `user_agent` and `body_bytes` are as the gateway
    told them. The prompts are None unless the operator has them kept.
    """

    decision_id: str
    at: datetime
    user_hash: str | None
    conversation_hash: str | None
    sampled: bool
    sample_rate: float
    table_version: str | None
    source: str | None
    route: str | None
    model: str | None
    variant: str | None
    evidence: str | None
    accuracy: float | None
    accuracy_low: float | None
    avg_cost_usd: float | None
    sticky: bool
    switch_reason: str | None
    incumbent_model: str | None
    incumbent_variant: str | None
    reason: str | None
    error: str | None
    routing_mode: str
    denied_models: tuple[str, ...]
    pool: tuple[str, ...] | None
    policy_cut: bool
    input_modalities: tuple[str, ...]
    prompt_tokens_estimate: int | None
    task_type: str | None
    subtask_type: str | None
    context_complexity: str | None
    reasoning_complexity: str | None
    risk_level: str | None
    execution_mode: str | None
    requires_tools: bool | None
    confidence: float | None
    fallback: bool
    cached: bool
    classifier_model: str | None
    classifier_calls: int
    classifier_cost_usd: float | None
    decode_ms: float | None
    session_ms: float | None
    classify_ms: float | None
    decide_ms: float | None
    encode_ms: float | None
    total_ms: float | None
    has_shadow: bool
    api_kind: str | None
    requested_model: str | None
    message_count: int | None
    has_tools: bool | None
    stream: bool | None
    client_request_id: str | None = None
    mode: str | None = None
    user_agent: str | None = None
    body_bytes: int | None = None
    system_prompt: str | None
    user_prompt: str | None
    latest_user_prompt: str | None

    @property
    def weight(self) -> float:
        """How many decisions of the traffic this row stands for."""
        return 1 / self.sample_rate


class LoggedShadow(Struct, frozen=True, kw_only=True):
    """What one shadow router said beside one decision.

    `router` names it, such as `morph` or `table:<version>`. `static_model` is what the gateway would
    have used, `our_*` what was decided, `shadow_*` the shadow's pick, which is None unless `outcome`
    is `answered`; `reason` says why it was skipped or failed. `cached`: an earlier answer counts. The
    mean costs of a request are those of the table that was live, None where a pick does not stand
    there on this route. Of what was skipped the share `sample_rate` is kept, that of the sampled
    conversations; whatever was asked is kept.
    """

    decision_id: str
    at: datetime
    router: str
    outcome: Literal["answered", "skipped", "failed"]
    reason: str | None = None
    cached: bool = False
    route: str | None = None
    static_model: str | None = None
    our_model: str | None = None
    our_variant: str | None = None
    shadow_model: str | None = None
    shadow_variant: str | None = None
    difficulty: str | None = None
    confidence: float | None = None
    domain: str | None = None
    latency_ms: float | None = None
    our_avg_cost_usd: float | None = None
    shadow_avg_cost_usd: float | None = None
    conversation_hash: str | None = None
    sample_rate: float = 1.0

    @property
    def weight(self) -> float:
        """How many questions of the traffic this row stands for."""
        return 1 / self.sample_rate

    @property
    def agrees(self) -> bool | None:
        """Whether the shadow picked our model; None when one of the two picked none."""
        if self.our_model is None or self.shadow_model is None:
            return None
        return self.our_model == self.shadow_model


Row = LoggedDecision | LoggedShadow
STREAMS: dict[str, type[LoggedDecision] | type[LoggedShadow]] = {
    "decisions": LoggedDecision,
    "shadows": LoggedShadow,
}
KEYS = {"decisions": ("decision_id",), "shadows": ("decision_id", "router")}
