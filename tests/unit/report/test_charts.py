from collections.abc import Callable
from itertools import pairwise
from typing import Any

import altair as alt
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from tests.spec.samples import ATLAS, CEDAR, ROUTES
from tests.unit.report.samples import attempts, measured, results, table

from routelab.records import Attempt
from routelab.records.tables import Source
from routelab.report.charts.labels import label_heights
from routelab.report.charts.scales import amount_scale, spans_decades
from routelab.report.views import ClassifierReport, DeciderReport, TableReport

LAB_VEGA_LITE = "5.8"
"""The oldest here that is no older than JupyterLab's."""

KINDS = [
    ("classifier", "accuracy"),
    ("classifier", "latency"),
    ("classifier", "heatmap"),
    ("classifier", "evidence"),
    ("decider", "accuracy"),
    ("decider", "latency"),
    ("decider", "heatmap"),
    ("decider", "evidence"),
    ("decider", "difficulty"),
    ("table", "evidence"),
    ("table", "heatmap"),
    ("table", "moves"),
]


def report(kind: str, found: list[Attempt], source: Source = "simulated") -> Any:
    if kind == "table":
        return TableReport(table(found, source=source), live=True)
    made = results(found, kind=kind, source=source)
    if kind == "classifier":
        return ClassifierReport(made)
    levels = ("low", "medium", "high")
    return DeciderReport(made, difficulties={item.case_id: levels[n % 3] for n, item in enumerate(found)})


def texts(chart: alt.TopLevelMixin) -> str:
    """Everything a reader sees of the drawn chart."""
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    assert "NaN" not in svg
    return str(svg)


@pytest.mark.parametrize(("kind", "chart"), KINDS)
def test_every_chart_compiles_here_and_in_jupyterlab(kind: str, chart: str) -> None:
    spec = report(kind, measured()).plot(chart).to_dict()
    vl_convert.vegalite_to_vega(spec)
    vl_convert.vegalite_to_vega(spec, vl_version=LAB_VEGA_LITE)


@pytest.mark.parametrize(("kind", "chart"), KINDS)
def test_every_chart_says_that_it_is_simulated(kind: str, chart: str) -> None:
    assert "Simulated: the models are invented" in texts(report(kind, measured()).plot(chart))
    assert "Simulated" not in texts(report(kind, measured(), source="benchmark").plot(chart))


def test_an_unknown_kind_is_told_the_known_ones() -> None:
    for kind in ("classifier", "decider", "table"):
        with pytest.raises(ValueError, match="there are"):
            report(kind, measured()).plot("pie")


def test_a_candidate_of_unknown_cost_is_named_not_drawn() -> None:
    found = [structs.replace(item, cost_usd=None) if item.candidate == CEDAR else item for item in measured()]
    chart = report("decider", found).plot("accuracy")
    assert "Not shown, cost unknown: sim/cedar@high" in texts(chart)
    rows = [row for rows in chart.to_dict()["datasets"].values() for row in rows]
    assert [row["candidate"] for row in rows if "candidate" in row] == ["sim/atlas"]


def test_charts_of_nothing_graded_are_drawn_all_the_same() -> None:
    failed = attempts({(ATLAS, ROUTES[0]): [0.0]}, status="infrastructure")
    nothing = [structs.replace(item, score=None, latency_ms=None, cost_usd=None) for item in failed]
    for kind, chart in KINDS:
        assert vl_convert.vegalite_to_vega(report(kind, nothing).plot(chart).to_dict())["marks"]


def test_free_models_do_not_break_the_cost_axis() -> None:
    free = [structs.replace(item, cost_usd=0.0) for item in measured()]
    assert "sim/cedar@high" in texts(report("decider", free).plot("accuracy"))


@pytest.mark.parametrize("make", [lambda: report("decider", measured()), lambda: report("table", measured())])
def test_evidence_is_told_by_shape_as_well_as_colour(make: Callable[[], Any]) -> None:
    spec = make().plot("evidence").to_dict()
    points = next(layer for layer in spec["spec"]["layer"] if layer["mark"]["type"] == "point")
    for channel in ("color", "shape"):
        scale = points["encoding"][channel]["scale"]
        assert scale["domain"] == ["proven", "unproven", "rejected"]
        assert len(set(scale["range"])) == 3


@given(st.lists(st.tuples(st.floats(1e-6, 1e3), st.floats(0, 1)), max_size=20), st.booleans())
def test_names_of_points_never_cover_each_other(points: list[tuple[float, float]], is_log: bool) -> None:
    # All points at one cost: every name competes with every other.
    heights = label_heights([1.0] * len(points), [accuracy for _, accuracy in points], is_log=is_log)
    ordered = sorted(heights)
    assert all(above - below > 0.0449 for below, above in pairwise(ordered))
    free = label_heights([cost for cost, _ in points], [accuracy for _, accuracy in points], is_log=is_log)
    assert all(height <= accuracy for height, (_, accuracy) in zip(free, points, strict=True))


def test_names_far_apart_stay_beside_their_points() -> None:
    assert label_heights([0.001, 1000.0], [0.9, 0.9], is_log=True) == [0.9, 0.9]


def test_only_amounts_over_decades_get_a_logarithm() -> None:
    assert spans_decades([0.1, 1.0])
    assert not spans_decades([0.2, 1.0])
    assert not spans_decades([0.0, 1000.0])
    assert not spans_decades([])
    assert amount_scale([0.1, 10.0]).to_dict()["type"] == "log"
    assert amount_scale([5.0, 10.0]).to_dict()["domain"] == [0, 10.5]
    assert amount_scale([0.0]).to_dict()["domain"] == [0, 1]
