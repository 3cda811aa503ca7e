import re
from dataclasses import replace
from html import unescape
from typing import Any

import polars as pl
import pytest
from msgspec import structs
from tests.spec.samples import ATLAS, CEDAR, ROUTES, attempt, engine, lane_failure
from tests.unit.report.samples import attempts, measured, results, table

from routelab.decision import decide
from routelab.records import Candidate, RunCandidate
from routelab.report.views import ClassifierReport, Column, DeciderReport, Grid, TableReport


def shown(view: Any) -> str:
    """The text of a view, its tags replaced by spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", view._repr_html_())).split())


def decider(found: Any = None, **changes: Any) -> DeciderReport:
    return DeciderReport(results(measured() if found is None else found, **changes), difficulties=None)


def classifier(found: Any, **changes: Any) -> ClassifierReport:
    return ClassifierReport(results(found, kind="classifier", **changes))


@pytest.mark.parametrize("source", ["simulated", "imported"])
def test_what_was_not_measured_here_says_so_in_every_view(source: Any) -> None:
    word = source.capitalize() + ":"
    report = decider(source=source)
    published = TableReport(table(measured(), source=source), live=True)
    views = [report, report.candidates(), report.failures(), published, published.ranking(), published.serving()]
    assert all(word in shown(view) for view in views)


def test_an_own_benchmark_needs_no_notice() -> None:
    assert "Simulated" not in shown(decider(source="benchmark"))
    assert "invented" not in shown(decider(source="benchmark"))


def test_the_head_of_a_run_says_what_it_was() -> None:
    text = shown(decider(max_cost_usd=2.0))
    for part in (
        "decider-1, completed",
        "2026-04-01 12:00 UTC, in 1 min 15 s",
        "decider/v1 (sha256 dddddddddddd)",
        "2 measured in this run",
        "min_accuracy 75%, confidence 90% two-sided, rule proven",
        "$1.50 of invented money, limit $2.00",
        "no infrastructure failure",
    ):
        assert part in text


def test_a_sample_and_carried_candidates_are_told() -> None:
    made = results(measured(), engine=engine(case_ids=("a", "b", "c")))
    carried = replace(made, candidates=(RunCandidate(ATLAS), RunCandidate(CEDAR, "decider-0")))
    text = shown(DeciderReport(carried, difficulties=None))
    assert "a sample of 3 cases" in text
    assert "1 measured in this run" in text
    assert "sim/cedar@high: carried from decider-0" in text


def test_a_real_endpoint_is_told_by_its_host_alone() -> None:
    report = decider(engine=engine(endpoint="https://user:sk-secret@api.example.com/v1?key=k", endpoint_version=None))
    assert "api.example.com" in shown(report)
    assert "secret" not in shown(report)
    assert "key=k" not in shown(report)


def test_lost_cases_are_counted_and_named() -> None:
    lost = attempt(
        candidate=ATLAS, case_id="lost", status="infrastructure", score=None, error_kind="unreachable", cost_usd=None
    )
    made = replace(results([*measured(), lost]), lane_failures=(lane_failure(),))
    text = shown(DeciderReport(made, difficulties=None))
    assert "1 case could not be measured because infrastructure failed" in text
    assert "1 attempt failed by infrastructure (unreachable 1)" in text
    assert "lane of sim/cedar@high died: SandboxError: no folder" in text
    failures = decider([*measured(), lost]).failures()
    assert failures.frame().rows() == [("infrastructure", "unreachable", 1, 1)]


def test_unknown_costs_are_counted() -> None:
    found = [structs.replace(item, cost_usd=None) if item.candidate == CEDAR else item for item in measured()]
    assert "the cost of 8 attempts is unknown" in shown(decider(found))


def test_an_interrupted_run_says_why_it_stopped() -> None:
    text = shown(decider(status="interrupted", stop_reason="the money limit is reached"))
    assert "This run is interrupted: the money limit is reached." in text


def test_few_cases_prove_nothing_and_the_report_says_why() -> None:
    text = shown(decider())
    assert "every one of its 4 cases on a route right reaches accuracy_low = 59.7%" in text
    assert "Nothing can be proven" in shown(TableReport(table(measured()), live=True))


def test_where_something_is_proven_nothing_is_explained() -> None:
    assert "proven on any route" not in shown(decider(measured(cases=9)))
    assert "proven on any route" not in shown(TableReport(table(measured(cases=9)), live=True))


def test_names_cannot_bring_markup_into_a_report() -> None:
    wicked = Candidate("x<script>alert(1)</script>")
    found = attempts({(wicked, ROUTES[0]): [1.0]})
    report = decider(found, candidates=(wicked,))
    html = report._repr_html_() + report.candidates()._repr_html_()
    assert "<script>" not in html
    assert "x&lt;script&gt;" in html


def test_the_most_accurate_candidate_stands_first() -> None:
    assert decider().candidates().frame()["candidate"].to_list() == ["sim/atlas", "sim/cedar@high"]


def test_a_grid_of_nothing_says_none() -> None:
    grid = Grid("Empty", pl.DataFrame(schema={"a": pl.String}), [Column("A", lambda row: row["a"])])
    assert shown(grid) == "Empty A none"


class TestDifficulty:
    def test_the_mean_is_over_cases_not_attempts(self) -> None:
        twice = attempts({(ATLAS, ROUTES[0]): [0.0, 1.0]}) + [
            structs.replace(item, repetition=2) for item in attempts({(ATLAS, ROUTES[0]): [1.0]})
        ]
        levels = {f"{ROUTES[0]}-0": "low", f"{ROUTES[0]}-1": "low"}
        report = DeciderReport(results(twice), difficulties=levels)
        assert report.by_difficulty().rows() == [("sim/atlas", "low", 0.75, 2)]

    def test_it_is_not_made_up_when_the_dataset_is_gone(self) -> None:
        with pytest.raises(ValueError, match="not there any more"):
            decider().by_difficulty()
        with pytest.raises(ValueError, match="no chart 'difficulty'"):
            decider().plot("difficulty")


GOOD = {(ATLAS, ROUTES[0]): [1.0] * 4, (CEDAR, ROUTES[0]): [0.8] * 4}


class TestClassifierChoice:
    def test_the_cheapest_within_the_limit(self) -> None:
        text = shown(classifier(attempts(GOOD)))
        assert "Choice: sim/cedar@high, the cheapest that reaches 75% within p95 1.00 s" in text

    def test_the_quickest_when_all_are_too_slow(self) -> None:
        text = shown(classifier(attempts(GOOD), classifier_max_p95_latency_ms=50.0))
        assert "the quickest that reaches 75%, since none of them is within p95 50 ms" in text

    def test_the_most_accurate_when_none_is_good_enough(self) -> None:
        text = shown(classifier(attempts({(ATLAS, ROUTES[0]): [0.5], (CEDAR, ROUTES[0]): [0.4]})))
        assert "Choice: sim/atlas, the most accurate, since none reaches 75%" in text

    def test_nothing_graded(self) -> None:
        assert "there is no classifier to choose" in shown(classifier([]))


class TestTable:
    def test_the_head_says_where_it_comes_from(self) -> None:
        made = table(measured())
        text = shown(TableReport(made, live=False))
        for part in (f"{made.version}, not live", "Source simulated", "decider-1", "proven, min_accuracy 75%"):
            assert part in text
        assert "2 routes, 4 ranked candidates: 0 proven, 4 unproven, 0 rejected" in text

    def test_who_serves_is_what_decide_says(self) -> None:
        made = table(measured())
        served = TableReport(made, live=True).serving().frame()
        for row in served.iter_rows(named=True):
            first = decide(row["route"], made)
            assert first is not None
            assert row["cost_per_accuracy"] == str(first.candidate) == "sim/atlas"
            assert row["if_denied"] == "sim/cedar@high"
            assert row["cost_ratio"] == pytest.approx(0.05)

    def test_nobody_serves_an_empty_route(self) -> None:
        text = shown(TableReport(table(attempts({(ATLAS, ROUTES[0]): [1.0]})), live=True).serving())
        assert f"{ROUTES[0]} sim/atlas" in text
        assert f"{ROUTES[1]} – – – nobody" in text

    def test_what_becomes_of_conversations_is_what_decide_says(self) -> None:
        found = attempts({(ATLAS, ROUTES[0]): [1.0] * 4, (CEDAR, ROUTES[0]): [1.0] * 4})
        moves = TableReport(table(found), live=True).moves()
        assert moves.rows() == [(ROUTES[0], "sim/cedar@high", "first"), (ROUTES[0], "sim/atlas", "cost")]

    def test_the_ranking_shows_the_first_of_every_route(self) -> None:
        ranking = TableReport(table(measured()), live=True).ranking(top=1)
        assert ranking.frame()["candidate"].to_list() == ["sim/atlas", "sim/atlas"]
