"""Routing tables, when each was published, and the classifier winners."""

from datetime import datetime

from sqlalchemy import Connection, Table, insert, select

from routelab.errors import StoreError, TableError, UserError
from routelab.records import ClassifierWinner, Publication, RoutingTable, TableCandidate
from routelab.store import schema
from routelab.store.database import Database
from routelab.store.rows import from_row, to_row
from routelab.table import verify_table

_tables = schema.tables
_HEADER = ("version", "generated_at", "source", "min_accuracy", "confidence", "rule", "switch_cost_factor")
_HEADER_REST = ("best_accuracy_switch_threshold", "taxonomy_version", "content_sha256")


class TableStore:
    """Reads are for everyone; `add`, `publish` and `publish_winner` are called by routelab.publish alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, table: RoutingTable) -> None:
        """Keep a table; one of the same version is kept as it is."""
        with self._database.writing() as connection:
            known = select(_tables.c.version).where(_tables.c.version == table.version)
            if connection.execute(known).first() is None:
                _insert(connection, table)

    def get(self, version: str) -> RoutingTable:
        """The table of a version, with its newest publication time.

        Raises UserError when there is none, TableError when its rows were changed.
        """
        with self._database.reading() as connection:
            return _read(connection, version)

    def publish(self, version: str, at: datetime) -> None:
        """Make a version live; UserError when it is not in the store."""
        with self._database.writing() as connection:
            _read(connection, version)
            connection.execute(insert(schema.publications).values(version=version, published_at=at))

    def live(self) -> RoutingTable | None:
        """The table published last; None before the first publish."""
        newest = select(schema.publications.c.version).order_by(schema.publications.c.id.desc()).limit(1)
        with self._database.reading() as connection:
            version = connection.execute(newest).scalar_one_or_none()
            return None if version is None else _read(connection, version)

    def history(self) -> list[Publication]:
        """Every publication, newest first."""
        table = schema.publications
        query = (
            select(table.c.version, _tables.c.source, table.c.published_at)
            .join(_tables, _tables.c.version == table.c.version)
            .order_by(table.c.id.desc())
        )
        with self._database.reading() as connection:
            return [Publication(*row) for row in connection.execute(query)]

    def publish_winner(self, winner: ClassifierWinner) -> None:
        """Make a classifier the published one."""
        with self._database.writing() as connection:
            row = to_row(winner)
            connection.execute(insert(schema.classifier_winners).values(**row))

    def winner(self) -> ClassifierWinner | None:
        """The classifier published last; None before the first publish."""
        table = schema.classifier_winners
        query = select(table).order_by(table.c.id.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else from_row(row, ClassifierWinner)


def _insert(connection: Connection, table: RoutingTable) -> None:
    if table.content_sha256 is None:
        raise StoreError("only a sealed table can be stored")
    header = {name: getattr(table, name) for name in (*_HEADER, *_HEADER_REST)}
    connection.execute(insert(_tables).values(**header))
    key = {"version": table.version}
    runs = [{**key, "position": n, "run_id": run_id} for n, run_id in enumerate(table.run_ids)]
    routes = [{**key, "position": n, "route": route} for n, route in enumerate(table.routes)]
    candidates = [
        {**key, "route": route, "position": n, **to_row(candidate)}
        for route, ranked in table.routes.items()
        for n, candidate in enumerate(ranked)
    ]
    for target, rows in (
        (schema.table_runs, runs),
        (schema.table_routes, routes),
        (schema.table_candidates, candidates),
    ):
        if rows:
            connection.execute(insert(target), rows)


def _read(connection: Connection, version: str) -> RoutingTable:
    query = select(_tables).where(_tables.c.version == version)
    header = connection.execute(query).mappings().one_or_none()
    if header is None:
        raise UserError(f"there is no routing table {version}; `routelab table history` shows the published ones")
    table = RoutingTable(
        **{name: header[name] for name in (*_HEADER, *_HEADER_REST)},
        run_ids=tuple(_column(connection, schema.table_runs, "run_id", version)),
        published_at=_published_at(connection, version),
        routes=_routes(connection, version),
    )
    verify_table(table, origin=f"table {version} in the store")
    return table


def _routes(connection: Connection, version: str) -> dict[str, tuple[TableCandidate, ...]]:
    ranked: dict[str, list[TableCandidate]] = {
        route: [] for route in _column(connection, schema.table_routes, "route", version)
    }
    table = schema.table_candidates
    query = select(table).where(table.c.version == version).order_by(table.c.route, table.c.position)
    for row in connection.execute(query).mappings():
        if row["route"] not in ranked:
            raise TableError(f"table {version} in the store ranks candidates on an unknown route {row['route']}")
        ranked[row["route"]].append(from_row(row, TableCandidate))
    return {route: tuple(candidates) for route, candidates in ranked.items()}


def _column(connection: Connection, table: Table, name: str, version: str) -> list[str]:
    query = select(table.c[name]).where(table.c.version == version).order_by(table.c.position)
    return [str(value) for value in connection.execute(query).scalars()]


def _published_at(connection: Connection, version: str) -> str | None:
    table = schema.publications
    query = select(table.c.published_at).where(table.c.version == version).order_by(table.c.id.desc()).limit(1)
    at: datetime | None = connection.execute(query).scalar_one_or_none()
    return None if at is None else at.isoformat()
