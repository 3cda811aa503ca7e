"""Draws docs/accuracy-cost.svg from the store of the last demo: `.venv/bin/python docs/picture.py`."""

from pathlib import Path

import vl_convert

import routelab.lab
from routelab.store import open_store

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Read the demo's decider run and draw accuracy against cost."""
    lab = routelab.lab.open(ROOT / "routelab.toml")
    lab.store = open_store(f"sqlite:///{ROOT / '.routelab/demo/routelab.db'}")
    report = lab.decider_report(lab.store.runs.all("decider")[0])
    chart = report.plot().properties(width=760)
    (ROOT / "docs/accuracy-cost.svg").write_text(vl_convert.vegalite_to_svg(chart.to_json()))


main()
