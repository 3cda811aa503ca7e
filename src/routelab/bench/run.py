"""Starting, driving, resuming and completing runs."""

import asyncio
import contextlib
import secrets
import traceback
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from functools import partial

import structlog
from msgspec import Struct

from routelab.bench.equipment import equip
from routelab.bench.execution import LaneExecutor
from routelab.bench.identity import engine_identity
from routelab.bench.lane import LaneContext, run_lane
from routelab.bench.outcomes import failures_by_cell, finished_cells
from routelab.bench.plan import LanePlan, plan_lanes
from routelab.bench.prepare import (
    Material,
    bench_config,
    check_bounds,
    check_endpoint,
    check_inside,
    check_request,
    load_material,
    sample_cases,
)
from routelab.bench.results import carried_from, complete
from routelab.bench.snapshot import check_same_endpoint, check_same_equipment, freeze, resumed, with_capabilities
from routelab.bench.stop import Stop
from routelab.bench.streams import keep_stream, run_folder
from routelab.bench.workplaces import Workplace, executors
from routelab.bench.writer import AttemptWriter
from routelab.config import Config, parse_config
from routelab.errors import RoutelabError, StoreError, UserError
from routelab.llm import EndpointClient, MoneyLimit
from routelab.records import Attempt, LaneFailure, Run, RunCandidate
from routelab.records.runs import RunKind
from routelab.settings import Settings
from routelab.store import Store
from routelab.store.ownership import HEARTBEAT_S

_log = structlog.get_logger(__name__)


class Progress(Struct, frozen=True):
    """How far a run is: cells finished of all it measures, and the attempt that was just committed."""

    run_id: str
    done: int
    total: int
    attempt: Attempt | None = None


OnProgress = Callable[[Progress], None]


