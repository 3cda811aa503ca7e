"""The notebooks as they are kept in the repository."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from routelab.report.parameters import RunParameters, TableParameters

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PARAMETERS = {
    "10_classifier": RunParameters,
    "20_decider": RunParameters,
    "50_table": TableParameters,
}


def test_these_are_all_notebooks() -> None:
    assert sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")) == sorted(PARAMETERS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_notebook_is_valid_and_without_outputs(name: str) -> None:
    file = NOTEBOOKS / f"{name}.ipynb"
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in notebook.cells)
    stripped = subprocess.run(
        [sys.executable, "-m", "nbstripout", "--textconv", file], capture_output=True, text=True, check=True
    )
    assert stripped.stdout == file.read_text()


@pytest.mark.parametrize(("name", "model"), PARAMETERS.items())
def test_the_parameters_cell_sets_every_parameter_to_its_default(name: str, model: type) -> None:
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    assert len(tagged) == 1
    given: dict[str, object] = {}
    exec(tagged[0].source, {}, given)
    assert given == model().model_dump()
