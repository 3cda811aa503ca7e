"""What a gateway sends to `POST /decide` and what it gets back."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from routelab.decision import Considered
from routelab.records import Classification, Constraints, Decision, NormalisedRequest, Policy, ShadowContext
from routelab.records.requests import ApiKind

Reason = Literal["no_table", "unknown_route", "no_candidate", "internal_error"]
ClassifierProblem = Literal["local", "endpoint"]


class NormalisedInput(NormalisedRequest, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A normalised request as a gateway sends it; fields of a newer gateway are ignored."""


class DecideRequest(Struct, frozen=True, kw_only=True):
    """One request to route: `input`, or a raw body in `request` with its `api_kind`.

    `user_id` scopes everything that is remembered. `policy` and `constraints` None mean the
    defaults. Unknown fields are ignored.
    """

    user_id: Annotated[str, Meta(min_length=1)]
    input: NormalisedInput | None = None
    request: Mapping[str, Any] | None = None
    api_kind: ApiKind | None = None
    session_id: str | None = None
    machine_id: str | None = None
    client_request_id: str | None = None
    mode: str | None = None
    user_agent: str | None = None
    body_bytes: Annotated[int, Meta(ge=0)] | None = None
    policy: Policy | None = None
    constraints: Constraints | None = None
    shadow: ShadowContext | None = None

    def __post_init__(self) -> None:
        if (self.input is None) == (self.request is None):
            raise ValueError("`input`: give either it or a raw `request`, and not both")
        if self.request is not None and self.api_kind is None:
            raise ValueError("`api_kind`: a raw `request` needs it")


class ServedClassification(Classification, frozen=True, kw_only=True, gc=False):
    """The classification a decision was made from.

    `classifier_model` is who was asked (`model` or `model@variant`), None when nobody was.
    `cached`: a model's answer to an earlier or a concurrent request served this one.
    """

    classifier_model: str | None
    cached: bool


class DecideResponse(Struct, frozen=True, kw_only=True):
    """The answer: `decision`, or the `reason` why it is None.

    `classification` is None only where none was made: the time budget was over, or an internal error
    came in between. `cost_usd` is what classifying this
    request cost: 0 when nothing was called, None when unknown. `explanation` is there when it was
    asked for: every candidate of the route in table order.
    """

    decision: Decision | None
    reason: Reason | None
    classification: ServedClassification | None
    cost_usd: float | None
    shadow: dict[str, Any] | Literal["pending"] | None = None
    decision_id: str
    explanation: list[Considered] | UnsetType = UNSET


class LiveTableInfo(Struct, frozen=True, kw_only=True):
    """Which table is served."""

    version: str
    source: str
    published_at: str | None


class Health(Struct, frozen=True, kw_only=True):
    """The state of the shim; it answers in every state.

    `status` is `degraded` while there is no usable table or the newest could not be taken over;
    `table_problem` says which: `unpublished`, `source`, `taxonomy`, `empty`, `virtual`, `untrusted`,
    or `store`, `file` or `shim` where that cannot be read. It is also `degraded` while guesses stand in
    for `classifier`; `classifier_problem` says why: `local`, which cannot be loaded, or `endpoint`, left
    alone after it failed several times in a row.
    """

    status: Literal["ok", "degraded"]
    version: str
    authentication: Literal["bearer", "open"]
    table: LiveTableInfo | None
    table_problem: str | None
    classifier: str
    classifier_problem: ClassifierProblem | None
