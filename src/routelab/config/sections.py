"""What to measure, on what, and under which rules."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl, StrictBool, model_validator

from routelab.config.fields import AgentName, CandidateName, Positive, Section, Share, without_credentials


class PathsConfig(Section):
    """Folders, relative to the configuration file."""

    datasets: Path = Path("datasets")
    notebooks: Path = Path("notebooks")
    reports: Path = Path("reports")
    work: Path = Path(".routelab")


class StoreConfig(Section):
    """Where results and tables are kept: an SQLAlchemy URL, or None for a SQLite file in `work`.

    A URL with a password is refused here; it belongs into `ROUTELAB_STORE_URL`.
    """

    url: Annotated[str | None, AfterValidator(without_credentials)] = None


class EndpointConfig(Section):
    """The API where models are called.

    `billing_account` names who pays; a run against a real endpoint needs it. `timeout_s` bounds
    one call, `attempts` counts tries of one call, `max_connections` the calls at once.
    """

    kind: Literal["openai", "simulated"] = "openai"
    base_url: Annotated[HttpUrl, AfterValidator(without_credentials)] = HttpUrl("http://127.0.0.1:8808/v1")
    billing_account: str | None = None
    timeout_s: Positive = 120.0
    attempts: Annotated[int, Field(ge=1, le=10)] = 4
    max_connections: Annotated[int, Field(ge=1, le=1000)] = 100


class Price(Section):
    """List price in USD per million tokens, as read on a date; used where a call reports no cost."""

    input_per_million: Annotated[float, Field(ge=0)]
    output_per_million: Annotated[float, Field(ge=0)]
    as_of: date


class BenchConfig(Section):
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


class ClassifierConfig(BenchConfig):
    """The classifier's benchmark."""

    dataset: str = "classifier/v2"


class DeciderConfig(BenchConfig):
    """The decider's benchmark; `agent` is the program that works on the tasks.

    All but `direct` run inside containers; `direct` calls the model from routelab itself and uses
    the sandbox for its shell tool only. `stub` is a stand-in for tests.
    """

    dataset: str = "decider/v2"
    agent: AgentName = "kilo"


class SandboxConfig(Section):
    """Where agents and checks run: `docker` containers, or plain `process`es, which protect nothing.

    `memory_mb` and `disk_mb` (kept in memory, part of it), `cpus` and `pids` bound one container.
    `allow_real_models` lets real models run their commands as plain processes, with all the rights
    of this user; for machines that are thrown away afterwards.
    """

    kind: Literal["docker", "process"] = "docker"
    allow_real_models: StrictBool = False
    memory_mb: Annotated[int, Field(ge=64)] = 1536
    disk_mb: Annotated[int, Field(ge=16)] = 512
    cpus: Positive = 2.0
    pids: Annotated[int, Field(ge=16)] = 512


class LimitsConfig(Section):
    """Bounds of a run.

    `max_concurrency` counts lanes, and containers of the whole host; `max_cost_usd` is the run's
    money limit (None: none, allowed on a simulated endpoint only) and `max_case_cost_usd` that of
    one attempt (None: none); `timeout_s` caps the case's own (seconds);
    `infrastructure_attempts` counts tries of a case whose infrastructure failed.
    """

    max_concurrency: Annotated[int, Field(ge=1, le=100)] = 4
    max_cost_usd: Positive | None = None
    max_case_cost_usd: Positive | None = None
    timeout_s: Annotated[int, Field(ge=1, le=3600)] = 180
    max_steps: Annotated[int, Field(ge=1, le=200)] = 30
    infrastructure_attempts: Annotated[int, Field(ge=1, le=10)] = 5


class CapabilityConfig(Section):
    """What a model is known to support; what is left out is unknown, which is no proof.

    `context_length` in tokens; `input_modalities` beside text, such as `image`.
    """

    context_length: Annotated[int, Field(gt=0)] | None = None
    input_modalities: tuple[str, ...] | None = None


def _none_word(value: Any) -> Any:
    return None if value == "none" else value


class PolicyConfig(Section):
    """How results become a table and a classifier winner; `"none"` lifts the latency limit."""

    min_accuracy: Share = 0.75
    confidence: Annotated[float, Field(gt=0, lt=1)] = 0.9
    rule: Literal["proven", "point"] = "proven"
    switch_cost_factor: Annotated[float, Field(ge=1)] = 3.0
    best_accuracy_switch_threshold: Share = 0.05
    classifier_max_p95_latency_ms: Annotated[Positive | None, BeforeValidator(_none_word)] = 1000.0
