"""nbval runs the notebooks as a reader would: top to bottom, with their own defaults."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.notebooks.conftest import NOTEBOOKS

from routelab import lab


@pytest.mark.slow
def test_every_cell_of_every_notebook_runs(lab_config: Path) -> None:
    bench = lab.open(lab_config)
    try:
        bench.publish(asyncio.run(bench.benchmark("decider")))  # for the notebook of the table
    finally:
        bench.close()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", NOTEBOOKS]
    done = subprocess.run(
        [*command, "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout", "120", NOTEBOOKS],
        env={**os.environ, "ROUTELAB_CONFIG": str(lab_config)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
