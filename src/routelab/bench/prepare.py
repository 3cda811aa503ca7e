"""What a run needs before it starts: its material, its frozen snapshot, and a check of the endpoint."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from routelab.agents import EMPTY_RETRIES, FINAL_ANSWER_SUFFIX
from routelab.bench.equipment import Equipment
from routelab.classifier import PROMPT_VERSION, check_local, is_local
from routelab.config import BenchConfig, Config
from routelab.datasets import Manifest, build_manifest, load_classifier, load_decider
from routelab.errors import DatasetError, UserError
from routelab.grading import GRADING_VERSION
from routelab.llm import EndpointClient, ListedModel
from routelab.records import ClassifierCase, DeciderCase, Engine, Run, Snapshot
from routelab.records.runs import RunKind
from routelab.taxonomy import Taxonomy, load_taxonomy


class Material(Struct, frozen=True, kw_only=True):
    """Dataset and taxonomy of a run. `routes` gives each case's route, in file order."""

    folder: Path
    name: str
    sha256: str
    cases: Mapping[str, ClassifierCase | DeciderCase]
    routes: Mapping[str, str]
    taxonomy: Taxonomy
    taxonomy_sha256: str


def load_material(kind: RunKind, config: Config) -> Material:
    """Read the dataset and taxonomy a kind of benchmark is configured with; raises DatasetError."""
    taxonomy = load_taxonomy(config.taxonomy_path)
    folder = config.dataset_path(bench_config(kind, config).dataset)
    dataset = load_classifier(folder) if kind == "classifier" else load_decider(folder)
    if dataset.manifest.name != kind:
        raise DatasetError(f"{folder} is a {dataset.manifest.name} dataset; {kind}.dataset must name another")
    _check_seal(folder, dataset.manifest)
    routes = {case.id: case.route if isinstance(case, DeciderCase) else case.expected.route for case in dataset.cases}
    for case_id, route in routes.items():
        if route not in taxonomy.routes:
            raise DatasetError(f"{folder / 'cases.jsonl'}: case {case_id}: route {route!r} is not in the taxonomy")
    return Material(
        folder=folder,
        name=dataset.name,
        sha256=dataset.manifest.sha256,
        cases={case.id: case for case in dataset.cases},
        routes=routes,
        taxonomy=taxonomy,
        taxonomy_sha256=hashlib.sha256(config.taxonomy_path.read_bytes()).hexdigest(),
    )


def _check_seal(folder: Path, manifest: Manifest) -> None:
    """A run's results belong to exactly these files: the manifest's word for them is not enough."""
    actual = build_manifest(folder, taxonomy_version=manifest.taxonomy_version)
    if actual.sha256 != manifest.sha256:
        raise DatasetError(
            f"{folder} is not what its manifest says; `routelab datasets validate {folder}` names the files "
            "that differ; undo the edit, or make a new version"
        )


def bench_config(kind: RunKind, config: Config) -> BenchConfig:
    """The section of the configuration for a kind of benchmark."""
    return config.classifier if kind == "classifier" else config.decider


def sample_cases(material: Material, per_route: int) -> tuple[str, ...]:
    """`per_route` cases of every route, in file order, the difficulties in proportion."""
    strata: defaultdict[tuple[str, str | None], list[str]] = defaultdict(list)
    for case_id, case in material.cases.items():
        difficulty = case.difficulty if isinstance(case, DeciderCase) else None
        strata[material.routes[case_id], difficulty].append(case_id)
    queues: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for (route, _), members in strata.items():
        # Members stand evenly spaced, so that every head of the queue has the strata in proportion.
        queues[route] += [((place + 0.5) / len(members), case_id) for place, case_id in enumerate(members)]
    taken = {case_id for queue in queues.values() for _, case_id in sorted(queue)[:per_route]}
    return tuple(case_id for case_id in material.cases if case_id in taken)


def check_inside(kind: RunKind, config: Config, material: Material) -> None:
    """Make sure that the local classifier, where it is a candidate, answers with what this taxonomy knows.

    Raises UserError.
    """
    if kind == "classifier" and any(map(is_local, config.classifier.candidates)):
        from routelab.classifier.local import LocalClassifier  # needs the extra `local`

        LocalClassifier.load().require(material.taxonomy)


async def check_endpoint(kind: RunKind, config: Config, client: EndpointClient) -> str | None:
    """Make sure that the endpoint answers and knows the candidates; its version if it is simulated.

    Nothing is asked when every candidate runs inside the process. Raises EndpointError when it does
    not answer as an endpoint, UserError for a candidate it does not list or whose variant it would ignore.
    """
    candidates = bench_config(kind, config).candidates
    if kind == "classifier":
        check_local(candidates)
        candidates = tuple(item for item in candidates if not is_local(item))
        if not candidates:
            return None
    listed = await client.models()
    if listed is not None:
        unknown = [str(item) for item in candidates if item.model not in listed]
        if unknown:
            raise UserError(f"the endpoint does not list {', '.join(unknown)}; see {kind}.candidates")
        deaf = [str(item) for item in candidates if item.variant is not None and _ignores_effort(listed[item.model])]
        if deaf:
            raise UserError(f"the endpoint defines no reasoning effort for {', '.join(deaf)}; leave the variant out")
    if config.endpoint.kind != "simulated":
        return None
    return str((await client.simulation()).get("version"))


def _ignores_effort(model: ListedModel) -> bool:
    return model.parameters is not None and model.parameters.isdisjoint({"reasoning", "reasoning_effort"})


def check_request(kind: RunKind, config: Config) -> None:
    """Refuse what could not be run, or not be paid for, before anything is started; raises UserError."""
    if not bench_config(kind, config).candidates:
        raise UserError(f"there is nothing to measure: list models under {kind}.candidates")
    check_bounds(config)


def check_bounds(config: Config) -> None:
    """Refuse a run whose cost has no upper bound or whose lanes would queue; raises UserError."""
    limits, endpoint = config.limits, config.endpoint
    if limits.max_concurrency > endpoint.max_connections:
        raise UserError(
            f"limits.max_concurrency ({limits.max_concurrency}) is above endpoint.max_connections "
            f"({endpoint.max_connections}): lanes would wait for each other and their models look slow"
        )
    if config.endpoint.kind == "simulated":
        return
    if config.limits.max_cost_usd is None:
        raise UserError("a run on a real endpoint needs an upper bound: set limits.max_cost_usd")
    if not config.endpoint.billing_account:
        raise UserError("a run on a real endpoint needs to know who pays: set endpoint.billing_account")


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
    then = (engine.agent, engine.agent_version, engine.sandbox, engine.image_digest)
    if then != (equipment.agent, equipment.agent_version, equipment.sandbox, equipment.image):
        raise UserError(f"the agent or its image has changed since run {run.id} was started; start a new run")


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
    bench, limits, policy = bench_config(kind, config), config.limits, config.policy
    decider = equipment is not None
    equipped = equipment or Equipment(agent="classifier", agent_version="1", sandbox="none", image=None)
    engine = Engine(
        kind=kind,
        agent=equipped.agent,
        agent_version=equipped.agent_version,
        sandbox=equipped.sandbox,
        image_digest=equipped.image,
        suffix=FINAL_ANSWER_SUFFIX if decider else None,
        empty_retries=EMPTY_RETRIES if decider else 0,
        max_steps=limits.max_steps if decider else None,
        timeout_s=limits.timeout_s,
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
    return Snapshot(
        engine=engine,
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
