"""One spec of the store, every backend."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from tests.services import postgres_server
from tests.spec import samples

from routelab.records import RunCandidate
from routelab.store import Store, open_store


class Backend(Protocol):
    """Gives database URLs: an empty database, or one with an empty store."""

    def empty(self) -> str: ...

    def fresh(self) -> str: ...


@dataclass
class SqliteBackend:
    folder: Path

    def __post_init__(self) -> None:
        self._numbers = count()
        self._template = self.folder / "template.db"
        open_store(f"sqlite:///{self._template}").close()

    def empty(self) -> str:
        return f"sqlite:///{self.folder / f'{next(self._numbers)}.db'}"

    def fresh(self) -> str:
        url = self.empty()
        shutil.copy(self._template, url.removeprefix("sqlite:///"))
        return url


@dataclass
class PostgresBackend:
    server_url: str

    def __post_init__(self) -> None:
        self._numbers = count()
        self._template = self._create("template0")
        open_store(self._url(self._template)).close()

    def empty(self) -> str:
        return self._url(self._create("template0"))

    def fresh(self) -> str:
        return self._url(self._create(self._template))

    def _create(self, template: str) -> str:
        name = f"store_{next(self._numbers)}"
        engine = create_engine(self.server_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        engine.dispose()
        return name

    def _url(self, name: str) -> str:
        return make_url(self.server_url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def sqlite_backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    return SqliteBackend(tmp_path_factory.mktemp("stores"))


@pytest.fixture(scope="session")
def postgres_backend() -> Iterator[Backend]:
    with postgres_server() as url:
        yield PostgresBackend(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def backend(request: pytest.FixtureRequest) -> Backend:
    made: Backend = request.getfixturevalue(f"{request.param}_backend")
    return made


@pytest.fixture
def open_again(backend: Backend) -> Iterator[Callable[[], Store]]:
    """Opens the same store as often as it is called, as other processes would."""
    url = backend.fresh()
    opened: list[Store] = []

    def again() -> Store:
        opened.append(open_store(url))
        return opened[-1]

    yield again
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again: Callable[[], Store]) -> Store:
    return open_again()


@pytest.fixture
def running(store: Store) -> Store:
    """The store with a running decider run, `decider-1`."""
    store.runs.create(samples.run(), [RunCandidate(samples.ATLAS, "decider-0"), RunCandidate(samples.CEDAR)])
    return store
