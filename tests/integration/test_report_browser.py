"""Reports as a browser without any network draws them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser, Page, Request, Route, sync_playwright
from tests.services import find_chromium
from tests.unit.report.samples import measured, results, table

from routelab.report import theme, vega
from routelab.report.html import page_of
from routelab.report.views import ClassifierReport, DeciderReport, TableReport

pytestmark = pytest.mark.browser

_QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_MARKS = "svg.marks g.mark-rect path, svg.marks g.mark-symbol path"
_CUT_OFF = """
[...document.querySelectorAll("svg.marks")].flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter((text) => {
    const box = text.getBoundingClientRect();
    return box.width && (box.left < frame.left - 1 || box.right > frame.right + 1);
  }).map((text) => text.textContent);
})
"""
"""The texts of charts that stand out of their chart."""
_CHARTS = {
    "classifier": ("accuracy", "latency", "heatmap", "evidence"),
    "decider": ("accuracy", "latency", "heatmap", "evidence", "difficulty"),
    "table": ("evidence", "heatmap", "moves"),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=_QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One page a kind of report, with its head and all its charts."""
    folder = tmp_path_factory.mktemp("pages")
    found = measured()
    levels = {item.case_id: ("low", "medium", "high")[place % 3] for place, item in enumerate(found)}
    reports: dict[str, Any] = {
        "classifier": ClassifierReport(results(found, kind="classifier")),
        "decider": DeciderReport(results(found), difficulties=levels),
        "table": TableReport(table(found), live=True),
    }
    theme.enable()
    written = {}
    for kind, report in reports.items():
        outputs = [new_output("execute_result", data={"text/html": report._repr_html_()})]
        charts = [vega.mime_bundle(report.plot(chart).to_dict()) for chart in _CHARTS[kind]]
        outputs += [new_output("display_data", data=bundle) for bundle in charts]
        cells = [new_markdown_cell(f"# Report of a {kind}"), new_code_cell("report", outputs=outputs)]
        written[kind] = folder / f"{kind}.html"
        written[kind].write_text(page_of(new_notebook(cells=cells)), encoding="utf-8")
    return written


@pytest.fixture(params=[1200, 400], ids=["wide", "narrow"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with the network cut that remembers whatever it wanted and whatever went wrong."""
    context = browser.new_context(viewport={"width": request.param, "height": 900}, offline=True)
    opened = context.new_page()
    yield opened
    context.close()


@pytest.mark.parametrize("kind", _CHARTS)
def test_a_page_draws_its_charts_without_a_network(page: Page, files: dict[str, Path], kind: str) -> None:
    wanted: list[str] = []
    faults: list[str] = []

    def refuse(route: Route, request: Request) -> None:
        if request.url == files[kind].as_uri():
            route.continue_()
        else:
            wanted.append(request.url)
            route.abort()

    page.route("**/*", refuse)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(files[kind].as_uri())
    charts = page.locator("figure.chart")
    assert charts.count() == len(_CHARTS[kind])
    for chart in charts.all():
        chart.locator(_MARKS).first.wait_for(state="attached", timeout=30_000)
        assert "Simulated: the models are invented" in (chart.locator("svg.marks").text_content() or "")
    assert page.evaluate(_CUT_OFF) == []
    assert page.viewport_size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert wanted == []
    assert faults == []
