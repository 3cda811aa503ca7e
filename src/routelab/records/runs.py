"""A run: one benchmark execution with the frozen snapshot of its configuration."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from routelab.records.models import Candidate
from routelab.records.tables import Rule, Source

RunKind = Literal["classifier", "decider"]
RunStatus = Literal["running", "interrupted", "completed"]


class Engine(Struct, frozen=True, kw_only=True):
    """Everything beside the candidate that an outcome depends on; its hash is the engine identity.

    `image` is the tag of the agent's image, which names the content of its recipe; `memory_mb`,
    `disk_mb`, `cpus` and `pids` bound its container. None: there is no such thing or bound.
    """

    kind: RunKind
    agent: str
    agent_version: str
    sandbox: str
    image: str | None
    memory_mb: int | None
    disk_mb: int | None
    cpus: float | None
    pids: int | None
    suffix: str | None
    empty_retries: int
    max_steps: int | None
    timeout_s: int
    max_case_cost_usd: float | None
    dataset: str
    dataset_sha256: str
    case_ids: tuple[str, ...] | None
    taxonomy_sha256: str
    prompt_version: str | None
    grading_version: str
    endpoint: str
    endpoint_version: str | None


class Snapshot(Struct, frozen=True, kw_only=True):
    """The configuration a run was started with; processing and publishing read only this.

    `case_ids` None in the engine means the whole dataset; a sample names its cases. `config` is the
    configuration file's content as checked, with what the endpoint's list adds to the capabilities of
    the candidates' models.
    """

    engine: Engine
    source: Source
    candidates: tuple[Candidate, ...]
    repetitions: int
    max_concurrency: int
    max_cost_usd: float | None
    billing_account: str | None
    infrastructure_attempts: int
    min_accuracy: float
    confidence: float
    rule: Rule
    switch_cost_factor: float
    best_accuracy_switch_threshold: float
    classifier_max_p95_latency_ms: float | None
    taxonomy_version: str
    routes: tuple[str, ...]
    config: dict[str, Any]


class Owner(Struct, frozen=True):
    """The process that drives a run."""

    host: str
    pid: int


class Run(Struct, frozen=True, kw_only=True):
    """One run. `owner` and `heartbeat_at` tell whether its process lives; `stop_reason` why it stopped."""

    id: str
    kind: RunKind
    status: RunStatus
    engine_identity: str
    snapshot: Snapshot
    created_at: datetime
    ended_at: datetime | None = None
    stop_reason: str | None = None
    owner: Owner | None = None
    heartbeat_at: datetime | None = None


class RunCandidate(Struct, frozen=True):
    """A candidate of a run: measured (`carried_from` None), or carried from an earlier run."""

    candidate: Candidate
    carried_from: str | None = None


class LaneFailure(Struct, frozen=True, kw_only=True):
    """A lane that died; its finished cases stay."""

    run_id: str
    candidate: Candidate
    repetition: int
    shard: int
    message: str
    at: datetime


class ClassifierWinner(Struct, frozen=True, kw_only=True):
    """The published classifier and what it was measured at."""

    run_id: str
    candidate: Candidate
    accuracy: float | None
    avg_cost_usd: float | None
    p95_latency_ms: float | None
    source: Source
    published_at: datetime
