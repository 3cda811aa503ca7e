import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("package", "heavy"),
    [("routelab", {"polars", "altair", "papermill"})],
)
def test_importing_the_package_stays_light(package: str, heavy: set[str]) -> None:
    code = f"import sys, {package}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert package in loaded
    assert not loaded & heavy
