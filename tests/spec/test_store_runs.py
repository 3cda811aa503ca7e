"""Runs in the store: one running run a kind, with an owner that lives."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from sqlalchemy import update
from tests.spec import samples
from tests.spec.samples import ATLAS, CEDAR, NOON, run

from routelab.errors import StoreError, UserError
from routelab.records import RunCandidate
from routelab.store import Store, schema

ONE = [RunCandidate(ATLAS)]


def change(store: Store, run_id: str, **values: Any) -> None:
    with store.database.writing() as connection:
        connection.execute(update(schema.runs).where(schema.runs.c.id == run_id).values(**values))


def dead_pid() -> int:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    return gone.pid


def in_parallel(*calls: Callable[[], object]) -> list[object]:
    """What each call gave or raised, started at the same instant."""
    barrier = threading.Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def work(place: int, call: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[place] = call()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=work, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_created_run_reads_back_with_its_owner_and_candidates(running: Store) -> None:
    found = running.runs.get("decider-1")
    assert found.status == "running"
    assert found.owner is not None
    assert found.owner.pid == os.getpid()
    assert found.heartbeat_at is not None
    assert abs(datetime.now(UTC) - found.heartbeat_at) < timedelta(minutes=1)
    expected = msgspec.structs.replace(run(), owner=found.owner, heartbeat_at=found.heartbeat_at)
    assert found == expected
    assert running.runs.candidates("decider-1") == [RunCandidate(ATLAS, "decider-0"), RunCandidate(CEDAR)]


def test_an_unknown_run_is_the_users_mistake(store: Store) -> None:
    for call in (store.runs.get, store.runs.claim):
        with pytest.raises(UserError, match="there is no run decider-9"):
            call("decider-9")


def test_a_second_run_of_a_kind_is_refused_while_the_first_lives(running: Store) -> None:
    with pytest.raises(UserError, match=f"decider run decider-1 is running in process {os.getpid()}"):
        running.runs.create(run("decider-2"), ONE)
    assert [item.id for item in running.runs.all()] == ["decider-1"]


def test_the_other_kind_may_run_beside_it(running: Store) -> None:
    running.runs.create(run("classifier-1", kind="classifier", at=NOON + timedelta(1)), ONE)
    assert [item.id for item in running.runs.all()] == ["classifier-1", "decider-1"]
    assert [item.id for item in running.runs.all("decider")] == ["decider-1"]


@pytest.mark.parametrize("gone", ["process", "heartbeat", "owner"])
def test_a_run_whose_owner_is_gone_makes_room(running: Store, gone: str) -> None:
    past = datetime.now(UTC) - timedelta(seconds=61)
    values = {"process": {"owner_pid": dead_pid()}, "heartbeat": {"heartbeat_at": past}, "owner": {"owner_host": None}}
    change(running, "decider-1", **values[gone])
    running.runs.create(run("decider-2"), ONE)
    first = running.runs.get("decider-1")
    assert (first.status, first.stop_reason) == ("interrupted", "its process ended")
    assert running.runs.get("decider-2").status == "running"


def test_an_owner_on_another_host_lives_while_its_heart_beats(running: Store) -> None:
    change(running, "decider-1", owner_host="elsewhere", owner_pid=dead_pid())
    with pytest.raises(UserError, match="on elsewhere"):
        running.runs.create(run("decider-2"), ONE)
    change(running, "decider-1", heartbeat_at=datetime.now(UTC) - timedelta(seconds=61))
    running.runs.create(run("decider-2"), ONE)


def test_a_live_owner_keeps_its_run(running: Store) -> None:
    change(running, "decider-1", owner_pid=os.getppid())
    with pytest.raises(UserError, match="is running in process"):
        running.runs.claim("decider-1")


def test_an_interrupted_run_is_claimed_and_runs_again(running: Store) -> None:
    assert running.runs.end("decider-1", "interrupted", reason="it was stopped")
    stopped = running.runs.get("decider-1")
    assert (stopped.status, stopped.stop_reason) == ("interrupted", "it was stopped")
    assert stopped.ended_at is not None
    claimed = running.runs.claim("decider-1")
    assert (claimed.status, claimed.stop_reason, claimed.ended_at) == ("running", None, None)


def test_a_run_of_a_dead_process_is_claimed(running: Store) -> None:
    change(running, "decider-1", owner_pid=dead_pid())
    claimed = running.runs.claim("decider-1")
    assert claimed.owner is not None
    assert claimed.owner.pid == os.getpid()


def test_a_claim_waits_for_no_other_run_of_the_kind(running: Store) -> None:
    running.runs.end("decider-1", "interrupted")
    running.runs.create(run("decider-2"), ONE)
    with pytest.raises(UserError, match="decider run decider-2 is running"):
        running.runs.claim("decider-1")


def test_a_completed_run_is_not_claimed(running: Store) -> None:
    running.runs.end("decider-1", "completed")
    with pytest.raises(UserError, match="is completed; there is nothing to resume"):
        running.runs.claim("decider-1")


def test_a_run_ends_once(running: Store) -> None:
    assert running.runs.end("decider-1", "completed")
    assert not running.runs.end("decider-1", "interrupted", reason="too late")
    assert running.runs.get("decider-1").status == "completed"


def test_an_owner_that_lost_its_run_neither_beats_nor_ends_it(running: Store) -> None:
    before = running.runs.get("decider-1").heartbeat_at
    assert running.runs.beat("decider-1")
    after = running.runs.get("decider-1").heartbeat_at
    assert before is not None
    assert after is not None
    assert after > before
    change(running, "decider-1", owner_pid=os.getppid())
    assert not running.runs.beat("decider-1")
    assert not running.runs.end("decider-1", "interrupted", reason="I was asleep")
    taken = running.runs.get("decider-1")
    assert (taken.status, taken.heartbeat_at) == ("running", after)


def test_of_runs_started_at_the_same_instant_one_wins(store: Store, open_again: Callable[[], Store]) -> None:
    stores = [store, open_again(), open_again(), open_again()]
    calls = [
        lambda opened=opened, number=number: opened.runs.create(run(f"decider-{number}"), ONE)
        for number, opened in enumerate(stores)
    ]
    results = in_parallel(*calls)
    assert results.count(None) == 1
    assert all(isinstance(result, UserError) for result in results if result is not None), results
    assert len(store.runs.all()) == 1


@pytest.mark.parametrize("state", ["dead", "interrupted"])
def test_of_claims_at_the_same_instant_one_wins(running: Store, open_again: Callable[[], Store], state: str) -> None:
    change(running, "decider-1", **({"owner_pid": dead_pid()} if state == "dead" else {"status": state}))
    stores = [running, open_again(), open_again(), open_again()]
    results = in_parallel(*(lambda opened=opened: opened.runs.claim("decider-1") for opened in stores))
    refused = [result for result in results if isinstance(result, UserError)]
    assert len(refused) == 3, results


def test_a_run_without_its_candidates_is_not_created(store: Store) -> None:
    with pytest.raises(UserError):
        store.runs.create(run(), [RunCandidate(ATLAS), RunCandidate(ATLAS)])
    assert store.runs.all() == []


def test_what_was_measured_before_is_the_newest_completed_measurement(store: Store) -> None:
    for number, (status, repetitions) in enumerate([("completed", 1), ("completed", 1), ("interrupted", 1)]):
        made = run(f"decider-{number}", at=NOON + timedelta(hours=number), repetitions=repetitions)
        store.runs.create(made, [RunCandidate(ATLAS), RunCandidate(CEDAR, "decider-0" if number == 1 else None)])
        store.runs.end(made.id, status)  # type: ignore[arg-type]
    assert store.runs.measured_before("e" * 64, 1) == {ATLAS: "decider-1", CEDAR: "decider-0"}
    assert store.runs.measured_before("e" * 64, 2) == {}
    assert store.runs.measured_before("f" * 64, 1) == {}


def test_times_come_back_in_utc(store: Store) -> None:
    berlin = timezone(timedelta(hours=2))
    store.runs.create(run(at=datetime(2026, 7, 1, 14, tzinfo=berlin)), ONE)
    created = store.runs.get("decider-1").created_at
    assert created == datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert created.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="a timestamp needs a time zone"):
        store.runs.create(run(at=datetime(2026, 7, 1, 12)), ONE)  # noqa: DTZ001


def test_a_snapshot_that_cannot_be_read_is_told_in_one_sentence(running: Store) -> None:
    change(running, "decider-1", snapshot='{"engine": 1}')
    with pytest.raises(StoreError, match="the snapshot of run decider-1 cannot be read"):
        running.runs.get("decider-1")


def test_a_snapshot_survives_as_it_was(store: Store) -> None:
    frozen = samples.snapshot(config={"nested": {"list": [1, 2.5, None, True, "ü"]}}, max_cost_usd=0.1 + 0.2)
    made = msgspec.structs.replace(run(), snapshot=frozen)
    store.runs.create(made, ONE)
    assert store.runs.get("decider-1").snapshot == frozen
