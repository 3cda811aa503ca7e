"""What a run needs before it starts: its material, bounds, and an endpoint that knows the candidates."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from routelab.classifier import check_local, is_local
from routelab.config import BenchConfig, Config
from routelab.datasets import Manifest, build_manifest, load_classifier, load_decider
from routelab.errors import DatasetError, UserError
from routelab.llm import EndpointClient, ListedModel, known_capabilities
from routelab.records import Capabilities, ClassifierCase, DeciderCase
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


class EndpointFacts(Struct, frozen=True):
    """What an endpoint says of itself: its version if it is simulated, and what its models can take."""

    version: str | None = None
    capabilities: Mapping[str, Capabilities] = {}


async def check_endpoint(kind: RunKind, config: Config, client: EndpointClient) -> EndpointFacts:
    """Make sure that the endpoint answers and knows the candidates.

    Nothing is asked when every candidate runs inside the process. Raises EndpointError when it does
    not answer as an endpoint, UserError for a candidate it does not list or whose variant it would ignore.
    """
    candidates = bench_config(kind, config).candidates
    if kind == "classifier":
        check_local(candidates)
        candidates = tuple(item for item in candidates if not is_local(item))
        if not candidates:
            return EndpointFacts()
    listed = await client.models()
    if listed is not None:
        unknown = [str(item) for item in candidates if item.model not in listed]
        if unknown:
            raise UserError(f"the endpoint does not list {', '.join(unknown)}; see {kind}.candidates")
        deaf = [str(item) for item in candidates if item.variant is not None and _ignores_effort(listed[item.model])]
        if deaf:
            raise UserError(f"the endpoint defines no reasoning effort for {', '.join(deaf)}; leave the variant out")
    return EndpointFacts(
        str((await client.simulation()).get("version")) if config.endpoint.kind == "simulated" else None,
        known_capabilities(config.capabilities, listed or {}),
    )


def _ignores_effort(model: ListedModel) -> bool:
    return model.parameters is not None and model.parameters.isdisjoint({"reasoning", "reasoning_effort"})


def check_request(kind: RunKind, config: Config) -> None:
    """Refuse what could not be run, or not be paid for, before anything is started; raises UserError."""
    if not bench_config(kind, config).candidates:
        raise UserError(f"there is nothing to measure: list models under {kind}.candidates")
    check_bounds(kind, config)


def check_bounds(kind: RunKind, config: Config) -> None:
    """Refuse a run whose cost or reach has no bound, or whose lanes would queue; raises UserError."""
    limits, endpoint = config.limits, config.endpoint
    if limits.max_concurrency > endpoint.max_connections:
        raise UserError(
            f"limits.max_concurrency ({limits.max_concurrency}) is above endpoint.max_connections "
            f"({endpoint.max_connections}): lanes would wait for each other and their models look slow"
        )
    if config.endpoint.kind == "simulated":
        return
    if kind == "decider" and config.sandbox.kind == "process" and not config.sandbox.allow_real_models:
        raise UserError(
            "in the process sandbox a real model's commands can read all that you can, the endpoint's key "
            'included: set sandbox.kind to "docker", or sandbox.allow_real_models where that is no harm'
        )
    if config.limits.max_cost_usd is None:
        raise UserError("a run on a real endpoint needs an upper bound: set limits.max_cost_usd")
    if not config.endpoint.billing_account:
        raise UserError("a run on a real endpoint needs to know who pays: set endpoint.billing_account")