class Bench:
    """Runs benchmarks of one configuration into one store.

    `make_client` makes the endpoint client (None: over the network); a benchmark of routelab
    itself hands in one whose endpoint lives inside the process.
    """

    def __init__(
        self,
        config: Config,
        settings: Settings,
        store: Store,
        *,
        make_client: Callable[[Config, Settings, MoneyLimit], EndpointClient] | None = None,
    ) -> None:
        self.config = config
        self.settings = settings
        self.store = store
        self._make_client = make_client or _client

    async def start(
        self,
        kind: RunKind,
        *,
        per_route: int | None = None,
        force: bool = False,
        on_progress: OnProgress | None = None,
    ) -> Run:
        """Measure the configured candidates in a new run and return it as it ended.

        `per_route` takes only the first so many cases of every route; `force` measures candidates
        again that an identical run has measured. Raises UserError, DatasetError, EndpointError or
        StoreError before anything is paid for.
        """
        check_request(kind, self.config)
        material = load_material(kind, self.config)
        case_ids = None if per_route is None else sample_cases(material, per_route)
        async with self._make_client(self.config, self.settings, MoneyLimit(None)) as client:
            facts = await check_endpoint(kind, self.config, client)
        check_inside(kind, self.config, material)
        models = (item.model for item in bench_config(kind, self.config).candidates)
        config = with_capabilities(self.config, facts.capabilities, models)
        equipment = await equip(config) if kind == "decider" else None
        snapshot = freeze(
            kind, config, material, equipment=equipment, endpoint_version=facts.version, case_ids=case_ids
        )
        identity = engine_identity(snapshot.engine)
        carried = {} if force else carried_from(self.store, identity, snapshot)
        now = datetime.now(UTC)
        run = Run(
            id=f"{kind}-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
            kind=kind,
            status="running",
            engine_identity=identity,
            snapshot=snapshot,
            created_at=now,
        )
        candidates = [RunCandidate(item, carried.get(item)) for item in snapshot.candidates]
        measured = [item.candidate for item in candidates if item.carried_from is None]
        plan_lanes(
            measured,
            case_ids or tuple(material.cases),
            repetitions=snapshot.repetitions,
            max_concurrency=snapshot.max_concurrency,
        )
        self.store.runs.create(run, candidates)
        return await self._drive(run, config, material, on_progress)

    async def resume(self, run_id: str, *, on_progress: OnProgress | None = None) -> Run:
        """Finish an interrupted run: only the cells without a row are executed.

        The limits of money and concurrency are read anew from the configuration, so that a run that
        stopped at its money limit can go on under a higher one; whatever touches outcomes is the
        snapshot's.
        Raises UserError when the run cannot be resumed, or its dataset has changed.
        """
        run = self.store.runs.get(run_id)
        frozen = parse_config(run.snapshot.config, root=self.config.root, origin=f"the snapshot of run {run_id}")
        check_same_endpoint(run, frozen, self.config)
        config = resumed(frozen, self.config)
        check_bounds(run.kind, config)
        material = load_material(run.kind, config)
        if material.sha256 != run.snapshot.engine.dataset_sha256:
            raise UserError(f"{material.name} has changed since run {run_id} was started; start a new run")
        if material.taxonomy_sha256 != run.snapshot.engine.taxonomy_sha256:
            raise UserError(f"the taxonomy has changed since run {run_id} was started; start a new run")
        check_inside(run.kind, config, material)
        async with self._make_client(config, self.settings, MoneyLimit(None)) as client:
            facts = await check_endpoint(run.kind, config, client)
        if facts.version != run.snapshot.engine.endpoint_version:
            raise UserError(f"the simulated endpoint has changed since run {run_id} was started; start a new run")
        if run.kind == "decider":
            check_same_equipment(run, await equip(config))
        return await self._drive(self.store.runs.claim(run_id), config, material, on_progress)

    async def _drive(self, run: Run, config: Config, material: Material, on_progress: OnProgress | None) -> Run:
        stop = Stop()
        try:
            async with _heartbeat(self.store, run.id, stop):
                failed = await self._measure(run, config, material, stop, on_progress)
        except BaseException as error:
            reason = self.settings.redact(str(error)) if isinstance(error, RoutelabError) else "it was stopped"
            with contextlib.suppress(StoreError):  # what stopped the run matters more
                self.store.runs.end(run.id, "interrupted", reason=reason)
            raise
        if stop.reason is None and failed:
            stop.ask(f"{failed} lanes failed; `routelab runs resume {run.id}` gives them a fresh start")
        if stop.reason is not None:
            self.store.runs.end(run.id, "interrupted", reason=stop.reason)
        else:
            complete(self.store, run)
        return self.store.runs.get(run.id)

    async def _measure(
        self, run: Run, config: Config, material: Material, stop: Stop, on_progress: OnProgress | None
    ) -> int:
        """Run all lanes that have something left; how many of them failed."""
        snapshot = run.snapshot
        attempts = self.store.results.attempts(run.id)
        done = finished_cells(attempts, infrastructure_attempts=snapshot.infrastructure_attempts)
        candidates = self.store.runs.candidates(run.id)
        lanes = plan_lanes(
            [item.candidate for item in candidates if item.carried_from is None],
            snapshot.engine.case_ids or tuple(material.cases),
            repetitions=snapshot.repetitions,
            max_concurrency=config.limits.max_concurrency,
            done=done,
        )
        meter = _Meter(run.id, len(done), lanes, on_progress)
        limit = MoneyLimit(config.limits.max_cost_usd, spent_usd=self.store.results.spent_usd(run.id))
        async with (
            self._make_client(config, self.settings, limit) as client,
            AttemptWriter(self.store) as writer,
        ):
            context = LaneContext(
                run_id=run.id,
                routes=material.routes,
                writer=writer,
                stop=stop,
                infrastructure_attempts=snapshot.infrastructure_attempts,
                failures=failures_by_cell(attempts),
                redact=self.settings.redact,
                on_attempt=meter.count,
                keep_stream=partial(keep_stream, run_folder(config.work_path, run.id), self.settings.redact),
            )
            place = Workplace(
                run=run,
                material=material,
                config=config,
                settings=self.settings,
                store=self.store,
                client=client,
                stop=stop,
            )
            async with executors(place) as make, asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._lane(lane, make(lane), context)) for lane in lanes]
        return sum(not task.result() for task in tasks)

    async def _lane(self, lane: LanePlan, executor: LaneExecutor, context: LaneContext) -> bool:
        """Run one lane; a lane that dies is recorded and leaves the others alone."""
        try:
            await run_lane(lane, executor, context)
        except Exception as error:
            message = context.redact(f"{type(error).__name__}: {error}")
            if context.stop.reason is None:  # what stopped the run is told once, not by every lane
                _log.error("lane failed", lane=lane.name, error=message, **_trace(error, context.redact))
            if isinstance(error, StoreError):  # what the other lanes pay for could not be kept either
                context.stop.ask(context.redact(str(error)))
            failure = LaneFailure(
                run_id=context.run_id,
                candidate=lane.candidate,
                repetition=lane.repetition,
                shard=lane.shard,
                message=message,
                at=datetime.now(UTC),
            )
            try:
                await asyncio.to_thread(self.store.results.add_lane_failure, failure)
            except StoreError as refusal:
                context.stop.ask(str(refusal))
            return False
        return True


class _Meter:
    """Counts finished cells."""

    def __init__(self, run_id: str, done: int, lanes: Sequence[LanePlan], on_progress: OnProgress | None) -> None:
        self._done = done
        self._total = done + sum(len(lane.case_ids) for lane in lanes)
        self._tell = on_progress or (lambda _: None)
        self._tell(Progress(run_id, self._done, self._total))

    def count(self, attempt: Attempt, finished: bool) -> None:
        """Take a committed attempt in."""
        self._done += finished
        self._tell(Progress(attempt.run_id, self._done, self._total, attempt))


def _client(config: Config, settings: Settings, limit: MoneyLimit) -> EndpointClient:
    key = settings.api_key.get_secret_value() if settings.api_key else None
    return EndpointClient(config.endpoint, api_key=key, prices=config.prices, limit=limit)


def _trace(error: Exception, redact: Callable[[str], str]) -> dict[str, str]:
    """Where a bug struck, for the log; the values of variables stay out, since they may hold secrets."""
    if isinstance(error, RoutelabError):
        return {}
    return {"exception": redact("".join(traceback.format_exception(error)))}


@contextlib.asynccontextmanager
async def _heartbeat(store: Store, run_id: str, stop: Stop) -> AsyncIterator[None]:
    async def beat() -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            with contextlib.suppress(RoutelabError):  # a missed beat is no reason to stop a run
                await asyncio.to_thread(store.leases.beat)
                if not await asyncio.to_thread(store.runs.beat, run_id):
                    stop.ask("another process took the run over")

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
