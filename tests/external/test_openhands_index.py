"""Our summaries and tables of 34 real models on five kinds of agentic work, beside the published scores."""

from pathlib import Path

import pytest
from tests.external.conftest import as_attempts, rows_of

from routelab.bench import summarise
from routelab.decision import decide
from routelab.publish import check_table
from routelab.records import Attempt, Candidate, Summary
from routelab.table import TableRules, build_table, dump_table, load_table

pytestmark = pytest.mark.external
PUBLISHED_SIZES = {"swe-bench": 500, "gaia": 165, "swt-bench": 433, "commit0": 16}
TASKS = (*PUBLISHED_SIZES, "swe-bench-multimodal")


@pytest.fixture(scope="module")
def attempts(data: Path) -> list[Attempt]:
    rows = rows_of(data / "openhands_index" / "outcomes.csv")
    return as_attempts(
        (row["model"], row["task"], row["instance_id"], row["resolved"], row["cost_usd"]) for row in rows
    )


@pytest.fixture(scope="module")
def summaries(attempts: list[Attempt]) -> list[Summary]:
    candidates = sorted({attempt.candidate for attempt in attempts}, key=str)
    return summarise(attempts, candidates=candidates, routes=TASKS, repetitions=1, confidence=0.9)


def test_our_resolved_counts_give_the_published_scores_but_for_the_ten_known_cells(
    data: Path, summaries: list[Summary]
) -> None:
    found = {(item.model, item.route): item for item in summaries}
    published = [
        row
        for row in rows_of(data / "openhands_index" / "published_scores.csv")
        if row["task"] in PUBLISHED_SIZES and row["metric"] == "accuracy"
    ]
    disagreeing = 0
    for row in published:
        summary = found[row["model"], row["task"]]
        resolved = (summary.accuracy or 0) * summary.cases
        score = round(100 * resolved / PUBLISHED_SIZES[row["task"]], 1)
        disagreeing += abs(score - float(row["score"])) > 0.051
    assert (len(published), disagreeing) == (136, 10)


def test_an_unknown_cost_is_no_zero(attempts: list[Attempt], summaries: list[Summary]) -> None:
    unpriced = {(attempt.candidate, attempt.route) for attempt in attempts if attempt.cost_usd is not None}
    for summary in summaries:
        if summary.route is not None:
            assert (summary.avg_cost_usd is None) == ((summary.candidate, summary.route) not in unpriced)


def test_the_table_ranks_what_is_proven_by_cost_per_accuracy(summaries: list[Summary]) -> None:
    table = build_table(summaries, routes=TASKS, source="imported", min_accuracy=0.7, taxonomy_version="index")
    rules = TableRules(sources=frozenset({"imported"}), taxonomy_version="index", routes=frozenset(TASKS))
    check_table(table, rules)
    assert load_table(dump_table(table)) == table
    ranked = table.routes["swe-bench"]
    proven = [item for item in ranked if item.evidence == "proven"]
    assert proven, "with 500 cases several models must be proven at 70%"
    assert list(ranked[: len(proven)]) == proven
    worth = [(item.avg_cost_usd or 0) / item.accuracy for item in proven]
    assert worth == sorted(worth)
    for item in ranked:
        assert item.accuracy_low is not None
        assert item.accuracy_high is not None
        assert (item.evidence == "rejected") == (item.accuracy_high < 0.7)


def test_sixteen_cases_prove_little(summaries: list[Summary]) -> None:
    table = build_table(summaries, routes=TASKS, source="imported", min_accuracy=0.7)
    assert not any(item.evidence == "proven" for item in table.routes["commit0"])


def test_decisions_follow_the_table(summaries: list[Summary]) -> None:
    table = build_table(summaries, routes=TASKS, source="imported", min_accuracy=0.7)
    first = table.routes["swe-bench"][0]
    decision = decide("swe-bench", table)
    assert decision is not None
    assert decision.model == first.model
    assert decision.source == "imported"
    denied = decide("swe-bench", table, policy={"denied_models": [first.model]}, incumbent={"model": first.model})
    assert denied is not None
    assert (denied.model, denied.switch_reason) == (table.routes["swe-bench"][1].model, "unavailable")
    best = decide("swe-bench", table, policy={"routing_mode": "best_accuracy"})
    assert best is not None
    assert best.accuracy == max(item.accuracy for item in table.routes["swe-bench"])


def test_a_candidate_is_written_as_it_was_measured(summaries: list[Summary]) -> None:
    assert all(Candidate.parse(str(item.candidate)) == item.candidate for item in summaries)
