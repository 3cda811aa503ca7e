import json
import re

import altair as alt
import nbformat
import polars as pl

from routelab.report import theme, vega


def spec(title: str = "A chart") -> dict[str, object]:
    data = pl.DataFrame({"a": [1, 2], "name": ["</script><script>alert(1)</script>", "b"]})
    made = alt.Chart(data, title=title).mark_point().encode(x="a:Q", y="name:N").to_dict()
    assert isinstance(made, dict)
    return made


def test_a_notebook_can_hold_a_chart() -> None:
    output = nbformat.v4.new_output("display_data", data=vega.mime_bundle(spec()))
    assert output.data["text/plain"] == "[chart: A chart]"
    assert output.data[vega.MIME_TYPE]["$schema"].endswith("/v5.json")


def test_a_chart_shows_itself_in_that_form() -> None:
    theme.enable()
    try:
        data, _ = alt.Chart(pl.DataFrame({"a": [1]})).mark_point().encode(x="a:Q")._repr_mimebundle_(None, None), None
    finally:
        alt.renderers.enable("default")
        alt.theme.enable("default")
    assert vega.MIME_TYPE in data


def test_data_cannot_end_the_figure_it_stands_in() -> None:
    figure = vega.figure(spec('</figure> & "quoted"'))
    assert figure.count("</script>") == 1
    assert figure.count("</figure>") == 1
    document = re.search(r'<script type="application/json">(.*?)</script>', figure, re.DOTALL)
    assert document is not None
    assert json.loads(document[1])["title"] == '</figure> & "quoted"'


def test_the_script_draws_figures_and_cannot_end_its_element() -> None:
    assert "figure.chart" in vega.script()
    assert "</script" not in vega.script()
