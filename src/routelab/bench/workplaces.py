"""Where the lanes of a run work: with the model alone, in plain processes, or in containers."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from msgspec import Struct

from routelab.agents import Agent, DirectAgent
from routelab.bench.classifier_cases import ClassifierExecutor
from routelab.bench.decider_cases import DeciderExecutor
from routelab.bench.execution import LaneExecutor
from routelab.bench.leased import LeasedExecutor
from routelab.bench.plan import LanePlan
from routelab.bench.prepare import Material
from routelab.bench.stop import Stop
from routelab.classifier import is_local
from routelab.config import Config
from routelab.llm import EndpointClient
from routelab.records import ClassifierCase, DeciderCase, Run
from routelab.sandbox import ProcessSandbox, Sandbox
from routelab.sandbox.folders import sweep_folders
from routelab.settings import Settings
from routelab.store import Store

MakeExecutor = Callable[[LanePlan], LaneExecutor]


class Workplace(Struct, frozen=True, kw_only=True):
    """What the lanes of a run share; `client` and the proxy count into the same money limit."""

    run: Run
    material: Material
    config: Config
    settings: Settings
    store: Store
    client: EndpointClient
    stop: Stop


@asynccontextmanager
async def executors(place: Workplace) -> AsyncIterator[MakeExecutor]:
    """Makes a lane's executor; what all of them need stands while the block runs.

    Raises SandboxError where no engine answers, UserError where the local classifier cannot be read.
    """
    engine = place.run.snapshot.engine
    if engine.kind == "classifier":
        requests = {key: case for key, case in place.material.cases.items() if isinstance(case, ClassifierCase)}
        asking = ClassifierExecutor(requests, place.material.taxonomy, place.client, timeout_s=engine.timeout_s)
        inside = _local(requests) if any(map(is_local, place.run.snapshot.candidates)) else asking
        yield lambda lane: inside if is_local(lane.candidate) else asking
        return
    sweep_folders()
    if engine.sandbox == ProcessSandbox.name:
        agent = DirectAgent(place.client, max_steps=engine.max_steps or 1, max_case_cost_usd=engine.max_case_cost_usd)
        yield lambda _: _decider(place, agent, ProcessSandbox())
    else:
        async with _in_containers(place) as make:
            yield make


@asynccontextmanager
async def _in_containers(place: Workplace) -> AsyncIterator[MakeExecutor]:
    from routelab.bench.containers import containers  # needs the extra `docker`

    run, engine = place.run, place.run.snapshot.engine
    assert engine.image is not None
    async with containers(
        place.config, place.settings, place.client, agent=engine.agent, image=engine.image, run_id=run.id
    ) as ready:
        cap = place.config.limits.max_concurrency

        def make(lane: LanePlan) -> LaneExecutor:
            executor = _decider(place, ready.agent, ready.sandbox(lane.name))
            return LeasedExecutor(executor, place.store, place.stop, cap=cap, run_id=run.id, lane=lane.name)

        yield make


def _local(requests: Mapping[str, ClassifierCase]) -> LaneExecutor:
    from routelab.bench.local_cases import LocalExecutor  # needs the extra `local`
    from routelab.classifier.local import LocalClassifier

    return LocalExecutor(requests, LocalClassifier.load())


def _decider(place: Workplace, agent: Agent, sandbox: Sandbox) -> DeciderExecutor:
    tasks = {key: case for key, case in place.material.cases.items() if isinstance(case, DeciderCase)}
    timeout_s = place.run.snapshot.engine.timeout_s
    return DeciderExecutor(tasks, place.material.folder, agent, sandbox, run_id=place.run.id, timeout_s=timeout_s)
