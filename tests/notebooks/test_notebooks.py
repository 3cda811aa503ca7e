"""The notebooks, run for real through the driver."""

import shutil
from contextlib import closing
from pathlib import Path

import nbformat
import pytest

from routelab.errors import RoutelabError, UserError
from routelab.records.runs import RunKind
from routelab.report.driver import report_run, run_notebook
from routelab.store import Store, open_store


def store_of(config: Path) -> Store:
    return open_store(f"sqlite:///{config.parent / '.routelab' / 'routelab.db'}")


def run_ids(config: Path, kind: RunKind) -> list[str]:
    with closing(store_of(config)) as store:
        return [run.id for run in store.runs.all(kind)]


@pytest.fixture(scope="module")
def pages(lab_config: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All three notebooks, in the order a night's schedule would run them."""
    folder = tmp_path_factory.mktemp("pages")
    measured = {"config": str(lab_config), "per_route": 2, "publish": True}
    return {
        "10_classifier": run_notebook("10_classifier", measured, folder, progress=False),
        "20_decider": run_notebook("20_decider", measured, folder, progress=False),
        "50_table": run_notebook("50_table", {"config": str(lab_config)}, folder, progress=False),
    }


@pytest.mark.slow
def test_the_notebooks_measured_and_published(lab_config: Path, pages: dict[str, Path]) -> None:
    with closing(store_of(lab_config)) as store:
        runs = store.runs.all()
        assert sorted(run.kind for run in runs if run.status == "completed") == ["classifier", "decider"]
        table, winner = store.tables.live(), store.tables.winner()
        assert table is not None
        assert winner is not None
        assert len(store.results.attempts(table.run_ids[0])) == 3 * 18 * 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "figures", "says"),
    [
        ("10_classifier", 4, ["Choice: sim/", "Published the classifier sim/", "a sample of 36 cases"]),
        ("20_decider", 5, ["Published the routing table ", "a sample of 36 cases", "accuracy_low = "]),
        ("50_table", 3, ["Who serves a new conversation", ", live", "Source"]),
    ],
)
def test_a_page_shows_what_was_found(pages: dict[str, Path], name: str, figures: int, says: list[str]) -> None:
    page = pages[name].read_text()
    assert page.count("</figure>") == figures
    assert "Simulated: the models are invented" in page
    for text in says:
        assert text in page


@pytest.mark.slow
@pytest.mark.parametrize("name", ["10_classifier", "20_decider", "50_table"])
def test_nothing_of_this_machine_is_written_down(pages: dict[str, Path], lab_config: Path, name: str) -> None:
    executed = pages[name].with_suffix(".ipynb")
    nbformat.validate(nbformat.read(executed, as_version=4))
    for file in (pages[name], executed):
        text = file.read_text()
        assert str(lab_config.parent) not in text
        assert str(pages[name].parent) not in text
        assert str(Path(__file__).parents[2]) not in text


@pytest.mark.slow
def test_progress_leaves_one_line(pages: dict[str, Path]) -> None:
    notebook = nbformat.read(pages["20_decider"].with_suffix(".ipynb"), as_version=4)
    printed = [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "stream" and output.name == "stderr"
    ]
    assert len(printed) == 1
    assert printed[0].count("\n") == 1
    assert "108/108" in printed[0]


@pytest.mark.slow
def test_the_folder_holds_pages_and_executed_notebooks_only(pages: dict[str, Path]) -> None:
    names = sorted(path.name for path in pages["50_table"].parent.iterdir())
    assert names == sorted(f"{name}.{kind}" for name in pages for kind in ("html", "ipynb"))


@pytest.mark.slow
def test_a_completed_run_is_rendered_without_measuring(lab_config: Path, pages: dict[str, Path]) -> None:
    before = run_ids(lab_config, "decider")
    rendered = report_run(before[0], config=lab_config, progress=False)
    folder = lab_config.parent / "reports" / before[0]
    assert rendered == [folder / "20_decider.html", folder / "50_table.html"]
    assert all("</figure>" in page.read_text() for page in rendered)
    assert run_ids(lab_config, "decider") == before


@pytest.mark.slow
def test_a_failing_cell_is_one_sentence_and_what_ran_is_kept(lab_config: Path, tmp_path: Path) -> None:
    parameters = {"config": str(lab_config), "run_id": "decider-none"}
    with pytest.raises(UserError, match="notebook 20_decider failed: there is no run decider-none") as raised:
        run_notebook("20_decider", parameters, tmp_path, progress=False)
    assert "\n" not in str(raised.value)
    assert [path.name for path in tmp_path.iterdir()] == ["20_decider.partial.ipynb"]
    kept = nbformat.read(tmp_path / "20_decider.partial.ipynb", as_version=4)
    assert any(output.output_type == "error" for cell in kept.cells for output in cell.get("outputs", ()))


def test_a_bug_in_a_notebook_is_no_users_mistake(lab_config: Path, tmp_path: Path) -> None:
    config = _with_own_notebooks(lab_config, tmp_path, "1 / 0")
    with pytest.raises(RoutelabError, match="notebook 50_table failed: ZeroDivisionError") as raised:
        run_notebook("50_table", {"config": str(config)}, tmp_path / "out", progress=False)
    assert not isinstance(raised.value, UserError)


def test_a_kernel_that_dies_is_one_sentence(lab_config: Path, tmp_path: Path) -> None:
    config = _with_own_notebooks(lab_config, tmp_path, "import os; os._exit(1)")
    with pytest.raises(RoutelabError, match="the kernel of notebook 50_table died"):
        run_notebook("50_table", {"config": str(config)}, tmp_path / "out", progress=False)


def test_nothing_runs_with_a_wrong_parameter(lab_config: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="per_route"):
        run_notebook("20_decider", {"config": str(lab_config), "per_route": "two"}, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_without_the_notebook_is_named(lab_config: Path, tmp_path: Path) -> None:
    config = tmp_path / "routelab.toml"
    config.write_text('[paths]\nnotebooks = "nowhere"\n')
    with pytest.raises(UserError, match=r"there is no notebook .*nowhere/50_table\.ipynb"):
        run_notebook("50_table", {"config": str(config)}, tmp_path / "out")


@pytest.mark.slow
def test_only_completed_runs_are_reported(lab_config: Path, pages: dict[str, Path], tmp_path: Path) -> None:
    config = tmp_path / "routelab.toml"
    shutil.copy(lab_config, config)
    with closing(store_of(lab_config)) as source, closing(store_of(config)) as store:
        run = source.runs.all("classifier")[0]
        store.runs.create(run, source.runs.candidates(run.id))
    with pytest.raises(UserError, match=f"routelab runs resume {run.id}"):
        report_run(run.id, config=config)


def _with_own_notebooks(config: Path, folder: Path, code: str) -> Path:
    """A copy of the configuration whose table notebook does something else."""
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(code)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(notebook, notebooks / "50_table.ipynb")
    own = folder / "routelab.toml"
    own.write_text('[paths]\nnotebooks = "notebooks"\n')
    return own
