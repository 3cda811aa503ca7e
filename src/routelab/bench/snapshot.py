"""What a run freezes when it starts, and holds on to when it is resumed."""

import json
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import asdict

from routelab.agents import EMPTY_RETRIES, FINAL_ANSWER_SUFFIX
from routelab.bench.equipment import Equipment
from routelab.bench.prepare import Material, bench_config
from routelab.classifier import PROMPT_VERSION
from routelab.config import CapabilityConfig, Config
from routelab.errors import UserError
from routelab.grading import GRADING_VERSION
from routelab.records import Capabilities, Engine, Run, Snapshot
from routelab.records.runs import RunKind


def with_capabilities(config: Config, known: Mapping[str, Capabilities], models: Iterable[str]) -> Config:
    """The configuration with what is known of what these models can take, for their agents to be told."""
    told = {
        model: CapabilityConfig(context_length=said.context_length, input_modalities=said.input_modalities)
        for model in set(models)
        if (said := known.get(model)) is not None
    }
    return config.model_copy(update={"capabilities": config.capabilities | told})


def freeze(
    kind: RunKind,
    config: Config,
    material: Material,
    *,
    equipment: Equipment | None,
    endpoint_version: str | None,
    case_ids: Sequence[str] | None,
) -> Snapshot:
    """The snapshot of a run that starts now.

    `equipment` is what decider cases are executed with (None: a classifier run); `case_ids` None
    means the whole dataset.
    """
    limits, policy = config.limits, config.policy
    bench = bench_config(kind, config)
    return Snapshot(
        engine=_engine(config, material, equipment, endpoint_version, case_ids),
        source="simulated" if config.endpoint.kind == "simulated" else "benchmark",
        candidates=bench.candidates,
        repetitions=bench.repetitions,
        max_concurrency=limits.max_concurrency,
        max_cost_usd=limits.max_cost_usd,
        billing_account=config.endpoint.billing_account,
        infrastructure_attempts=limits.infrastructure_attempts,
        min_accuracy=policy.min_accuracy,
        confidence=policy.confidence,
        rule=policy.rule,
        switch_cost_factor=policy.switch_cost_factor,
        best_accuracy_switch_threshold=policy.best_accuracy_switch_threshold,
        classifier_max_p95_latency_ms=policy.classifier_max_p95_latency_ms,
        taxonomy_version=material.taxonomy.version,
        routes=material.taxonomy.routes,
        config=json.loads(config.model_dump_json(exclude={"store"})),
    )


def _engine(
    config: Config,
    material: Material,
    equipment: Equipment | None,
    endpoint_version: str | None,
    case_ids: Sequence[str] | None,
) -> Engine:
    limits, decider = config.limits, equipment is not None
    return Engine(
        kind="decider" if decider else "classifier",
        **asdict(equipment or Equipment(agent="classifier", agent_version="1", sandbox="none")),
        suffix=FINAL_ANSWER_SUFFIX if decider else None,
        empty_retries=EMPTY_RETRIES if decider else 0,
        max_steps=limits.max_steps if decider else None,
        timeout_s=limits.timeout_s,
        max_case_cost_usd=limits.max_case_cost_usd if decider else None,
        dataset=material.name,
        dataset_sha256=material.sha256,
        case_ids=None if case_ids is None else tuple(case_ids),
        taxonomy_sha256=material.taxonomy_sha256,
        prompt_version=None if decider else PROMPT_VERSION,
        grading_version=GRADING_VERSION,
        # A simulated endpoint is told by its version: its port says nothing.
        endpoint="simulated" if endpoint_version else str(config.endpoint.base_url),
        endpoint_version=endpoint_version,
    )


def resumed(frozen: Config, now: Config) -> Config:
    """The configuration a run goes on with: as `frozen` when it started, but for what does not touch outcomes.

    Read anew are the limits of money and concurrency, where folders lie, where the endpoint answers, and
    prices of models that had none, without which a bounded run could not go on.
    """
    limits = {"max_cost_usd": now.limits.max_cost_usd, "max_concurrency": now.limits.max_concurrency}
    endpoint = {"base_url": now.endpoint.base_url, "max_connections": now.endpoint.max_connections}
    return frozen.model_copy(
        update={
            "paths": now.paths,
            "prices": {**now.prices, **frozen.prices},
            "limits": frozen.limits.model_copy(update=limits),
            "endpoint": frozen.endpoint.model_copy(update=endpoint),
        }
    )


def check_same_endpoint(run: Run, frozen: Config, config: Config) -> None:
    """Refuse to resume a run on another endpoint than it was started on, or at another's expense.

    A simulated endpoint may move: it is told by its version. Raises UserError.
    """
    then, now = frozen.endpoint, config.endpoint
    moved = then.kind == "openai" and then.base_url != now.base_url
    if then.kind != now.kind or moved:
        raise UserError(
            f"run {run.id} was started on the {then.kind} endpoint {then.base_url}, "
            f"but the configuration names the {now.kind} endpoint {now.base_url}"
        )
    if then.kind == "openai" and then.billing_account != now.billing_account:
        raise UserError(
            f"run {run.id} is billed to {then.billing_account}, but the configuration names {now.billing_account}"
        )


def check_same_equipment(run: Run, equipment: Equipment) -> None:
    """Refuse to resume a run with another agent or image than it was started with; raises UserError."""
    engine = run.snapshot.engine
    then = (engine.agent, engine.agent_version, engine.sandbox, engine.image)
    if then != (equipment.agent, equipment.agent_version, equipment.sandbox, equipment.image):
        raise UserError(f"the agent or its image has changed since run {run.id} was started; start a new run")
