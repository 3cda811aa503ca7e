"""`routelab.toml`: what to measure, on what, under which rules, and how to serve it."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from routelab.errors import ConfigError
from routelab.records import Candidate
from routelab.settings import Settings


def _read_candidate(value: Any) -> Candidate:
    if isinstance(value, Candidate):
        return value
    if not isinstance(value, str):
        raise ValueError(f'write a candidate as "model" or "model@variant", not {value!r}')
    return Candidate.parse(value)


def _without_credentials(url: Any) -> Any:
    if urlsplit(str(url)).password is not None:
        raise ValueError("holds a password; secrets belong into the environment only")
    return url


CandidateName = Annotated[Candidate, BeforeValidator(_read_candidate), PlainSerializer(str)]
AgentName = Literal["kilo", "codex", "opencode", "claude-code", "mini-swe-agent", "direct", "stub"]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, allow_inf_nan=False)


class PathsConfig(_Section):
    """Folders, relative to the configuration file."""

    datasets: Path = Path("datasets")
    notebooks: Path = Path("notebooks")
    reports: Path = Path("reports")
    work: Path = Path(".routelab")


class StoreConfig(_Section):
    """Where results and tables are kept: an SQLAlchemy URL, or None for a SQLite file in `work`.

    A URL with a password is refused here; it belongs into `ROUTELAB_STORE_URL`.
    """

    url: Annotated[str | None, AfterValidator(_without_credentials)] = None


class EndpointConfig(_Section):
    """The API where models are called.

    `billing_account` names who pays; a run against a real endpoint needs it. `timeout_s` bounds
    one call, `attempts` counts tries of one call, `max_connections` the calls at once.
    """

    kind: Literal["openai", "simulated"] = "openai"
    base_url: Annotated[HttpUrl, AfterValidator(_without_credentials)] = HttpUrl("http://127.0.0.1:8808/v1")
    billing_account: str | None = None
    timeout_s: Positive = 120.0
    attempts: Annotated[int, Field(ge=1, le=10)] = 4
    max_connections: Annotated[int, Field(ge=1, le=1000)] = 100


class Price(_Section):
    """List price in USD per million tokens, as read on a date; used where a call reports no cost."""

    input_per_million: Annotated[float, Field(ge=0)]
    output_per_million: Annotated[float, Field(ge=0)]
    as_of: date


class BenchConfig(_Section):
    """One kind of benchmark: dataset and candidates."""

    dataset: str
    candidates: tuple[CandidateName, ...] = ()
    repetitions: Annotated[int, Field(ge=1, le=5)] = 1

    @model_validator(mode="after")
    def _no_candidate_twice(self) -> Self:
        seen = set()
        for candidate in self.candidates:
            if candidate in seen:
                raise ValueError(f"candidate {candidate} stands twice")
            seen.add(candidate)
        return self


class DeciderConfig(BenchConfig):
    """The decider's benchmark; `agent` is the program that works on the tasks.

    All but `direct` run inside containers; `direct` calls the model from routelab itself and uses
    the sandbox for its shell tool only. `stub` is a stand-in for tests.
    """

    agent: AgentName = "kilo"


class SandboxConfig(_Section):
    """Where agents and checks run: `docker` containers, or plain `process`es, which protect nothing.

    `memory_mb` and `disk_mb` (kept in memory, part of it), `cpus` and `pids` bound one container.
    """

    kind: Literal["docker", "process"] = "docker"
    memory_mb: Annotated[int, Field(ge=64)] = 1536
    disk_mb: Annotated[int, Field(ge=16)] = 512
    cpus: Positive = 2.0
    pids: Annotated[int, Field(ge=16)] = 512


class LimitsConfig(_Section):
    """Bounds of a run.

    `max_concurrency` counts lanes, and containers of the whole host; `max_cost_usd` is the run's
    money limit (None: none, allowed on a simulated endpoint only) and `max_case_cost_usd` that of
    one attempt in a container (None: none); `timeout_s` caps the case's own (seconds);
    `infrastructure_attempts` counts tries of a case whose infrastructure failed.
    """

    max_concurrency: Annotated[int, Field(ge=1, le=100)] = 4
    max_cost_usd: Positive | None = None
    max_case_cost_usd: Positive | None = None
    timeout_s: Annotated[int, Field(ge=1, le=3600)] = 180
    max_steps: Annotated[int, Field(ge=1, le=200)] = 30
    infrastructure_attempts: Annotated[int, Field(ge=1, le=10)] = 5


class CapabilityConfig(_Section):
    """What a model is known to support; what is left out is unknown, which is no proof.

    `context_length` in tokens; `input_modalities` beside text, such as `image`.
    """

    context_length: Annotated[int, Field(gt=0)] | None = None
    input_modalities: tuple[str, ...] | None = None


def _none_word(value: Any) -> Any:
    return None if value == "none" else value


class PolicyConfig(_Section):
    """How results become a table and a classifier winner; `"none"` lifts the latency limit."""

    min_accuracy: Share = 0.75
    confidence: Annotated[float, Field(gt=0, lt=1)] = 0.9
    rule: Literal["proven", "point"] = "proven"
    switch_cost_factor: Annotated[float, Field(ge=1)] = 3.0
    best_accuracy_switch_threshold: Share = 0.05
    classifier_max_p95_latency_ms: Annotated[Positive | None, BeforeValidator(_none_word)] = 1000.0


class TableConfig(_Section):
    """Where the shim's tables come from: a `file`, another shim at `url`, or the store where both are None.

    `max_age_s` bounds how far the live table is behind. `virtual_prefixes`: how the ids begin that a
    gateway resolves by asking the shim; they never stand in a table.
    """

    file: Path | None = None
    url: Annotated[HttpUrl | None, AfterValidator(_without_credentials)] = None
    max_age_s: Positive = 60.0
    virtual_prefixes: tuple[Annotated[str, Field(min_length=1)], ...] = ("routelab/",)

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.file is not None and self.url is not None:
            raise ValueError("name a file or a url, not both")
        return self


class SessionsConfig(_Section):
    """Where the shim remembers conversations.

    `store`: `memory`, `sqlite:///FILE`, or Redis or Valkey at `redis://`, `rediss://` or `unix://`; a
    URL with a password belongs into `ROUTELAB_SESSIONS_URL`. What a process knows itself is trusted
    for `trust_s` seconds before a shared store is asked again, for at most `deadline_ms`.
    """

    store: Annotated[str, AfterValidator(_without_credentials)] = "memory"
    trust_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 5.0
    deadline_ms: Positive = 50.0


class RateLimitConfig(_Section):
    """How often each key may ask: `burst` requests at once, `per_second` in the long run."""

    per_second: Positive
    burst: Annotated[int, Field(ge=1)]


class DecisionLogConfig(_Section):
    """The log of decisions: `format` None keeps none.

    `folder` (None: `decisions` in `work`) takes the files. `sample_rate` is the share kept of plain
    successes. `keep_prompts`: prompts are written too, without what looks like a secret.
    """

    format: Literal["sqlite", "parquet"] | None = None
    folder: Path | None = None
    sample_rate: Share = 1.0
    keep_prompts: bool = False


class MorphConfig(_Section):
    """Morph's router as a shadow: `model_ids` maps our ids to its own; `experiments` are ids it is never told."""

    base_url: Annotated[HttpUrl, AfterValidator(_without_credentials)] = HttpUrl("https://api.morphllm.com")
    model_ids: dict[str, str] = {}
    experiments: tuple[str, ...] = ()


