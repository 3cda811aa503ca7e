"""One look for all charts: fonts, sizes and colours that colour-blind readers can tell apart."""

from typing import Any

import altair as alt

from routelab.records import Evidence
from routelab.report import vega

# Okabe and Ito (2008), "Color Universal Design".
BLUE, ORANGE, GREEN, VERMILLION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
GREY, INK, FAINT = "#767676", "#1b1f24", "#d8dce0"
_FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
ROW = 26
"""Height of a candidate's row in charts that have one each (pixels)."""
FIT_WIDTH = alt.AutoSizeParams(type="fit-x", contains="padding")
"""For charts as wide as their container whose height is their own."""
EVIDENCES: tuple[Evidence, ...] = ("proven", "unproven", "rejected")


def enable() -> None:
    """Use this look, and the offline form of charts, for every chart of this process."""
    alt.theme.register("routelab", enable=True)(_theme)
    vega.enable()


def evidence_colour() -> alt.Color:
    """Evidence as colour; always used together with `evidence_shape`."""
    scale = alt.Scale(domain=list(EVIDENCES), range=[BLUE, GREY, VERMILLION])
    return alt.Color("evidence:N", scale=scale, title="Evidence")


def evidence_shape() -> alt.Shape:
    """Evidence as shape: circle proven, diamond unproven, cross rejected."""
    scale = alt.Scale(domain=list(EVIDENCES), range=["circle", "diamond", "cross"])
    return alt.Shape("evidence:N", scale=scale, title="Evidence")


def limit_line(**place: Any) -> alt.Chart:
    """A dashed line at a threshold, given as `x` or `y`; it takes no data of its own."""
    line: alt.Chart = alt.Chart().mark_rule(strokeDash=[6, 4], color=INK).encode(**place)
    return line


def titled(text: str, *details: str | None) -> alt.TitleParams:
    """A chart title with the details that are not None below it, one a line."""
    lines = [detail for detail in details if detail]
    return alt.TitleParams(text, subtitle=lines) if lines else alt.TitleParams(text)


def _theme() -> Any:
    return {
        "config": {
            "font": _FONT,
            "background": "white",
            "view": {"stroke": FAINT},
            "axis": {
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
                "labelColor": INK,
                "titleColor": INK,
                "gridColor": "#eceff1",
                "domainColor": GREY,
                "tickColor": GREY,
                "labelLimit": 260,
            },
            "legend": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "orient": "top"},
            "header": {"labelFontSize": 12, "labelFontWeight": "bold", "labelColor": INK},
            "title": {
                "anchor": "start",
                "fontSize": 15,
                "subtitleFontSize": 12,
                "subtitleColor": "#57606a",
                "frame": "bounds",
                "offset": 12,
            },
            "text": {"fontSize": 12, "color": INK},
        }
    }
