import subprocess
import sys
from pathlib import Path

import pytest
from tests.spec.samples import CEDAR, ROUTES, run, summary

from routelab import lab
from routelab.errors import ConfigError, TableError, UserError
from routelab.records import RunCandidate

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, two below an empty configuration."""
    for name in ("ROUTELAB_CONFIG", "ROUTELAB_STORE_URL", "ROUTELAB_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "routelab.toml").write_text("")
    folder = tmp_path / "notebooks" / "mine"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def test_importing_it_stays_light() -> None:
    code = "import sys, routelab.lab; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"polars", "altair", "papermill", "nbconvert", "IPython", "sqlalchemy"}


def test_a_notebook_finds_the_configuration_above_it(here: Path) -> None:
    opened = lab.open()
    opened.close()
    assert opened.config.root == here.parents[1]


def test_the_nearest_configuration_counts(here: Path) -> None:
    (here / "routelab.toml").write_text("[policy]\nmin_accuracy = 0.5\n")
    opened = lab.open()
    opened.close()
    assert opened.config.policy.min_accuracy == 0.5


def test_no_configuration_is_one_sentence(here: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no configuration file other\.toml"):
        lab.open("other.toml")


async def test_a_run_of_the_other_kind_is_refused_and_a_completed_one_returned(here: Path) -> None:
    opened = lab.open()
    try:
        opened.store.runs.create(run(), [RunCandidate(CEDAR)])
        opened.store.runs.end("decider-1", "completed")
        with pytest.raises(UserError, match="decider-1 is a decider run, not a classifier run"):
            await opened.benchmark("classifier", run_id="decider-1")
        shown = await opened.benchmark("decider", run_id="decider-1")
        assert shown.status == "completed"
    finally:
        opened.close()


def test_what_no_shim_would_serve_is_not_published(here: Path) -> None:
    (here.parents[1] / "routelab.toml").write_text(f'paths = {{ datasets = "{REPOSITORY / "datasets"}" }}\n')
    opened = lab.open()
    try:
        opened.store.runs.create(run(), [RunCandidate(CEDAR)])
        opened.store.results.write_summaries("decider-1", [summary(route) for route in (*ROUTES, None)])
        opened.store.runs.end("decider-1", "completed")
        with pytest.raises(TableError, match=r"is simulated, which serve\.sources does not name"):
            opened.publish(opened.store.runs.get("decider-1"))
        assert opened.store.tables.history() == []
    finally:
        opened.close()


def test_without_a_live_table_it_says_how_to_get_one(here: Path) -> None:
    opened = lab.open()
    try:
        with pytest.raises(UserError, match="bench decider --publish"):
            opened.table_report()
        with pytest.raises(UserError, match="there is no routing table abc"):
            opened.table_report("abc")
    finally:
        opened.close()
