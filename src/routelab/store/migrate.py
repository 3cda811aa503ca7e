"""Bringing a store's schema to this version of routelab."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from routelab.errors import StoreError
from routelab.store.database import Database

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Create or upgrade the schema; StoreError when the store was written by a newer routelab."""
    refuse_newer(database)
    config = _config()
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def ensure_current(database: Database) -> None:
    """Make an empty store usable; StoreError with what to do when the schema is another one."""
    current = current_revision(database)
    if current == head_revision():
        return
    with database.reading() as connection:
        empty = not inspect(connection).get_table_names()
    if empty:
        upgrade(database)
        return
    refuse_newer(database)
    if current is None:
        raise StoreError(f"{database.place} is a database, but not a routelab store; name another one")
    raise StoreError(f"the store {database.place} has an older schema; run `routelab store upgrade`")


def refuse_newer(database: Database) -> None:
    """Raise StoreError when the store's schema is not known to this version."""
    current = current_revision(database)
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(
            f"the store {database.place} was written by a newer routelab (schema {current}); "
            "upgrade routelab to read it"
        )


def current_revision(database: Database) -> str | None:
    """The schema revision of the store; None when it has none."""
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    """The newest schema revision this version knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config
