"""Leases: which lanes of which processes may have a container on a host now."""

from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, text, update

from routelab.records import Owner
from routelab.store import schema
from routelab.store.database import Database
from routelab.store.ownership import is_alive, this_process

_leases = schema.leases


class LeaseStore:
    """Gives out at most so many leases a host; those of processes that ended do not count."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, cap: int, *, run_id: str, lane: str) -> int | None:
        """A lease for a lane of this process, by its id; None while `cap` of this host are held."""
        owner = this_process()
        with self._database.writing() as connection:
            _alone(connection)
            query = select(_leases).where(_leases.c.host == owner.host)
            rows = list(connection.execute(query).mappings())
            dead = [row["id"] for row in rows if not _holds(row)]
            if dead:
                connection.execute(delete(_leases).where(_leases.c.id.in_(dead)))
            if len(rows) - len(dead) >= cap:
                return None
            row = {"host": owner.host, "pid": owner.pid, "run_id": run_id, "lane": lane}
            taken = connection.execute(insert(_leases).values(**row, heartbeat_at=datetime.now(UTC)))
            assert taken.inserted_primary_key is not None
            return int(taken.inserted_primary_key[0])

    def give_back(self, lease: int) -> None:
        """End a lease; one that has ended is fine."""
        with self._database.writing() as connection:
            connection.execute(delete(_leases).where(_leases.c.id == lease))

    def beat(self) -> None:
        """Say that this process lives, for all its leases."""
        owner = this_process()
        mine = (_leases.c.host == owner.host, _leases.c.pid == owner.pid)
        with self._database.writing() as connection:
            connection.execute(update(_leases).where(*mine).values(heartbeat_at=datetime.now(UTC)))


def _holds(row: RowMapping) -> bool:
    return is_alive(Owner(row["host"], row["pid"]), row["heartbeat_at"])


def _alone(connection: Connection) -> None:
    # SQLite's write transactions are alone already; PostgreSQL's would count past each other.
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE leases IN EXCLUSIVE MODE"))
