"""What metrics and decision log are told of an answer: references only, so that an entry costs next to nothing."""

from msgspec import Struct

from routelab.records import Classification, Constraints, Decision, NormalisedRequest, Policy, PoolEntry


class Stages(Struct, frozen=True, kw_only=True, gc=False):
    """How long the stages of one answer took, in milliseconds; None: not gone through, or not known."""

    decode_ms: float | None = None
    session_ms: float | None = None
    classify_ms: float | None = None
    decide_ms: float | None = None
    encode_ms: float | None = None
    total_ms: float | None = None


class Entry(Struct, frozen=True, kw_only=True):
    """One request, answered or given up by its client (`reason` is then `client_gone`).

    `at` is Unix time (seconds). `user_id` and `conversation` (the conversation key) are hashed
    before they are written. `table_version`: the table that was live, also without a decision.
    `reason`: why there is no decision. `error`: the kind of what failed on the way. `incumbent`: the
    pair the conversation was on before. `cost_usd`: what classifying cost (0: nothing was asked;
    None: unknown). `classifier_calls`: calls made for this request, more than 1 after a retry.
    `client_request_id`, `mode`, `user_agent` and `body_bytes` are as the gateway told them.
    `has_shadow`: a shadow router is asked about this request.
    """

    decision_id: str
    at: float
    user_id: str | None = None
    conversation: str | None = None
    request: NormalisedRequest | None = None
    policy: Policy | None = None
    constraints: Constraints | None = None
    client_request_id: str | None = None
    mode: str | None = None
    user_agent: str | None = None
    body_bytes: int | None = None
    table_version: str | None = None
    incumbent: PoolEntry | None = None
    decision: Decision | None = None
    reason: str | None = None
    error: str | None = None
    classification: Classification | None = None
    classifier_model: str | None = None
    classifier_calls: int = 0
    cached: bool = False
    cost_usd: float | None = None
    stages: Stages = Stages()
    has_shadow: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether nothing about it is worth more than a sample: no switch, fallback, error, retry."""
        decision, classification = self.decision, self.classification
        return (
            decision is not None
            and decision.switch_reason is None
            and self.error is None
            and self.classifier_calls <= 1
            and classification is not None
            and not classification.fallback
        )
