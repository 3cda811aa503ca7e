"""What is counted, read back with Prometheus' own parser."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import asdict
from prometheus_client.parser import text_string_to_metric_families
from tests.serve.decision_log.conftest import classification, decision

from routelab.decision_log import LoggedShadow
from routelab_serve.contract import DecideResponse, ServedClassification
from routelab_serve.decision_log import LogCounts
from routelab_serve.entry import Stages
from routelab_serve.metrics import Metrics
from routelab_serve.tables import Live

ROUTE = "debugging/bug_fixing"
BUCKET = "routelab_stage_seconds_bucket"
AT = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def metrics(taxonomy):
    return Metrics(routes=taxonomy.routes)


def answer(decided=True, classified=True, cached=False, reason=None, cost_usd=0.0002, took=None, **changes):
    """An answer and its times; changes are of its decision or its classification."""
    of_classification = {key: changes.pop(key) for key in ("fallback",) if key in changes}
    served = ServedClassification(
        **asdict(classification(**of_classification)), classifier_model="sorter", cached=cached
    )
    response = DecideResponse(
        decision=decision(**changes) if decided else None,
        reason=reason,
        classification=served if classified else None,
        cost_usd=cost_usd,
        decision_id="d",
    )
    return response, took or Stages(session_ms=0.02, classify_ms=80.0, total_ms=81.0)


def samples(metrics):
    """Every sample by name and label values, these in the order of their labels' names."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.render().decode())
        for sample in family.samples
    }


def test_before_the_first_request_everything_can_be_scraped(metrics):
    seen = samples(metrics)
    assert seen["routelab_stage_seconds_count", "total"] == 0
    assert seen["routelab_classifications_total", "cached"] == 0
    assert not any(name == "routelab_decisions_total" for name, *_ in seen)


def test_decisions_are_counted_by_what_was_decided(metrics):
    for changes in ({}, {}, {"sticky": False, "switch_reason": "cost"}, {"model": "dear"}):
        metrics.record(*answer(**changes))
    metrics.record(*answer(decided=False, reason="no_table"))
    seen = samples(metrics)
    name = "routelab_decisions_total"
    assert {key[1:]: value for key, value in seen.items() if key[0] == name} == {
        ("cheap", ROUTE, "benchmark", "yes", "none"): 2,
        ("cheap", ROUTE, "benchmark", "no", "cost"): 1,
        ("dear", ROUTE, "benchmark", "yes", "none"): 1,
    }
    assert seen["routelab_null_decisions_total", "no_table"] == 1


def test_classifications_and_their_cost_are_counted(metrics):
    metrics.record(*answer())
    metrics.record(*answer(cached=True, cost_usd=0.0))
    metrics.record(*answer(fallback=True, cost_usd=None))
    metrics.record(*answer(classified=False, decided=False))
    seen = samples(metrics)
    assert [seen["routelab_classifications_total", result] for result in ("asked", "cached", "fallback")] == [1, 1, 1]
    assert seen["routelab_classifier_cost_usd_total", "sorter"] == pytest.approx(0.0002)
    assert seen["routelab_classifier_unknown_costs_total",] == 1


def test_costs_that_no_answer_told_are_counted_too(metrics):
    metrics.record(*answer())
    metrics.classifier_billed("sorter", 0.0003)
    metrics.classifier_billed("sorter", None)
    seen = samples(metrics)
    assert seen["routelab_classifier_cost_usd_total", "sorter"] == pytest.approx(0.0005)
    assert seen["routelab_classifier_unknown_costs_total",] == 1


def test_latencies_are_seconds_in_cumulated_buckets(metrics):
    for took_ms in (0.01, 0.015, 80.0, 9999.0):
        metrics.record(*answer(took=Stages(classify_ms=took_ms)))
    seen = samples(metrics)
    buckets = [(float(key[1]), value) for key, value in seen.items() if key[0] == BUCKET and key[2] == "classify"]
    assert [(bound, value) for bound, value in buckets if bound in (1e-05, 2e-05, 0.1, 5.0, float("inf"))] == [
        (1e-05, 1),
        (2e-05, 2),
        (0.1, 3),
        (5.0, 3),
        (float("inf"), 4),
    ]
    assert seen["routelab_stage_seconds_count", "classify"] == 4
    assert seen["routelab_stage_seconds_sum", "classify"] == pytest.approx(10.079025)
    assert seen["routelab_stage_seconds_count", "encode"] == 0


