"""Runs and their candidates."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select, update

from routelab.errors import StoreError, UserError
from routelab.records import Candidate, Owner, Run, RunCandidate, Snapshot
from routelab.records.runs import RunKind, RunStatus
from routelab.store import schema
from routelab.store.database import ConflictError, Database
from routelab.store.ownership import is_alive, this_process

_runs = schema.runs


class RunStore:
    """Creates, claims and ends runs; at most one run of a kind is running."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, run: Run, candidates: Sequence[RunCandidate]) -> None:
        """Add a running run, owned by this process.

        Raises UserError while another run of its kind is driven by a live process; one whose
        process is gone is marked interrupted first.
        """
        row = {
            "id": run.id,
            "kind": run.kind,
            "engine_identity": run.engine_identity,
            "snapshot": msgspec.json.encode(run.snapshot).decode(),
            "created_at": run.created_at,
        }
        rows = [
            {"run_id": run.id, "candidate": str(item.candidate), "position": n, "carried_from": item.carried_from}
            for n, item in enumerate(candidates)
        ]
        with _one_at_a_time(run.kind), self._database.writing() as connection:
            self._make_room(connection, run.kind)
            connection.execute(insert(_runs).values(**row, **_running()))
            connection.execute(insert(schema.run_candidates), rows)

    def claim(self, run_id: str) -> Run:
        """Make this process the owner of a run that was interrupted, and its status running.

        Raises UserError when there is no such run, it is completed, or a live process drives it
        or another run of its kind.
        """
        kind = self.get(run_id).kind
        with _one_at_a_time(kind), self._database.writing() as connection:
            run = _one(connection, run_id, lock=True)
            if run.status == "completed":
                raise UserError(f"run {run_id} is completed; there is nothing to resume")
            self._make_room(connection, kind)
            connection.execute(update(_runs).where(_runs.c.id == run_id).values(**_running()))
            return _one(connection, run_id)

    def beat(self, run_id: str) -> bool:
        """Say that the owner lives; False when this process does not own the running run any more."""
        with self._database.writing() as connection:
            beaten = connection.execute(update(_runs).where(*_owned(run_id)).values(heartbeat_at=datetime.now(UTC)))
            return beaten.rowcount == 1

    def end(self, run_id: str, status: RunStatus, *, reason: str | None = None) -> bool:
        """End a running run; False when it had ended already or has another owner, so one caller completes it."""
        with self._database.writing() as connection:
            done = connection.execute(
                update(_runs)
                .where(*_owned(run_id))
                .values(status=status, ended_at=datetime.now(UTC), stop_reason=reason)
            )
            return done.rowcount == 1

    def get(self, run_id: str) -> Run:
        """The run; UserError when there is none of that id."""
        with self._database.reading() as connection:
            return _one(connection, run_id)

    def all(self, kind: RunKind | None = None) -> list[Run]:
        """All runs, newest first."""
        query = select(_runs).order_by(_runs.c.created_at.desc(), _runs.c.id.desc())
        if kind is not None:
            query = query.where(_runs.c.kind == kind)
        with self._database.reading() as connection:
            return [_run(row) for row in connection.execute(query).mappings()]

    def candidates(self, run_id: str) -> list[RunCandidate]:
        """The run's candidates in configured order."""
        table = schema.run_candidates
        query = select(table).where(table.c.run_id == run_id).order_by(table.c.position)
        with self._database.reading() as connection:
            return [
                RunCandidate(Candidate.parse(row["candidate"]), row["carried_from"])
                for row in connection.execute(query).mappings()
            ]

    def measured_before(self, engine_identity: str, repetitions: int) -> dict[Candidate, str]:
        """Candidates that a completed run measured under this identity, with the newest such run."""
        table = schema.run_candidates
        query = (
            select(_runs, table.c.candidate)
            .join(table, table.c.run_id == _runs.c.id)
            .where(_runs.c.engine_identity == engine_identity, _runs.c.status == "completed")
            .where(table.c.carried_from.is_(None))
            .order_by(_runs.c.created_at)
        )
        with self._database.reading() as connection:
            rows = list(connection.execute(query).mappings())
        return {
            Candidate.parse(row["candidate"]): row["id"]
            for row in rows
            if _run(row).snapshot.repetitions == repetitions
        }

    def _make_room(self, connection: Connection, kind: str) -> None:
        query = select(_runs).where(_runs.c.kind == kind, _runs.c.status == "running").with_for_update()
        row = connection.execute(query).mappings().one_or_none()
        if row is None:
            return
        running = _run(row)
        if is_alive(running.owner, running.heartbeat_at):
            where = f"process {running.owner.pid} on {running.owner.host}" if running.owner else "a process"
            raise UserError(f"{kind} run {running.id} is running in {where}; wait for it or stop it first")
        connection.execute(
            update(_runs).where(_runs.c.id == running.id).values(status="interrupted", stop_reason="its process ended")
        )


def _running() -> dict[str, object]:
    owner = this_process()
    return {
        "status": "running",
        "ended_at": None,
        "stop_reason": None,
        "owner_host": owner.host,
        "owner_pid": owner.pid,
        "heartbeat_at": datetime.now(UTC),
    }


@contextmanager
def _one_at_a_time(kind: str) -> Iterator[None]:
    """Where two processes start at the same instant, the schema lets one through."""
    try:
        yield
    except ConflictError as error:
        raise UserError(f"another {kind} run was started just now; wait for it or stop it first") from error


def _owned(run_id: str) -> tuple[ColumnElement[bool], ...]:
    owner = this_process()
    return (
        _runs.c.id == run_id,
        _runs.c.status == "running",
        _runs.c.owner_host == owner.host,
        _runs.c.owner_pid == owner.pid,
    )


def _one(connection: Connection, run_id: str, *, lock: bool = False) -> Run:
    query = select(_runs).where(_runs.c.id == run_id)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise UserError(f"there is no run {run_id}; `routelab runs list` shows all")
    return _run(row)


def _run(row: RowMapping) -> Run:
    try:
        snapshot = msgspec.json.decode(row["snapshot"], type=Snapshot)
    except msgspec.MsgspecError as error:
        raise StoreError(f"the snapshot of run {row['id']} cannot be read: {error}") from error
    owner = Owner(row["owner_host"], row["owner_pid"]) if row["owner_host"] else None
    return Run(
        id=row["id"],
        kind=row["kind"],
        status=row["status"],
        engine_identity=row["engine_identity"],
        snapshot=snapshot,
        created_at=row["created_at"],
        ended_at=row["ended_at"],
        stop_reason=row["stop_reason"],
        owner=owner,
        heartbeat_at=row["heartbeat_at"],
    )
