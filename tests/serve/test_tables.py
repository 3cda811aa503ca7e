"""Which table is live: only one that may be served, and the last good one whatever happens."""

import asyncio
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from structlog.testing import capture_logs

from routelab.records import Candidate, ClassifierWinner, Engine, Run, RunCandidate, Snapshot
from routelab_serve.tables import Live, LiveTable
from routelab_serve.tables import live as live_module
from routelab_serve.tables.store_source import StoreSource


@pytest.fixture
def live_table(store_url, rules):
    return LiveTable(StoreSource(store_url), rules)


def remove(store_url):
    Path(store_url.removeprefix("sqlite:///")).unlink()


def overwrite(store_url, content):
    Path(store_url.removeprefix("sqlite:///")).write_bytes(content)


def spoil(store, version):
    with store.database.writing() as connection:
        connection.execute(
            text("UPDATE table_candidates SET accuracy = 1.0 WHERE version = :version"), {"version": version}
        )


def publish_winner(store, candidate, source="benchmark"):
    """Publish a classifier; the store wants the run it came from."""
    engine = Engine(
        kind="classifier",
        agent="direct",
        agent_version="1",
        sandbox="none",
        image=None,
        memory_mb=None,
        disk_mb=None,
        cpus=None,
        pids=None,
        max_case_cost_usd=None,
        suffix=None,
        empty_retries=0,
        max_steps=None,
        timeout_s=60,
        dataset="classifier/v1",
        dataset_sha256="0" * 64,
        case_ids=None,
        taxonomy_sha256="0" * 64,
        prompt_version="1",
        grading_version="1",
        endpoint="openai",
        endpoint_version=None,
    )
    snapshot = Snapshot(
        engine=engine,
        source=source,
        candidates=(candidate,),
        repetitions=1,
        max_concurrency=1,
        max_cost_usd=None,
        billing_account=None,
        infrastructure_attempts=1,
        min_accuracy=0.75,
        confidence=0.9,
        rule="proven",
        switch_cost_factor=3.0,
        best_accuracy_switch_threshold=0.05,
        classifier_max_p95_latency_ms=None,
        taxonomy_version="v1",
        routes=(),
        config={},
    )
    now = datetime.now(UTC)
    run_id = f"run-{candidate}"
    run = Run(
        id=run_id,
        kind="classifier",
        status="running",
        engine_identity="0" * 64,
        snapshot=snapshot,
        created_at=now,
    )
    store.runs.create(run, [RunCandidate(candidate)])
    store.runs.end(run_id, "completed")
    store.tables.publish_winner(
        ClassifierWinner(
            run_id=run_id,
            candidate=candidate,
            accuracy=0.9,
            avg_cost_usd=0.001,
            p95_latency_ms=100.0,
            source=source,
            published_at=now,
        )
    )


async def test_before_the_first_publish_there_is_none(live_table, store):
    await live_table.reload()
    assert live_table.live == Live(table=None, problem="unpublished", classifier=None)


async def test_what_goes_live_is_logged(live_table, make_table, publish):
    table = publish(make_table())
    with capture_logs() as said:
        await live_table.reload()
        await live_table.reload()
    assert [line for line in said if line["event"] == "live_table"] == [
        {"event": "live_table", "log_level": "info", "version": table.version, "problem": None, "classifier": None}
    ]


async def test_the_newest_publication_is_live(live_table, make_table, publish):
    publish(make_table())
    await live_table.reload()
    newer = publish(make_table(min_accuracy=0.8))
    await live_table.reload()
    assert live_table.live.table.version == newer.version
    assert live_table.live.problem is None


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"source": "simulated"}, "source"),
        ({"source": "imported"}, "source"),
        ({"taxonomy_version": "v0"}, "taxonomy"),
        ({"taxonomy_version": None}, "taxonomy"),
    ],
)
async def test_what_may_not_be_served_is_not(live_table, make_table, publish, changes, problem):
    publish(make_table(**changes))
    await live_table.reload()
    assert (live_table.live.table, live_table.live.problem) == (None, problem)


@pytest.mark.parametrize("changes", [{"source": "simulated"}, {"taxonomy_version": "v0"}])
async def test_a_newer_table_that_may_not_be_served_leaves_the_last_good_one(live_table, make_table, publish, changes):
    good = publish(make_table())
    await live_table.reload()
    publish(make_table(**changes))
    await live_table.reload()
    assert live_table.live.table.version == good.version
    assert live_table.live.problem is not None


async def test_a_changed_row_leaves_the_last_good_table(live_table, make_table, publish, store):
    good = publish(make_table())
    await live_table.reload()
    spoil(store, publish(make_table(min_accuracy=0.8)).version)
    await live_table.reload()
    assert live_table.live.table.version == good.version
    assert live_table.live.problem == "untrusted"


