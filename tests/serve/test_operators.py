"""What operators see: tables, health, metrics, the decision log and shadow routers."""

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest
from pydantic import SecretStr

from routelab.decision_log import read_decisions, read_shadows
from routelab.errors import ConfigError
from routelab.records import RoutingTable
from routelab.settings import Settings
from routelab.table import dump_table
from routelab_serve.app import create_app

ADMIN = Settings(admin_keys=SecretStr("chief"), log_hash_key=SecretStr("pepper"))
CHIEF = {"authorization": "Bearer chief"}


async def test_an_unchanged_table_is_not_sent_again(shim):
    first = await shim.get("/routing-table")
    again = await shim.get("/routing-table", headers={"if-none-match": first.headers["etag"]})
    other = await shim.get("/routing-table", headers={"if-none-match": '"another"'})
    assert first.headers["content-type"] == "application/json"
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert (other.status_code, other.content) == (200, first.content)


async def test_reload_takes_over_at_once_and_history_tells_both(open_shim, make_table, publish):
    first = publish(make_table())
    async with open_shim(ADMIN) as shim:
        second = publish(make_table(min_accuracy=0.8))
        report = (await shim.post("/admin/reload", headers=CHIEF)).json()
        live = (await shim.get("/routing-table")).json()
        history = (await shim.get("/routing-table/history")).json()
        old = await shim.get(f"/routing-table/{first.version}")
        missing = await shim.get("/routing-table/nothing")
    assert report == {"changed": True, "version": second.version, "problem": None, "detail": None}
    assert live["version"] == second.version
    assert [entry["version"] for entry in history] == [second.version, first.version]
    assert msgspec.json.decode(old.content, type=RoutingTable).routes == first.routes
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")


async def test_a_bad_table_is_reported_and_the_good_one_stays(open_shim, make_table, publish):
    good = publish(make_table())
    async with open_shim(ADMIN, metrics=True) as shim:
        publish(make_table(source="simulated"))
        report = (await shim.post("/admin/reload", headers=CHIEF)).json()
        ready, metrics = await shim.get("/health/ready"), (await shim.get("/metrics")).text
    assert (report["changed"], report["version"], report["problem"]) == (False, good.version, "source")
    assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
    assert 'routelab_table_problems_total{problem="source"} 1.0' in metrics


async def test_a_table_file_knows_no_history_and_is_enough(open_shim, make_table, tmp_path, ask):
    table = make_table()
    (tmp_path / "table.json").write_bytes(dump_table(table))
    async with open_shim(table={"file": str(tmp_path / "table.json")}) as shim:
        answer, history = await ask(shim), await shim.get("/routing-table/history")
        own = await shim.get(f"/routing-table/{table.version}")
    assert answer["decision"]["table_version"] == table.version
    assert (history.status_code, own.status_code) == (404, 200)


async def test_a_place_that_cannot_be_read_is_503_for_history_and_a_null_decision(open_shim, ask, endpoint):
    async with open_shim(table={"file": "/nowhere.json"}) as shim:
        version, ready = await shim.get("/routing-table/v1"), await shim.get("/health/ready")
        live, answer = await shim.get("/health/live"), await ask(shim)
    assert (version.status_code, ready.status_code, live.status_code) == (503, 503, 200)
    assert (answer["decision"], answer["reason"]) == (None, "no_table")
    assert endpoint.calls == []


async def test_metrics_count_what_was_answered(open_shim, make_table, publish, ask):
    table = publish(make_table())
    async with open_shim(metrics=True) as shim:
        for _ in range(3):
            await ask(shim)
        await ask(shim, policy={"denied_models": ["cheap"]})
        await ask(shim, policy={"pool": []})
        response = await shim.get("/metrics")
    said = response.text
    labels = 'model="{}",route="debugging/bug_fixing",source="benchmark",sticky="no",switch_reason="{}"'
    assert response.headers["content-type"].startswith("text/plain")
    assert f"routelab_decisions_total{{{labels.format('cheap', 'none')}}} 3.0" in said or "3.0" in said
    for expected in (
        'routelab_null_decisions_total{reason="no_candidate"} 1.0',
        'routelab_classifications_total{result="cached"} 4.0',
        'routelab_classifications_total{result="asked"} 1.0',
        'routelab_classifier_cost_usd_total{classifier="sorter"} 0.0002',
        'routelab_stage_seconds_count{stage="total"} 5.0',
        f'version="{table.version}"',
    ):
        assert expected in said


async def test_metrics_are_not_there_unless_wanted(shim):
    assert (await shim.get("/metrics")).status_code == 404


