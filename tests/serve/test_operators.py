"""What operators see: tables, health, metrics, the decision log and shadow routers."""

import asyncio
import threading
from datetime import UTC, datetime

import msgspec
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from routelab.decision_log import read_decisions, read_shadows
from routelab.errors import ConfigError
from routelab.records import RoutingTable
from routelab.settings import Settings
from routelab.table import dump_table
from routelab_serve.app import create_app
from routelab_serve.tables import live as live_module
from routelab_serve.tables.store_source import StoreSource

ADMIN = Settings(admin_keys=SecretStr("chief"), log_hash_key=SecretStr("pepper"))
CHIEF = {"authorization": "Bearer chief"}


async def test_an_unchanged_table_is_not_sent_again(shim):
    first = await shim.get("/routing-table")
    again = await shim.get("/routing-table", headers={"if-none-match": first.headers["etag"]})
    other = await shim.get("/routing-table", headers={"if-none-match": '"another"'})
    assert first.headers["content-type"] == "application/json"
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert (other.status_code, other.content) == (200, first.content)


async def test_a_version_may_be_kept_and_is_not_sent_again(shim, store):
    version = store.tables.live().version
    first = await shim.get(f"/routing-table/{version}")
    again = await shim.get(f"/routing-table/{version}", headers={"if-none-match": first.headers["etag"]})
    assert first.headers["cache-control"] == "private, max-age=3600"
    assert "classifier_winner" not in first.json()
    assert (again.status_code, again.content) == (304, b"")
    assert (again.headers["etag"], again.headers["cache-control"]) == (first.headers["etag"], "private, max-age=3600")
    assert (await shim.get("/routing-table/nothing")).headers.get("cache-control") is None


async def test_too_many_look_ups_at_once_are_503_and_decisions_go_on(open_shim, make_table, publish, ask, monkeypatch):
    publish(make_table())
    go_on, history = threading.Event(), StoreSource.history
    monkeypatch.setattr(live_module, "_MOST_LOOK_UPS", 2)
    monkeypatch.setattr(StoreSource, "history", lambda source: go_on.wait(9) and history(source))
    async with open_shim() as shim:
        slow = [asyncio.create_task(shim.get("/routing-table/history")) for _ in range(2)]
        await asyncio.wait(slow, timeout=0.3)
        refused = await shim.get("/routing-table/history")
        assert refused.status_code == 503
        assert refused.headers["content-type"] == "application/problem+json"
        assert (refused.headers["retry-after"], "too often" in refused.json()["detail"]) == ("1", True)
        assert (await ask(shim))["decision"]["model"] == "cheap"
        go_on.set()
        assert [(await answer).status_code for answer in slow] == [200, 200]
        assert (await shim.get("/routing-table/history")).status_code == 200


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


async def test_the_log_keeps_what_tells_a_gateway_which_request_it_was(open_shim, make_table, publish, ask, tmp_path):
    publish(make_table())
    told = {"client_request_id": "r-1", "mode": "plan", "user_agent": "agent/1.0 (linux)", "body_bytes": 4096}
    async with open_shim(decision_log={"format": "sqlite", "folder": str(tmp_path / "log")}) as shim:
        await ask(shim, **told)
        await ask(shim)
    first, second = read_decisions(tmp_path / "log")
    assert {name: getattr(first, name) for name in told} == told
    assert {getattr(second, name) for name in told} == {None}


async def test_prompts_are_kept_only_when_wanted_and_without_secrets(open_shim, make_table, publish, ask, tmp_path):
    publish(make_table())
    log = {"format": "sqlite", "folder": str(tmp_path / "log"), "keep_prompts": True}
    async with open_shim(ADMIN, decision_log=log) as shim:
        await ask(shim, input={"api_kind": "messages", "user_prompt_prefix": "my key is sk-0123456789abcdefgh, chief"})
    [row] = read_decisions(tmp_path / "log")
    assert row.user_prompt == "my key is [redacted], [redacted]"


async def until_shadow_is(wanted, ask, shim):
    """Ask again and again until the answer's `shadow` is this."""
    async with asyncio.timeout(5):
        while (answer := await ask(shim))["shadow"] != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return answer


async def test_a_shadow_table_is_asked_and_logged(open_shim, make_table, publish, ask, store, tmp_path):
    publish(make_table())
    other = make_table(min_accuracy=0.95)
    store.tables.add(other)
    settings = {
        "decision_log": {"format": "sqlite", "folder": str(tmp_path / "log")},
        "shadow": {"enabled": True, "table": other.version},
    }
    async with open_shim(metrics=True, **settings) as shim:
        answer = await until_shadow_is("pending", ask, shim)
        await asyncio.sleep(0.05)
        metrics = (await shim.get("/metrics")).text
    row = list(read_shadows(tmp_path / "log"))[-1]
    assert (row.decision_id, row.router, row.outcome) == (answer["decision_id"], f"table:{other.version}", "answered")
    assert (row.our_model, row.shadow_model, row.route, row.cached) == ("cheap", "dear", "debugging/bug_fixing", False)
    assert (row.our_avg_cost_usd, row.shadow_avg_cost_usd) == (0.001, 0.1)
    decision = list(read_decisions(tmp_path / "log"))[-1]
    assert (decision.has_shadow, decision.conversation_hash) == (True, row.conversation_hash)
    assert 'agrees="no"' in metrics


