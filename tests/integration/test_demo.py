"""The demo as a new user runs it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_demo_closes_the_loop_and_leaves_nothing_running() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ROUTELAB_")}
    done = subprocess.run(
        [sys.executable, "-m", "routelab", "demo", "--quick"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    decided = re.findall(
        r"^  (a new conversation|the same conversation again|the same one .* denied): (\S+) \(", done.stdout, re.M
    )
    assert len(decided) == 3, done.stdout
    first, again, denied = (model for _, model in decided)
    assert first == again != denied
    assert "from the cache" in done.stdout
    assert "simulated" in done.stdout
    assert "only 6 cases of every route are measured, a sample" in done.stdout
    nothing = r"^  0 of \d+ rankings are proven\. Nothing can be proven on any route with so few cases"
    assert re.search(nothing, done.stdout, re.M), "with six cases a route nothing can be proven, and the demo says so"
    pages = re.findall(r"^  (/.*\.html)$", done.stdout, re.M)
    assert [Path(page).name for page in pages] == ["10_classifier.html", "20_decider.html", "50_table.html"]
    assert all(Path(page).stat().st_size > 100_000 for page in pages)
    assert not _left_behind()


def _left_behind() -> list[str]:
    lines = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout.splitlines()
    return [line for line in lines if re.search(r"-m routelab (endpoint simulate --port 0|serve)", line)]
