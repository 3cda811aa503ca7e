"""The page as a browser draws it: on a desk and on a phone, by day and by night."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.serve.page.samples import HOSTILE, NOW, activity, hostile_table, page, table
from tests.services import find_chromium

from routelab_serve.page import collect, render
from routelab_serve.page.handler import HEADERS
from routelab_serve.tables import Live

pytestmark = pytest.mark.browser

_QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_ADDRESS = "http://page.test/"
_PAGES = {
    "full": lambda: page(),
    "simulated": lambda: page(Live(table=table(source="simulated"), problem="store")),
    "hostile": lambda: page(Live(table=hostile_table(), problem=None), activity=activity(by_model={HOSTILE * 9: 2.0})),
    "long": lambda: page(activity=activity(by_model={"m" * 900: 2.0}), classifier="c" * 900),
    "empty": lambda: collect(Live(), now=NOW),
}
_CONTRAST = """
() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const back = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("body *")]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
    .map((one) => {
      const [a, b] = [light(getComputedStyle(one).color), light(back(one))].sort((x, y) => y - x);
      return { text: one.textContent.trim().slice(0, 40), ratio: (a + 0.05) / (b + 0.05) };
    })
    .filter((seen) => seen.ratio < 4.5);
}
"""
"""Texts that stand out too little from what is behind them (WCAG 2.2, 1.4.3)."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=_QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


@pytest.fixture(params=[1200, 390], ids=["desk", "phone"])
def opened(browser, request, scheme) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": request.param, "height": 900}, color_scheme=scheme, java_script_enabled=True
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", _PAGES)
def test_a_page_fits_can_be_read_and_asks_for_nothing(opened, scheme, name):
    wanted, faults = [], []
    document = render(_PAGES[name]())

    def answer(route, request):
        wanted.append(request.url)
        route.fulfill(body=document, headers=dict(HEADERS))

    opened.route("**/*", answer)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text))
    opened.on("dialog", lambda dialog: faults.append(dialog.message))
    opened.goto(_ADDRESS)
    for route in opened.locator("summary").all():
        route.click()
    assert opened.evaluate("document.documentElement.scrollWidth") <= opened.viewport_size["width"]
    assert opened.evaluate(_CONTRAST) == []
    background = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(255, 255, 255)") is (scheme == "light")
    assert wanted == [_ADDRESS]
    assert faults == []


def test_bars_stand_where_the_numbers_say(opened):
    opened.set_content(render(page()))
    opened.locator("summary").first.click()
    for bar in opened.locator("details").first.locator("ol .bar").all():
        scale, span, least, mark = (bar.locator(part).bounding_box() for part in (".scale", ".span", ".least", ".mark"))
        low, high, accuracy = bar.evaluate(
            "bar => bar.getAttribute('aria-label').match(/accuracy ([\\d.]+)%, ([\\d.]+)% to ([\\d.]+)%/)"
            ".slice(1).map(part => part / 100).sort((a, b) => a - b)"
        )
        low, accuracy, high = sorted((low, high, accuracy))

        def place(share, scale=scale):
            return pytest.approx(scale["x"] + share * scale["width"], abs=2.5)

        assert span["x"] == place(low)
        assert span["x"] + span["width"] == place(high)
        assert least["x"] + least["width"] / 2 == place(0.75)
        assert mark["x"] + mark["width"] / 2 == place(accuracy)


def test_evidence_is_told_by_shape_and_word_too(opened):
    opened.set_content(render(page()))
    opened.locator("summary").nth(2).click()
    shapes = {}
    for bar in opened.locator("details").nth(2).locator("ol .bar").all():
        word = bar.get_attribute("aria-label").split(":")[0]
        shapes.setdefault(word, set()).add(bar.locator(".mark").inner_html())
    assert set(shapes) == {"proven", "unproven", "rejected"}
    assert len(set.union(*shapes.values())) == 3
