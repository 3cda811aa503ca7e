"""The commands of the local classifier."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from routelab.cli.classifier import app
from routelab.errors import UserError

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = tmp_path / "routelab.toml"
    path.write_text(f'[paths]\ndatasets = "{REPOSITORY / "datasets"}"\n')
    return str(path)


def test_grade_tells_score_calibration_and_latency(config: str) -> None:
    done = CliRunner().invoke(app, ["grade", "--config", config, "--json"])
    report = json.loads(done.stdout)
    assert (report["cases"], len(report["fields"])) == (216, 7)
    assert 0 < report["calibration_error"] < report["score"] < 1
    plain = CliRunner().invoke(app, ["grade", "--config", config]).stdout
    assert f"{report['route_accuracy']:.1%}" in plain
    assert "Latency: p50" in plain


def test_grade_refuses_a_file_that_is_no_model(config: str) -> None:
    done = CliRunner().invoke(app, ["grade", "--config", config, "--model", config])
    assert isinstance(done.exception, UserError)
    assert "is no model" in str(done.exception)


def test_the_golden_set_is_not_trained_on(config: str, tmp_path: Path) -> None:
    output = tmp_path / "a.model"
    done = CliRunner().invoke(app, ["train", "--dataset", "classifier/v2", "-o", str(output), "--config", config])
    assert isinstance(done.exception, UserError)
    assert not output.exists()


def test_cascade_needs_a_run(config: str) -> None:
    done = CliRunner().invoke(app, ["cascade", "--run", "classifier-nothing", "--config", config])
    assert isinstance(done.exception, UserError)
