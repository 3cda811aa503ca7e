"""What LiteLLM books for a routed request, in rows that LiteLLM itself made."""

import concurrent.futures
import json
from importlib.resources import files

import psycopg
import pytest
import sqlalchemy
from tests.integration.litellm.conftest import APIS, BUG, CLASSIFIER, VIRTUAL, chat
from tests.integration.loopback import SIMULATED, Reply, completion
from tests.services import postgres_server

CLASSIFICATION = {
    "task_type": "debugging",
    "subtask_type": "bug_fixing",
    "context_complexity": "small",
    "reasoning_complexity": "low",
    "risk_level": "low",
    "execution_mode": "code_change",
    "requires_tools": False,
    "confidence": 0.9,
}


def overhead(rows):
    return [row for row in rows if row["model_group"] == VIRTUAL]


def test_a_classification_shared_by_requests_at_the_same_time_is_billed_once(stack, call):
    stack.rows()
    headers = {"x-litellm-session-id": "at-the-same-time"}
    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        calls = [pool.submit(call, "/v1/chat/completions", chat(BUG), headers=headers) for _ in range(5)]
        costs = [float(done.result()[0]["overhead-cost-usd"]) for done in calls]
    assert len([cost for cost in costs if cost > 0]) == 1
    (row,) = overhead(stack.rows())
    assert row["spend"] == pytest.approx(sum(costs))


@pytest.mark.parametrize("path", APIS)
def test_a_streamed_turn_is_booked_as_one_that_is_not(stack, call, path):
    stack.rows()
    for stream in (False, True):
        _, text, _ = call(path, {**APIS[path], "stream": stream})
    plain, streamed = (row for row in stack.rows() if row["model_group"] != VIRTUAL)
    assert streamed["spend"] > 0
    assert (streamed["prompt_tokens"], streamed["completion_tokens"]) == (
        plain["prompt_tokens"],
        plain["completion_tokens"],
    )
    if path == "/v1/chat/completions":
        assert '"usage"' not in text  # it was asked of the provider, not by the client


def test_a_cost_that_is_not_known_is_a_row_that_says_so(stack, call):
    stack.rows()
    unpriced = Reply(completion(json.dumps(CLASSIFICATION), cost=None).body, headers=SIMULATED)
    stack.endpoint.script = lambda call, _: unpriced if call.body["model"] == CLASSIFIER else None
    try:
        ours, _, _ = call("/v1/chat/completions", chat(BUG), headers={"x-litellm-session-id": "unpriced"})
    finally:
        stack.endpoint.script = lambda *_: None
    assert "overhead-cost-usd" not in ours
    (row,) = overhead(stack.rows())
    assert (row["request_id"], row["spend"]) == (f"routelab-{ours['decision-id']}", 0)
    assert {"routelab-overhead", "routelab-cost-unknown"} <= set(json.loads(row["request_tags"]))
    assert "routelab_cost_unknown" in stack.proxy.log()


@pytest.fixture(scope="module")
def database():
    """PostgreSQL with the tables that LiteLLM's own migrations make."""
    with postgres_server() as url:
        at = sqlalchemy.make_url(url)
        with psycopg.connect(host=at.query["host"], user=at.username, dbname=at.database, autocommit=True) as opened:
            for migration in sorted(files("litellm_proxy_extras").joinpath("migrations").glob("*/migration.sql")):
                opened.execute(migration.read_text())
            yield opened


@pytest.mark.postgres
def test_the_rows_are_ones_of_litellms_own_table(stack, call, database):
    """LiteLLM's client of the database is not to be had here; its table is, and takes the rows."""
    table = '"LiteLLM_SpendLogs"'
    stack.rows()
    ours, _, _ = call("/v1/chat/completions", chat(BUG), headers={"x-litellm-session-id": "in-the-table"})
    for row in stack.rows():
        decoded = {
            name: json.loads(value) if name in ("metadata", "request_tags") else value for name, value in row.items()
        }
        names = ", ".join(f'"{name}"' for name in decoded)
        database.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table}, %s)",
            [json.dumps(decoded)],
        )
    columns = 'request_id, "user", team_id, model_group, spend, request_tags'
    found = database.execute(f"SELECT {columns} FROM {table} ORDER BY spend DESC").fetchall()
    decided, turn = found
    assert decided == (
        f"routelab-{ours['decision-id']}",
        "ann",
        "blue",
        VIRTUAL,
        pytest.approx(float(ours["overhead-cost-usd"])),
        ["routelab-overhead"],
    )
    assert turn[1:4] == ("ann", "blue", "sim/cedar-mini")
    assert 0 < turn[4] < decided[4]