async def test_a_shadow_table_that_comes_later_is_asked_from_then_on(open_shim, make_table, publish, ask, store):
    publish(make_table())
    other = make_table(min_accuracy=0.95)
    settings = {"table": {"max_age_s": 0.05}, "shadow": {"enabled": True, "table": other.version}}
    async with open_shim(metrics=True, **settings) as shim:
        without = await ask(shim)
        metrics = (await shim.get("/metrics")).text
        store.tables.add(other)
        await until_shadow_is("pending", ask, shim)
    assert without["shadow"] is None
    assert 'routelab_shadow_answers_total{agrees="unknown",outcome="skipped",router="table"} 1.0' in metrics


@pytest.mark.parametrize("unfit", [{"source": "simulated"}, {"taxonomy_version": "another"}], ids=str)
async def test_a_shadow_table_that_could_not_serve_is_not_asked(open_shim, make_table, publish, ask, store, unfit):
    publish(make_table())
    other = make_table(**unfit)
    store.tables.add(other)
    with capture_logs() as said:
        async with open_shim(metrics=True, shadow={"enabled": True, "table": other.version}) as shim:
            async with asyncio.timeout(5):
                while not (warnings := [line for line in said if line["event"] == "shadow_table_unavailable"]):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            assert (await ask(shim))["shadow"] is None
    [warning] = warnings
    assert (warning["version"], next(iter(unfit.values())) in warning["detail"]) == (other.version, True)


@pytest.mark.parametrize("shadow", [{}, {"enabled": False, "table": "x"}])
async def test_shadows_are_off_unless_switched_on(open_shim, make_table, publish, ask, tmp_path, shadow):
    publish(make_table())
    log = {"format": "sqlite", "folder": str(tmp_path / "log")}
    async with open_shim(decision_log=log, shadow=shadow) as shim:
        answer = await ask(shim, shadow={"tier": "small", "candidate_models": ["cheap", "dear"]})
    assert answer["shadow"] is None
    assert list(read_shadows(tmp_path / "log")) == []


MORPH = {"enabled": True, "morph": {"base_url": "http://127.0.0.1:1", "model_ids": {"cheap": "c", "dear": "d"}}}
TOLD = {"tier": "small", "candidate_models": ["cheap", "dear"]}


async def test_without_context_an_outside_router_is_not_even_considered(open_shim, make_table, publish, ask, tmp_path):
    publish(make_table())
    log = {"format": "sqlite", "folder": str(tmp_path / "log")}
    async with open_shim(Settings(morph_key=SecretStr("k")), decision_log=log, shadow=MORPH) as shim:
        without = await ask(shim)
        told = await ask(shim, shadow=TOLD)
        await asyncio.sleep(0.05)
    assert (without["shadow"], told["shadow"]) == (None, "pending")
    [answer] = read_shadows(tmp_path / "log")
    assert (answer.decision_id, answer.outcome, answer.reason) == (told["decision_id"], "failed", "unreachable")


async def test_a_model_under_experiment_is_not_told_whatever_its_variant(open_shim, make_table, publish, ask, tmp_path):
    publish(make_table())
    shadow = {"enabled": True, "morph": {**MORPH["morph"], "experiments": ["dear@high"]}}
    log = {"format": "sqlite", "folder": str(tmp_path / "log")}
    async with open_shim(Settings(morph_key=SecretStr("k")), decision_log=log, shadow=shadow) as shim:
        answer = await ask(shim, shadow={**TOLD, "candidate_models": ["cheap", "dear@low"]})
    assert answer["shadow"] is None
    assert [row.reason for row in read_shadows(tmp_path / "log")] == ["experiment"]


@pytest.mark.parametrize("rate", [0.0, 1.0])
async def test_a_skip_that_needs_no_asking_leaves_sampling_as_it_is(
    open_shim, make_table, publish, ask, tmp_path, rate
):
    publish(make_table())
    log = {"format": "sqlite", "folder": str(tmp_path / "log"), "sample_rate": rate}
    async with open_shim(decision_log=log, shadow=MORPH) as shim:
        answers = [await ask(shim, shadow=TOLD) for _ in range(3)]
    assert [answer["shadow"] for answer in answers] == [None] * 3
    (tmp_path / "log").mkdir(exist_ok=True)
    decisions, shadows = list(read_decisions(tmp_path / "log")), list(read_shadows(tmp_path / "log"))
    assert len(decisions) == len(shadows) == 3 * rate
    assert [(row.outcome, row.reason) for row in shadows] == [("skipped", "no_key")] * len(shadows)
    assert [(row.sampled, row.has_shadow) for row in decisions] == [(True, False)] * len(decisions)


def test_shadows_that_nobody_would_see_are_a_mistake(make_config):
    with pytest.raises(ConfigError, match="nobody would see"):
        create_app(make_config(shadow={"enabled": True}), Settings())
