"""Connections: one place for pragmas, transactions and errors of a backend."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError, StatementError

from routelab.errors import ConfigError, StoreError

_BUSY_TIMEOUT_S = 15


class ConflictError(StoreError):
    """A row breaks a rule of the schema, such as being unique; the caller knows which one."""


class Database:
    """One database. `reading` and `writing` give connections inside a transaction.

    Whatever the backend raises comes out as StoreError with one sentence, a broken rule of the
    schema as ConflictError. Without `create` a SQLite file that is not there is a StoreError.
    """

    def __init__(self, url: str, *, create: bool = True) -> None:
        self.engine = _engine(url, create=create)
        self.place = make_url(url).render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction."""
        with self._errors(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction: committed at the end of the block, rolled back on any exception."""
        writer = self.engine.execution_options(routelab_write=True)
        with self._errors(), writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Release all connections."""
        self.engine.dispose()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            raise ConflictError(f"the store {self.place} refused a row: {_reason(error)}") from error
        except SQLAlchemyError as error:
            raise StoreError(f"the store {self.place} failed: {_reason(error)}") from error
        except (UnicodeEncodeError, OverflowError) as error:  # drivers raise these for a value they cannot send
            raise StoreError(f"the store {self.place} cannot hold a value: {error}") from error


def _reason(error: SQLAlchemyError) -> str:
    """The backend's own words on one line, without the statement and its values."""
    said = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    return " ".join(str(said).split())


def _engine(url: str, *, create: bool) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, pool_pre_ping=True)
        if not create:
            _refuse_missing(parsed.database)
        elif parsed.database:
            Path(parsed.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": _BUSY_TIMEOUT_S})
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigError(f"store.url is not a usable database URL: {error}") from error
    except ModuleNotFoundError as error:
        raise ConfigError(f"store.url needs the package {error.name}; install routelab[postgres]") from error
    except OSError as error:
        raise StoreError(f"cannot make the folder of the store: {error}") from error
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _refuse_missing(file: str | None) -> None:
    # SQLite makes the file when it connects, and a header when it is told to use WAL.
    if not file or file == ":memory:" or not Path(file).exists() or Path(file).stat().st_size == 0:
        raise StoreError(f"there is no store at {file or ':memory:'}")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions begin too late for a read-then-write; see _begin_sqlite.
    connection.isolation_level = None
    _use_wal(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _use_wal(connection: Any) -> None:
    # SQLite does not wait for a lock while it changes the journal mode, so two processes that
    # meet a new file would fail each other.
    until = time.monotonic() + _BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= until:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("routelab_write")
    # IMMEDIATE takes the write lock at once, so two writers wait in turn instead of failing half-way.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
