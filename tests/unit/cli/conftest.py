"""The command line inside the process, in a project folder of its own."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import stamina.instrumentation

from routelab.cli import main

REPOSITORY = Path(__file__).parents[3]


@dataclass(frozen=True)
class Result:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Routelab = Callable[..., Result]


@pytest.fixture
def routelab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Routelab]:
    """Runs `routelab` as its entry point does, in a folder with an empty configuration."""
    for name in ("CONFIG", "STORE_URL", "ENDPOINT_URL", "API_KEY", "DECIDE_KEYS"):
        monkeypatch.delenv(f"ROUTELAB_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "routelab.toml").write_text(f'[paths]\ndatasets = "{REPOSITORY / "datasets"}"\n')

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["routelab", *arguments])
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        assert isinstance(code, int)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    yield run
    stamina.instrumentation.set_on_retry_hooks(None)
