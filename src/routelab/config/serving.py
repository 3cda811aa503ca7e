"""How to serve it: the shim's sections."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, HttpUrl, StrictBool, model_validator

from routelab.config.fields import CandidateName, Positive, Section, Share, without_credentials

_HOST = re.compile(r"(\*\.)?[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")


def _host_name(name: str) -> str:
    if _HOST.fullmatch(name) is None:
        raise ValueError(f"{name!r} is no host alone, such as shim.example.org, *.example.org or [::1]")
    return name


class TableConfig(Section):
    """Where the shim's tables come from: a `file`, another shim at `url`, or the store where both are None.

    `max_age_s` bounds how far the live table is behind. `virtual_prefixes`: how the ids begin that a
    gateway resolves by asking the shim; they never stand in a table.
    """

    file: Path | None = None
    url: Annotated[HttpUrl | None, AfterValidator(without_credentials)] = None
    max_age_s: Positive = 60.0
    virtual_prefixes: tuple[Annotated[str, Field(min_length=1)], ...] = ("routelab/",)

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.file is not None and self.url is not None:
            raise ValueError("name a file or a url, not both")
        return self


class SessionsConfig(Section):
    """Where the shim remembers conversations.

    `store`: `memory`, `sqlite:///FILE`, or Redis or Valkey at `redis://`, `rediss://` or `unix://`; a
    URL with a password belongs into `ROUTELAB_SESSIONS_URL`. What a process knows itself is trusted
    for `trust_s` seconds after a shared store was asked, and no model is paid to classify before it is
    asked again, for at most `deadline_ms` and never longer than a quarter of the time budget.
    """

    store: Annotated[str, AfterValidator(without_credentials)] = "memory"
    trust_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 5.0
    deadline_ms: Positive = 50.0


class RateLimitConfig(Section):
    """How often each key may ask: `burst` requests at once, `per_second` in the long run.

    All that a key opens counts together: decisions, tables, metrics, the page, a reload. Without keys
    everyone asks as one. Health and the API's description need no key and have no limit.
    """

    per_second: Positive
    burst: Annotated[int, Field(ge=1)]


class DecisionLogConfig(Section):
    """The log of decisions: `format` None keeps none.

    `folder` (None: `decisions` in `work`) takes the files. Those of days that are over for more than
    `retention_days` are removed (None: all are kept). `sample_rate` is the share kept of plain
    successes. `keep_prompts`: prompts are written too, without what looks like a secret.
    """

    format: Literal["sqlite", "parquet"] | None = None
    folder: Path | None = None
    retention_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    sample_rate: Share = 1.0
    keep_prompts: StrictBool = False


class MorphConfig(Section):
    """Morph's router as a shadow.

    `model_ids` maps our ids to its own. Nothing is sent of a request that names one of `experiments`.
    """

    base_url: Annotated[HttpUrl, AfterValidator(without_credentials)] = HttpUrl("https://api.morphllm.com")
    model_ids: dict[str, str] = Field(default_factory=dict)
    experiments: tuple[CandidateName, ...] = ()


class ShadowConfig(Section):
    """Routers asked beside ours, whose answers are only logged; none while `enabled` is off.

    `morph` None: it is not asked. `table`: a version of the table to compare with; None: none.
    """

    enabled: StrictBool = False
    morph: MorphConfig | None = None
    table: str | None = None


class ServeConfig(Section):
    """The shim.

    `sources` are the table sources it may serve; anything but `benchmark` must be named here.
    `classifier` overrides the published winner, `default_classifier` stands in while there is none
    (None: the local classifier does). With `cascade_threshold` the local classifier is asked first,
    and another one only where its confidence is lower. `budget_ms` bounds one decision.
    `allowed_hosts`: the names requests may be addressed to, `*.example.org` for a whole domain;
    empty: any. `rate_limit` None: none. `catalogue`: what `[capabilities]` leaves out, the endpoint that
    the file names is asked for. `metrics` and `page` (for people, at `/`) are off by default.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8800
    sources: tuple[Literal["benchmark", "imported", "simulated"], ...] = ("benchmark",)
    classifier: CandidateName | None = None
    default_classifier: CandidateName | None = None
    cascade_threshold: Share | None = None
    max_conversations: Annotated[int, Field(ge=1)] = 100_000
    budget_ms: Annotated[int, Field(ge=10)] = 1500
    allowed_hosts: tuple[Annotated[str, AfterValidator(_host_name)], ...] = ()
    catalogue: bool = True
    metrics: bool = False
    page: bool = False
    rate_limit: RateLimitConfig | None = None
    table: TableConfig = TableConfig()
    sessions: SessionsConfig = SessionsConfig()
    decision_log: DecisionLogConfig = DecisionLogConfig()
    shadow: ShadowConfig = ShadowConfig()
