"""Charts that draw without a network: their MIME form for JupyterLab, and the script for pages."""

import json
from functools import cache
from html import escape
from typing import Any

import altair as alt
import vl_convert

# JupyterLab draws this type itself. Altair's own is another, which JupyterLab does not know and
# nbformat refuses to write.
MIME_TYPE = "application/vnd.vegalite.v5+json"
_LAB_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_VERSION = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
_DRAW_ALL = """
for (const figure of document.querySelectorAll("figure.chart")) {
  const spec = JSON.parse(figure.querySelector("script").textContent);
  vegaEmbed(figure.querySelector("div"), spec, {
    renderer: "svg", actions: {export: true, source: false, compiled: false, editor: false},
  }).catch((error) => { figure.append(`This chart cannot be drawn: ${error}`); });
}
"""


def mime_bundle(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    """How a notebook holds a chart: the specification, and its title where charts cannot be drawn."""
    return {MIME_TYPE: {**spec, "$schema": _LAB_SCHEMA}, "text/plain": f"[chart: {_title(spec)}]"}


def enable() -> None:
    """Make Altair charts show as `mime_bundle` in this process."""
    alt.renderers.register("routelab", mime_bundle)
    alt.renderers.enable("routelab")


def figure(spec: dict[str, Any]) -> str:
    """A chart as an HTML element, to be drawn by the page's one `script`."""
    document = json.dumps({**spec, "$schema": alt.SCHEMA_URL}).replace("<", "\\u003c")
    return (
        f'<figure class="chart" role="img" aria-label="{escape(_title(spec))}"><div></div>'
        f'<script type="application/json">{document}</script></figure>'
    )


@cache
def script() -> str:
    """JavaScript with Vega, Vega-Lite and Vega-Embed that draws every figure of the page (900 kB)."""
    return vl_convert.javascript_bundle(_DRAW_ALL, vl_version=_VERSION)


def _title(spec: dict[str, Any]) -> str:
    title = spec.get("title") or "untitled"
    text = title.get("text", "untitled") if isinstance(title, dict) else title
    return text if isinstance(text, str) else " ".join(text)