class ShadowConfig(_Section):
    """Routers asked beside ours, whose answers are only logged; none while `enabled` is off.

    `morph` None: it is not asked. `table`: a version of the table to compare with; None: none.
    """

    enabled: bool = False
    morph: MorphConfig | None = None
    table: str | None = None


class ServeConfig(_Section):
    """The shim.

    `sources` are the table sources it may serve; anything but `benchmark` must be named here.
    `classifier` overrides the published winner, `default_classifier` stands in while there is none
    (None: the local classifier does). With `cascade_threshold` the local classifier is asked first,
    and another one only where its confidence is lower. `budget_ms` bounds one decision.
    `allowed_hosts`: the names requests may be addressed to, `*.example.org` for a whole domain;
    empty: any. `rate_limit` None: none.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8800
    sources: tuple[Literal["benchmark", "imported", "simulated"], ...] = ("benchmark",)
    classifier: CandidateName | None = None
    default_classifier: CandidateName | None = None
    cascade_threshold: Share | None = None
    max_conversations: Annotated[int, Field(ge=1)] = 100_000
    budget_ms: Annotated[int, Field(ge=10)] = 1500
    allowed_hosts: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    metrics: bool = False
    rate_limit: RateLimitConfig | None = None
    table: TableConfig = TableConfig()
    sessions: SessionsConfig = SessionsConfig()
    decision_log: DecisionLogConfig = DecisionLogConfig()
    shadow: ShadowConfig = ShadowConfig()


class Config(_Section):
    """The whole configuration. `root` is the folder of the file, against which paths are read."""

    root: Path = Field(default=Path(), exclude=True)
    taxonomy: str = "taxonomy/v1"
    paths: PathsConfig = PathsConfig()
    store: StoreConfig = StoreConfig()
    endpoint: EndpointConfig = EndpointConfig()
    classifier: BenchConfig = BenchConfig(dataset="classifier/v2")
    decider: DeciderConfig = DeciderConfig(dataset="decider/v2")
    sandbox: SandboxConfig = SandboxConfig()
    limits: LimitsConfig = LimitsConfig()
    policy: PolicyConfig = PolicyConfig()
    serve: ServeConfig = ServeConfig()
    prices: dict[str, Price] = {}
    capabilities: dict[str, CapabilityConfig] = {}

    @model_validator(mode="after")
    def _agents_are_locked_in(self) -> Self:
        if self.sandbox.kind == "process" and self.decider.agent != "direct":
            raise ValueError(f'decider.agent "{self.decider.agent}" runs in containers: set sandbox.kind to "docker"')
        return self

    def dataset_path(self, name: str) -> Path:
        """The folder of a dataset such as `decider/v1`."""
        return self.root / self.paths.datasets / name

    @property
    def taxonomy_path(self) -> Path:
        """The taxonomy file."""
        return self.dataset_path(self.taxonomy) / "taxonomy.json"

    @property
    def work_path(self) -> Path:
        """The folder for the default store and for files of runs."""
        return self.root / self.paths.work

    @property
    def decisions_path(self) -> Path:
        """The folder of the decision log."""
        return self.root / (self.serve.decision_log.folder or self.work_path / "decisions")

    @property
    def reports_path(self) -> Path:
        """The folder for rendered reports."""
        return self.root / self.paths.reports

    @property
    def notebooks_path(self) -> Path:
        """The folder of the notebooks."""
        return self.root / self.paths.notebooks


def configured(settings: Settings, path: Path | None = None) -> Config:
    """The configuration at `path` (None: where the environment says) with the environment's overrides.

    Raises ConfigError as `load_config` does.
    """
    config = load_config(path or settings.config)
    if settings.endpoint_url is None:
        return config
    given = config.model_dump()
    given["endpoint"]["base_url"] = settings.endpoint_url
    return parse_config(given, root=config.root, origin="ROUTELAB_ENDPOINT_URL")


def store_url(config: Config, settings: Settings) -> str:
    """The SQLAlchemy URL of the store: the environment's, else the configured, else SQLite in `work`.

    It may hold a password, so it is kept out of the configuration that runs freeze.
    """
    if settings.store_url is not None:
        return settings.store_url.get_secret_value()
    return config.store.url or f"sqlite:///{config.work_path / 'routelab.db'}"


def sessions_url(config: Config, settings: Settings) -> str:
    """Where the shim remembers conversations: what the environment says, else what is configured."""
    if settings.sessions_url is not None:
        return settings.sessions_url.get_secret_value()
    return config.serve.sessions.store


def load_config(path: Path) -> Config:
    """Read a configuration file.

    Raises ConfigError with one sentence that names the file, the key and what is wrong.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"there is no configuration file {path}; name one with --config") from error
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    return parse_config(given, root=path.resolve().parent, origin=str(path))


def parse_config(given: dict[str, Any], *, root: Path, origin: str = "the configuration") -> Config:
    """Check a configuration that was read already; `origin` names it in errors."""
    if "root" in given:
        raise ConfigError(f"{origin}: root: is where the file lies and cannot be set")
    try:
        return Config.model_validate({**given, "root": root})
    except ValidationError as error:
        raise ConfigError(f"{origin}: {_sentence(error)}") from error


def _sentence(error: ValidationError) -> str:
    faults = []
    for fault in error.errors(include_url=False, include_context=False):
        where = ".".join(str(part) for part in fault["loc"]) or "file"
        faults.append(f"{where}: {fault['msg'].removeprefix('Value error, ')}")
    return "; ".join(faults)
