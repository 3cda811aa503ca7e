"""Scores between 0 and 1, of 11 real models on 365 prompts."""

from collections import defaultdict
from pathlib import Path
from statistics import fmean

import pytest
from tests.external.conftest import as_attempts, rows_of

from routelab.bench import summarise
from routelab.records import Candidate
from routelab.stats import wilson

pytestmark = pytest.mark.external


def test_partial_scores_count_as_shares_of_a_case(data: Path) -> None:
    rows = rows_of(data / "routerbench_1pct" / "outcomes.csv")
    attempts = as_attempts(
        (row["model"], row["eval_name"], row["sample_id"], row["score"], row["cost_usd"]) for row in rows
    )
    scores: defaultdict[str, list[float]] = defaultdict(list)
    for row in rows:
        scores[row["model"]].append(float(row["score"]))
    assert any(score not in (0, 1) for found in scores.values() for score in found)
    routes = sorted({attempt.route for attempt in attempts})
    candidates = [Candidate(model) for model in scores]
    summaries = summarise(attempts, candidates=candidates, routes=routes, repetitions=1, confidence=0.9)
    whole = [summary for summary in summaries if summary.route is None]
    assert len(whole) == 11
    for summary in whole:
        expected = scores[summary.model]
        assert summary.cases == len(expected) == 365
        assert summary.accuracy == pytest.approx(fmean(expected))
        assert (summary.accuracy_low, summary.accuracy_high) == wilson(sum(expected), 365, confidence=0.9)