async def test_a_repaired_publication_is_taken_over(live_table, make_table, publish, store):
    spoil(store, publish(make_table()).version)
    await live_table.reload()
    assert live_table.live.table is None
    sound = publish(make_table(min_accuracy=0.8))
    await live_table.reload()
    assert live_table.live == Live(table=store.tables.get(sound.version), problem=None, classifier=None)


async def test_a_store_that_vanishes_or_rots_leaves_the_last_good_table(
    live_table, make_table, publish, store, store_url
):
    good = publish(make_table())
    await live_table.reload()
    store.close()
    remove(store_url)
    await live_table.reload()
    assert live_table.live.table.version == good.version
    assert live_table.live.problem is not None
    overwrite(store_url, b"this is no database at all" * 100)
    await live_table.reload()
    assert live_table.live.table.version == good.version
    assert live_table.live.problem == "store"


async def test_a_store_that_cannot_be_opened_is_a_problem_and_no_exception(rules):
    live_table = LiveTable(StoreSource("mystery://nowhere"), rules)
    await live_table.reload()
    assert live_table.live.problem == "store"


async def test_the_published_winner_classifies(live_table, make_table, publish, store):
    publish(make_table())
    publish_winner(store, Candidate("sorter", "low"))
    await live_table.reload()
    assert live_table.live.classifier == Candidate("sorter", "low")


async def test_the_published_winner_is_told_beside_the_table(open_shim, make_table, publish, store):
    publish(make_table())
    publish_winner(store, Candidate("sorter", "low"))
    async with open_shim() as shim:
        told = (await shim.get("/routing-table")).json()
    assert told["classifier_winner"]["candidate"] == {"model": "sorter", "variant": "low"}


async def test_a_simulated_winner_classifies_only_when_asked_for(make_table, publish, store, store_url, rules):
    publish(make_table())
    publish_winner(store, Candidate("sorter"), source="simulated")
    seen = []
    for sources in (("benchmark",), ("benchmark", "simulated")):
        live_table = LiveTable(StoreSource(store_url), replace(rules, sources=frozenset(sources)))
        await live_table.reload()
        seen.append(live_table.live.classifier)
    assert seen == [None, Candidate("sorter")]


async def test_it_follows_the_store_by_itself(make_table, publish, store_url, rules):
    first = publish(make_table())
    live_table = LiveTable(StoreSource(store_url), rules, max_age_s=0.02)
    async with live_table.kept_fresh():
        assert live_table.live.table.version == first.version
        second = publish(make_table(min_accuracy=0.8))
        for _ in range(500):
            if live_table.live.table.version == second.version:
                break
            await asyncio.sleep(0.02)
    assert live_table.live.table.version == second.version


async def test_a_store_that_never_answers_does_not_hold_up_the_start(rules, monkeypatch):
    monkeypatch.setattr(live_module, "_FIRST_READ_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        live_table = LiveTable(
            StoreSource(f"postgresql://routelab@127.0.0.1:{silent.getsockname()[1]}/routelab"), rules
        )
        async with asyncio.timeout(5), live_table.kept_fresh():
            assert live_table.live == Live()


async def test_a_simulated_table_is_served_under_its_name_when_asked_for(open_shim, make_table, publish, ask):
    publish(make_table(source="simulated"))
    async with open_shim() as shim:
        refused, health = await ask(shim), (await shim.get("/health")).json()
    async with open_shim(sources=["benchmark", "simulated"]) as shim:
        served = await ask(shim)
    assert (refused["decision"], refused["reason"]) == (None, "no_table")
    assert (health["status"], health["table_problem"]) == ("degraded", "source")
    assert served["decision"]["source"] == "simulated"


async def test_decisions_go_on_after_the_store_is_gone(shim, ask, store, store_url):
    store.close()
    remove(store_url)
    answer = await ask(shim)
    assert answer["decision"]["model"] == "cheap"


async def test_what_models_can_take_comes_from_the_configuration(open_shim, make_config, publish, make_table, ask):
    table = make_table()
    publish(table)
    last = table.routes["debugging/bug_fixing"][-1]
    known = {last.model: {"input_modalities": ["text", "image"], "context_length": 1000}}
    async with open_shim(capabilities=known) as client:
        answer = await ask(client, constraints={"input_modalities": ["image"]})
        assert answer["decision"]["model"] == last.model
    async with open_shim() as client:
        answer = await ask(client, constraints={"input_modalities": ["image"]})
        assert (answer["decision"], answer["reason"]) == (None, "no_candidate")
