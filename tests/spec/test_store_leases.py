"""Leases in the store: a cap on the lanes of a host over all processes that share it."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from tests.spec.test_store_runs import dead_pid, in_parallel

from routelab.errors import StoreError
from routelab.store import Store, schema

HERE = socket.gethostname()


def take(store: Store, cap: int = 2, lane: str = "lane") -> int | None:
    return store.leases.take(cap, run_id="decider-1", lane=lane)


def put(store: Store, *, host: str = HERE, pid: int | None = None, age_s: float = 0) -> None:
    """A lease of another process."""
    at = datetime.now(UTC) - timedelta(seconds=age_s)
    row = {"host": host, "pid": os.getppid() if pid is None else pid, "run_id": "decider-2", "lane": "l"}
    with store.database.writing() as connection:
        connection.execute(insert(schema.leases).values(**row, heartbeat_at=at))


def held(store: Store) -> list[dict[str, Any]]:
    with store.database.reading() as connection:
        return [dict(row) for row in connection.execute(select(schema.leases)).mappings()]


def test_no_more_than_the_cap_and_one_again_for_each_given_back(store: Store) -> None:
    first, second = take(store), take(store)
    assert first != second
    assert None not in (first, second)
    assert take(store) is None
    assert first is not None
    store.leases.give_back(first)
    third = take(store, lane="sim/atlas r1 s0")
    assert third is not None
    assert take(store) is None
    row = next(row for row in held(store) if row["id"] == third)
    assert (row["host"], row["pid"]) == (HERE, os.getpid())
    assert (row["run_id"], row["lane"]) == ("decider-1", "sim/atlas r1 s0")
    assert datetime.now(UTC) - row["heartbeat_at"] < timedelta(seconds=30)


def test_a_larger_cap_gives_more_and_a_smaller_one_waits(store: Store) -> None:
    for _ in range(3):
        assert take(store, cap=3) is not None
    assert take(store, cap=2) is None
    assert take(store, cap=4) is not None


def test_giving_back_twice_or_what_never_was_is_fine(store: Store) -> None:
    lease = take(store)
    assert lease is not None
    store.leases.give_back(lease)
    store.leases.give_back(lease)
    store.leases.give_back(12_345)
    assert held(store) == []


def test_the_leases_of_dead_processes_do_not_count_and_go(store: Store) -> None:
    put(store, pid=dead_pid())
    put(store, pid=dead_pid())
    assert take(store, cap=1) is not None
    assert [row["pid"] for row in held(store)] == [os.getpid()]


def test_the_leases_of_a_process_that_was_killed_do_not_count(open_again: Callable[[], Store]) -> None:
    store = open_again()
    url = store.database.engine.url.render_as_string(hide_password=False)
    code = (
        "import os, signal; from routelab.store import open_store\n"
        f"store = open_store({url!r})\n"
        "assert store.leases.take(1, run_id='decider-2', lane='l') is not None\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    assert len(held(store)) == 1
    assert take(store, cap=1) is not None


def test_the_leases_of_a_living_process_count(store: Store) -> None:
    put(store)
    assert take(store, cap=1) is None


def test_other_hosts_have_a_cap_of_their_own(store: Store) -> None:
    put(store, host="elsewhere")
    put(store, host="elsewhere", age_s=3600)
    assert take(store, cap=1) is not None
    assert sum(row["host"] == "elsewhere" for row in held(store)) == 2, "theirs to tidy"


def test_a_lease_without_a_heartbeat_for_a_minute_is_gone(store: Store) -> None:
    put(store, age_s=50)
    assert take(store, cap=1) is None
    with store.database.writing() as connection:
        connection.execute(update(schema.leases).values(heartbeat_at=datetime.now(UTC) - timedelta(seconds=70)))
    assert take(store, cap=1) is not None


def test_a_heartbeat_keeps_this_processes_leases_and_no_others(store: Store) -> None:
    mine = take(store)
    put(store, age_s=50)
    old = datetime.now(UTC) - timedelta(seconds=50)
    with store.database.writing() as connection:
        connection.execute(update(schema.leases).values(heartbeat_at=old))
    store.leases.beat()
    fresh = {row["id"] for row in held(store) if datetime.now(UTC) - row["heartbeat_at"] < timedelta(seconds=30)}
    assert fresh == {mine}


@pytest.mark.parametrize("cap", [1, 3])
def test_many_takers_at_once_get_no_more_than_the_cap(open_again: Callable[[], Store], cap: int) -> None:
    stores = [open_again() for _ in range(8)]
    taken = in_parallel(*(lambda store=store: take(store, cap=cap) for store in stores))
    assert not [item for item in taken if isinstance(item, Exception)]
    assert sum(item is not None for item in taken) == cap
    assert len(held(stores[0])) == cap


def test_takers_that_come_and_go_never_hold_more_than_the_cap(open_again: Callable[[], Store]) -> None:
    now, most = 0, 0
    count = threading.Lock()

    def come_and_go(store: Store) -> int:
        nonlocal now, most
        rounds = 0
        while rounds < 5:
            lease = take(store, cap=2)
            if lease is None:
                continue
            with count:
                now += 1
                most = max(most, now)
            time.sleep(0.005)
            with count:
                now -= 1
            store.leases.give_back(lease)
            rounds += 1
        return rounds

    stores = [open_again() for _ in range(4)]
    assert in_parallel(*(lambda store=store: come_and_go(store) for store in stores)) == [5] * 4
    assert most <= 2
    assert held(stores[0]) == []


def test_a_store_that_is_gone_is_a_store_error(store: Store) -> None:
    with store.database.writing() as connection:
        schema.leases.drop(connection)
    with pytest.raises(StoreError):
        take(store)
    with pytest.raises(StoreError):
        store.leases.give_back(1)
    with pytest.raises(StoreError):
        store.leases.beat()
