from html.parser import HTMLParser

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from tests.unit.report.samples import measured, results

from routelab.report import vega
from routelab.report.html import page_of
from routelab.report.views import DeciderReport


class Links(HTMLParser):
    """What a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.scripts = 0
        self.figures = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in {"script", "link", "img", "iframe", "object", "embed", "source"}:
            self.loaded += [value for name in ("src", "href", "data") if (value := named.get(name))]
        self.figures += tag == "figure" and named.get("class") == "chart"
        self.scripts += tag == "script" and named.get("type") != "application/json"


@pytest.fixture(scope="module")
def page() -> str:
    report = DeciderReport(results(measured()), difficulties=None)
    charts = [
        new_code_cell("secret_code()", outputs=[new_output("display_data", data=vega.mime_bundle(chart.to_dict()))])
        for chart in (report.plot("accuracy"), report.plot("evidence"))
    ]
    head = new_output("execute_result", data={"text/html": report._repr_html_(), "text/plain": "x"})
    noise = new_output("stream", name="stderr", text="10%|#  | 3/30")
    told = new_output("stream", name="stdout", text="Published: <b>")
    return page_of(
        new_notebook(
            cells=[
                new_markdown_cell("# A <title> & more\n\nProse with $5 and `code`."),
                new_code_cell("report", outputs=[noise, head, told]),
                *charts,
            ]
        )
    )


def test_a_page_needs_nothing_else(page: str) -> None:
    links = Links()
    links.feed(page)
    assert links.loaded == []
    assert "@import" not in page
    assert "url(" not in page.partition("</style>")[0]


def test_the_script_stands_in_a_page_once(page: str) -> None:
    links = Links()
    links.feed(page)
    assert links.scripts == 1
    assert links.figures == 2


def test_a_page_shows_prose_and_outputs_but_no_code(page: str) -> None:
    assert "Prose with $5" in page
    assert "Published: &lt;b&gt;" in page
    assert "Simulated: the models are invented" in page
    assert "secret_code" not in page
    assert "3/30" not in page
    assert "<title>A &lt;title&gt; &amp; more</title>" in page


def test_rendering_leaves_the_notebook_as_it_was() -> None:
    chart = DeciderReport(results(measured()), difficulties=None).plot("heatmap")
    output = new_output("display_data", data=vega.mime_bundle(chart.to_dict()))
    notebook = new_notebook(cells=[new_code_cell("x", outputs=[output])])
    before = nbformat.writes(notebook)
    page_of(notebook)
    assert nbformat.writes(notebook) == before
