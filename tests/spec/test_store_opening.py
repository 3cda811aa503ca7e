"""Opening a store: empty, ours, somebody else's, older, newer."""

import json
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Table, insert, inspect, select, text
from tests.spec.conftest import Backend

from routelab.errors import StoreError
from routelab.store import Store, migrate, open_store, schema
from routelab.store.database import Database

Row = dict[str, object]
MIGRATIONS = Path(migrate.__file__).parent / "migrations"


def revisions() -> list[str]:
    """Every revision, oldest first."""
    return [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def execute(url: str, *statements: str) -> None:
    database = Database(url)
    with database.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))
    database.close()


def tables_of(url: str) -> set[str]:
    database = Database(url)
    with database.reading() as connection:
        names = set(inspect(connection).get_table_names())
    database.close()
    return names


def test_an_empty_database_becomes_a_store_and_opens_again(backend: Backend) -> None:
    url = backend.empty()
    for _ in range(2):
        store = open_store(url)
        assert store.runs.all() == []
        assert migrate.current_revision(store.database) == migrate.head_revision() == revisions()[-1]
        store.close()


def test_without_create_an_empty_database_stays_empty(backend: Backend) -> None:
    url = backend.empty()
    with pytest.raises(StoreError, match=r"there is no store at|holds no routelab store yet") as caught:
        open_store(url, create=False)
    assert "\n" not in str(caught.value)
    assert tables_of(url) == set()


def test_without_create_a_store_that_is_there_opens(backend: Backend) -> None:
    store = open_store(backend.fresh(), create=False)
    assert store.runs.all() == []
    store.close()


def test_without_create_somebody_elses_database_is_told_as_such(backend: Backend) -> None:
    url = backend.empty()
    execute(url, "CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(StoreError, match="is a database, but not a routelab store"):
        open_store(url, create=False)


def test_processes_that_meet_an_empty_database_at_once_all_open_it(backend: Backend) -> None:
    url = backend.empty()
    barrier = threading.Barrier(4)
    failures: list[BaseException] = []

    def work() -> None:
        barrier.wait()
        try:
            open_store(url).close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_the_migrations_make_what_the_metadata_say(store: Store) -> None:
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []


def test_a_newer_schema_is_refused_in_one_sentence(backend: Backend) -> None:
    url = backend.fresh()
    execute(url, "UPDATE alembic_version SET version_num = '9999'")
    database = Database(url)
    for call in (lambda: open_store(url), lambda: migrate.upgrade(database)):
        with pytest.raises(
            StoreError, match=r"written by a newer routelab \(schema 9999\); upgrade routelab"
        ) as caught:
            call()
        assert "\n" not in str(caught.value)
    database.close()


def test_an_older_schema_says_what_to_do(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    url = backend.fresh()
    monkeypatch.setattr(migrate, "head_revision", lambda: "9999")
    with pytest.raises(StoreError, match="has an older schema; run `routelab store upgrade`"):
        open_store(url)


def test_somebody_elses_database_is_left_alone(backend: Backend) -> None:
    url = backend.empty()
    execute(url, "CREATE TABLE invoices (id INTEGER)")
    database = Database(url)
    for call in (lambda: open_store(url), lambda: migrate.upgrade(database)):
        with pytest.raises(StoreError, match="is a database, but not a routelab store"):
            call()
    database.close()
    assert tables_of(url) == {"invoices"}


def test_every_earlier_revision_upgrades_with_all_its_rows(backend: Backend) -> None:
    for revision in revisions():
        url = backend.empty()
        database = Database(url)
        migrate.upgrade(database, revision)
        before = fill(database)
        migrate.upgrade(database)
        assert migrate.current_revision(database) == revisions()[-1]
        assert kept_rows(database, before) == before
        database.close()


def test_attempts_of_earlier_stores_have_spent_what_they_are_known_to_cost(backend: Backend) -> None:
    url = backend.empty()
    database = Database(url)
    migrate.upgrade(database, "0002")
    fill(database)
    execute(url, "UPDATE attempts SET cost_usd = NULL WHERE id = 1")
    migrate.upgrade(database)
    with database.reading() as connection:
        attempts = select(schema.attempts).order_by(schema.attempts.c.id)
        spent = [(row["cost_usd"], row["spent_usd"]) for row in connection.execute(attempts).mappings()]
    assert spent == [(None, 0.0), (2.0, 2.0)]
    database.close()


def test_runs_of_earlier_stores_keep_their_image_and_had_no_limits_to_tell(backend: Backend) -> None:
    url = backend.empty()
    database = Database(url)
    migrate.upgrade(database, "0003")
    fill(database)
    migrate.upgrade(database)
    with database.reading() as connection:
        snapshots = [json.loads(text) for text in connection.scalars(select(schema.runs.c.snapshot))]
    unknown = dict.fromkeys(("memory_mb", "disk_mb", "cpus", "pids", "max_case_cost_usd"))
    assert sorted(snapshots, key=str) == [
        {"engine": {"image": f"kilo:{number}", **unknown}, "routes": []} for number in (1, 2)
    ]
    database.close()


def fill(database: Database) -> dict[str, list[Row]]:
    """Put two rows into every table that this revision made, a value in every column; all rows."""
    with database.writing() as connection:
        made = made_tables(connection)
        for table in made:
            for number in (1, 2):
                connection.execute(insert(table).values({column.name: value(column, number) for column in table.c}))
        return {table.name: rows(connection, table) for table in made}


def kept_rows(database: Database, before: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The rows of the tables there were before, cut down to the columns there were before.

    A snapshot is told anew, so here it counts as lost only where its run is.
    """
    with database.reading() as connection:
        now = {table.name: rows(connection, table) for table in made_tables(connection)}
    return {
        name: [
            {column: row[column] if column != "snapshot" else was[column] for column in was}
            for row, was in zip(now[name], old, strict=True)
        ]
        for name, old in before.items()
    }


def made_tables(connection: Connection) -> list[Table]:
    """The tables as they are in the database, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def rows(connection: Connection, table: Table) -> list[Row]:
    query = select(table).order_by(*table.primary_key.columns)
    return [dict(row) for row in connection.execute(query).mappings()]


def value(column: Column[Any], number: int) -> object:
    """Something of the column's type; the same for every key that is called alike, so that keys refer."""
    kind = column.type.python_type
    if column.name == "snapshot":
        return json.dumps({"engine": {"image_digest": f"kilo:{number}"}, "routes": []})
    if kind is str:
        # At most one run of a kind may be running, whatever the number.
        return f"ended-{number}" if column.name == "status" else str(number)
    if kind is datetime:
        return datetime(2026, 4, number)  # noqa: DTZ001 - as the column keeps it
    return kind(number)