@pytest.mark.parametrize("form", ["sqlite", "parquet"])
async def test_the_log_tells_what_was_decided(open_shim, make_table, publish, ask, tmp_path, form):
    table = publish(make_table())
    log = {"format": form, "folder": str(tmp_path / "log")}
    async with open_shim(ADMIN, decision_log=log) as shim:
        first = await ask(shim)
        switched = await ask(shim, policy={"denied_models": ["cheap"]})
        null = await ask(shim, policy={"pool": []})
    rows = list(read_decisions(tmp_path / "log"))
    assert [row.decision_id for row in rows] == [answer["decision_id"] for answer in (first, switched, null)]
    assert [row.switch_reason for row in rows] == [None, "unavailable", None]
    assert (rows[1].model, rows[1].incumbent_model, rows[2].reason) == ("middle", "cheap", "no_candidate")
    assert (rows[0].classifier_model, rows[0].classifier_calls, rows[0].cached) == ("sorter", 1, False)
    assert (rows[1].classifier_calls, rows[1].cached, rows[1].classifier_cost_usd) == (0, True, 0)
    for row in rows:
        assert row.table_version == table.version
        assert row.route == "debugging/bug_fixing"
        assert row.user_hash not in (None, "ann")
        assert row.user_prompt is None
        assert 0 < row.decode_ms < row.total_ms
        assert None not in (row.session_ms, row.classify_ms, row.decide_ms, row.encode_ms)
    assert len({row.conversation_hash for row in rows}) == 1
    assert (datetime.now(UTC) - rows[0].at).total_seconds() < 60


async def test_prompts_are_kept_only_when_wanted_and_without_secrets(open_shim, make_table, publish, ask, tmp_path):
    publish(make_table())
    log = {"format": "sqlite", "folder": str(tmp_path / "log"), "keep_prompts": True}
    async with open_shim(ADMIN, decision_log=log) as shim:
        await ask(shim, input={"api_kind": "messages", "user_prompt_prefix": "my key is sk-0123456789abcdefgh, chief"})
    [row] = read_decisions(tmp_path / "log")
    assert row.user_prompt == "my key is [redacted], [redacted]"


async def test_a_shadow_table_is_asked_logged_and_answered_from_memory(
    open_shim, make_table, publish, ask, store, tmp_path
):
    publish(make_table())
    other = make_table(min_accuracy=0.95)
    store.tables.add(other)
    settings = {
        "decision_log": {"format": "sqlite", "folder": str(tmp_path / "log")},
        "shadow": {"enabled": True, "table": other.version},
    }
    async with open_shim(metrics=True, **settings) as shim:
        first = await ask(shim)
        await asyncio.sleep(0.05)
        second = await ask(shim)
        metrics = (await shim.get("/metrics")).text
    name = f"table:{other.version}"
    assert first["shadow"] == "pending"
    assert (second["shadow"][name]["model"], second["shadow"][name]["status"]) == ("dear", "answered")
    one, two = sorted(read_shadows(tmp_path / "log"), key=lambda answer: answer.cached)
    assert (one.our_model, one.shadow_model, one.route, one.cached) == ("cheap", "dear", "debugging/bug_fixing", False)
    assert two.cached
    assert {row.has_shadow for row in read_decisions(tmp_path / "log")} == {True}
    assert 'agrees="no"' in metrics


@pytest.mark.parametrize("shadow", [{}, {"enabled": False, "table": "x"}])
async def test_shadows_are_off_unless_switched_on(open_shim, make_table, publish, ask, tmp_path, shadow):
    publish(make_table())
    log = {"format": "sqlite", "folder": str(tmp_path / "log")}
    async with open_shim(decision_log=log, shadow=shadow) as shim:
        answer = await ask(shim, shadow={"tier": "small", "candidate_models": ["cheap", "dear"]})
    assert answer["shadow"] is None
    assert list(read_shadows(tmp_path / "log")) == []


async def test_without_context_an_outside_router_is_not_even_considered(open_shim, make_table, publish, ask, tmp_path):
    publish(make_table())
    settings = {
        "decision_log": {"format": "sqlite", "folder": str(tmp_path / "log")},
        "shadow": {"enabled": True, "morph": {"base_url": "http://127.0.0.1:1", "model_ids": {"cheap": "c"}}},
    }
    async with open_shim(**settings) as shim:
        without = await ask(shim)
        told = await ask(shim, shadow={"tier": "small", "candidate_models": ["cheap", "dear"]})
        await asyncio.sleep(0.05)
    assert (without["shadow"], told["shadow"]) == (None, "pending")
    [answer] = read_shadows(tmp_path / "log")
    assert (answer.decision_id, answer.outcome, answer.reason) == (told["decision_id"], "skipped", "no_key")


def test_shadows_that_nobody_would_see_are_a_mistake(make_config):
    with pytest.raises(ConfigError, match="nobody would see"):
        create_app(make_config(shadow={"enabled": True}), Settings())
