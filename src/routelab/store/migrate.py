"""Bringing a store's schema to this version of routelab."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from routelab.errors import StoreError
from routelab.store.database import Database

_FOLDER = Path(__file__).parent / "migrations"
_LOCK_KEY = 7_265_021
"""Any number that no other program uses: processes that meet an empty database make the schema in turn."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Create or upgrade the schema.

    Raises StoreError when the store was written by a newer routelab, or the database holds tables
    that are not routelab's.
    """
    config = _config()
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":  # SQLite's writers wait for each other anyway
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        _refuse(database, connection)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def ensure_current(database: Database, *, create: bool = True) -> None:
    """Make an empty store usable, where `create` allows it.

    Raises StoreError with what to do when the schema is another one, or there is none.
    """
    current = current_revision(database)
    if current is None and create:
        upgrade(database)  # looks again, under a lock: another process may be doing the same
    elif current is None:
        with database.reading() as connection:
            _refuse(database, connection)
        raise StoreError(f"{database.place} is empty: it holds no routelab store yet")
    elif current != head_revision():
        with database.reading() as connection:
            _refuse(database, connection)
        raise StoreError(f"the store {database.place} has an older schema; run `routelab store upgrade`")


def current_revision(database: Database) -> str | None:
    """The schema revision of the store; None when it has none."""
    with database.reading() as connection:
        return _revision(connection)


def head_revision() -> str | None:
    """The newest schema revision this version knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _refuse(database: Database, connection: Connection) -> None:
    current = _revision(connection)
    if current is None:
        if inspect(connection).get_table_names():
            raise StoreError(f"{database.place} is a database, but not a routelab store; name another one")
        return
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if current not in known:
        raise StoreError(
            f"the store {database.place} was written by a newer routelab (schema {current}); "
            "upgrade routelab to read it"
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config
