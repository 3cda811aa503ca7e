import polars as pl
from tests.spec.samples import ATLAS, CEDAR, ROUTES, attempt
from tests.unit.report.samples import attempts, measured, results, table

from routelab.report.frames import attempt_frame, outcome_matrix, summary_frame, table_frame


def test_the_outcome_matrix_has_exactly_the_columns_of_the_contract() -> None:
    columns = ["case_id", "route", "candidate", "repetition", "score", "cost_usd", "latency_ms"]
    assert outcome_matrix([]).columns == columns
    matrix = outcome_matrix([attempt(candidate=CEDAR, cost_usd=None)])
    assert matrix.columns == columns
    assert matrix.row(0) == ("debugging-case-1", ROUTES[0], "sim/cedar@high", 1, 1.0, None, 12.5)


def test_empty_frames_keep_their_types() -> None:
    full = outcome_matrix(measured())
    assert outcome_matrix([]).schema == full.schema
    assert attempt_frame([]).schema == attempt_frame(measured()).schema
    assert (
        summary_frame([], min_accuracy=0.5).schema
        == summary_frame(results(measured()).summaries, min_accuracy=0.5).schema
    )


def test_attempts_that_infrastructure_failed_have_no_score() -> None:
    failed = attempt(status="infrastructure", score=None, error_kind="unreachable", latency_ms=None)
    row = attempt_frame([failed]).row(0, named=True)
    assert (row["status"], row["score"], row["error_kind"]) == ("infrastructure", None, "unreachable")


def test_summaries_tell_what_their_interval_proves() -> None:
    found = attempts({(ATLAS, ROUTES[0]): [1.0] * 9, (CEDAR, ROUTES[0]): [0.0] * 9})
    frame = summary_frame(results(found).summaries, min_accuracy=0.75).filter(pl.col("route") == ROUTES[0])
    assert dict(zip(frame["candidate"], frame["evidence"], strict=True)) == {
        "sim/atlas": "proven",
        "sim/cedar@high": "rejected",
    }


def test_a_table_frame_ranks_from_one_on_every_route() -> None:
    frame = table_frame(table(measured()))
    assert frame.select("route", "rank", "candidate").rows() == [
        (route, rank, name) for route in ROUTES for rank, name in ((1, "sim/atlas"), (2, "sim/cedar@high"))
    ]
