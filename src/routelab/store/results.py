"""Attempts (only ever added), summaries and lane failures."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select

from routelab.errors import StoreError
from routelab.records import Attempt, LaneFailure, Summary
from routelab.store import schema
from routelab.store.database import ConflictError, Database
from routelab.store.rows import from_row, to_row

_attempts = schema.attempts
_CHUNK = 1000
"""Rows a statement: 28 columns each stay below the 32,766 bind parameters of SQLite and the 65,535 of
PostgreSQL."""


class ResultStore:
    """What runs measured."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Commit attempts, all or none. Raises StoreError when one of them stands already."""
        rows = [to_row(attempt) for attempt in attempts]
        try:
            with self._database.writing() as connection:
                for start in range(0, len(rows), _CHUNK):
                    connection.execute(insert(_attempts), rows[start : start + _CHUNK])
        except ConflictError as error:
            raise StoreError(f"an attempt is stored already, or its run is not: {error}") from error

    def attempts(self, run_id: str) -> list[Attempt]:
        """All attempts of a run, in the order they were committed."""
        query = select(_attempts).where(_attempts.c.run_id == run_id).order_by(_attempts.c.id)
        with self._database.reading() as connection:
            return [from_row(row, Attempt) for row in connection.execute(query).mappings()]

    def spent_usd(self, run_id: str) -> float:
        """What the attempts of a run have spent so far, with estimates where a cost is unknown."""
        query = select(func.coalesce(func.sum(_attempts.c.spent_usd), 0.0)).where(_attempts.c.run_id == run_id)
        with self._database.reading() as connection:
            return float(connection.execute(query).scalar_one())

    def write_summaries(self, run_id: str, summaries: Sequence[Summary]) -> None:
        """Replace the run's summaries."""
        rows = [{"run_id": run_id, **to_row(summary)} for summary in summaries]
        with self._database.writing() as connection:
            connection.execute(delete(schema.summaries).where(schema.summaries.c.run_id == run_id))
            for start in range(0, len(rows), _CHUNK):
                connection.execute(insert(schema.summaries), rows[start : start + _CHUNK])

    def summaries(self, run_id: str) -> list[Summary]:
        """The run's summaries as written."""
        table = schema.summaries
        query = select(table).where(table.c.run_id == run_id).order_by(table.c.id)
        with self._database.reading() as connection:
            return [from_row(row, Summary) for row in connection.execute(query).mappings()]

    def add_lane_failure(self, failure: LaneFailure) -> None:
        """Record a lane that died."""
        with self._database.writing() as connection:
            connection.execute(insert(schema.lane_failures).values(**to_row(failure)))

    def lane_failures(self, run_id: str) -> list[LaneFailure]:
        """The run's lane failures, oldest first."""
        table = schema.lane_failures
        query = select(table).where(table.c.run_id == run_id).order_by(table.c.id)
        with self._database.reading() as connection:
            return [from_row(row, LaneFailure) for row in connection.execute(query).mappings()]