def test_troubles_are_counted_by_kind(taxonomy):
    metrics = Metrics(routes=taxonomy.routes, limited=lambda: 1)
    metrics.session_failed("read_timeout")
    metrics.table_refused("virtual")
    seen = samples(metrics)
    assert seen["routelab_session_errors_total", "read_timeout"] == 1
    assert seen["routelab_table_problems_total", "virtual"] == 1
    assert seen["routelab_rate_limited_requests_total",] == 1


def test_shadows_are_counted_by_agreement(metrics):
    for ours, theirs in (("a", "a"), ("a", "b"), ("a", None)):
        metrics.shadow_answered(
            LoggedShadow(
                decision_id="d",
                at=AT,
                router="morph",
                outcome="answered" if theirs else "skipped",
                our_model=ours,
                shadow_model=theirs,
            )
        )
    seen = samples(metrics)
    name = "routelab_shadow_answers_total"
    assert {key[1:]: value for key, value in seen.items() if key[0] == name} == {
        ("yes", "answered", "morph"): 1,
        ("no", "answered", "morph"): 1,
        ("unknown", "skipped", "morph"): 1,
    }


def test_versions_of_a_table_share_a_series(metrics):
    for number in range(20):
        answer = LoggedShadow(decision_id="d", at=AT, router=f"table:v{number}", outcome="skipped")
        metrics.shadow_answered(answer)
    counted = {key[1:]: value for key, value in samples(metrics).items() if key[0] == "routelab_shadow_answers_total"}
    assert counted == {("unknown", "skipped", "table"): 20}


def test_the_table_and_the_log_are_read_when_scraped(taxonomy, make_table):
    table = make_table()
    state = {"live": Live(), "problem": None}
    metrics = Metrics(
        routes=taxonomy.routes,
        live=lambda: state["live"],
        log_counts=lambda: LogCounts(written=3, sampled_out=2, dropped=1, problem=state["problem"]),
    )
    seen = samples(metrics)
    assert not any(name == "routelab_live_table" for name, *_ in seen)
    assert seen["routelab_decision_log_failing",] == 0
    state |= {"live": Live(table=table, problem=None), "problem": "no room"}
    seen = samples(metrics)
    assert seen["routelab_live_table", "benchmark", table.version] == 1
    name = "routelab_decision_log_entries_total"
    assert [seen[name, result] for result in ("written", "sampled_out", "dropped")] == [
        3,
        2,
        1,
    ]
    assert seen["routelab_decision_log_failing",] == 1


def test_labels_are_bounded(metrics, monkeypatch):
    monkeypatch.setattr("routelab_serve.metrics._MAX_SERIES", 10)
    for number in range(50):
        metrics.record(*answer(route=f"made/up-{number}"))
        metrics.record(*answer(model=f"model-{number}"))
    found = {key[1:]: value for key, value in samples(metrics).items() if key[0] == "routelab_decisions_total"}
    assert len(found) <= 12
    assert sum(found.values()) == 100
    assert (
        found["cheap", "other", "benchmark", "yes", "none"] + found["other", "other", "benchmark", "yes", "none"] == 50
    )


def test_names_cannot_break_the_format(metrics):
    metrics.record(*answer(model='a"b\\c\nd{}'))
    assert samples(metrics)["routelab_decisions_total", 'a"b\\c\nd{}', ROUTE, "benchmark", "yes", "none"] == 1


def test_two_apps_do_not_share_counts(taxonomy):
    one, other = Metrics(routes=taxonomy.routes), Metrics(routes=taxonomy.routes)
    one.request_failed(400)
    assert samples(other)["routelab_decide_answers_total", "400"] == 0
