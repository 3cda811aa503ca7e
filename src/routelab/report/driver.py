"""Running notebooks through papermill, from their parameters to one HTML file each."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from routelab import errors
from routelab.config import configured
from routelab.errors import RoutelabError, UserError
from routelab.report.atomic import write_atomically
from routelab.report.html import page_of
from routelab.report.kernel import OwnKernelManager
from routelab.report.parameters import check_parameters
from routelab.settings import Settings


def run_notebook(name: str, parameters: Mapping[str, Any], output_dir: Path, *, progress: bool = True) -> Path:
    """Execute a notebook and return the path of its HTML, `<output_dir>/<name>.html`.

    The executed notebook stays beside it. `progress` passes on what the notebook reports on its
    progress to standard error. Raises UserError before anything runs when a parameter is unknown or
    ill-typed, and RoutelabError (UserError for a user's mistake) when a cell fails; what ran until
    then is kept as `<name>.partial.ipynb`.
    """
    checked = check_parameters(name, parameters)
    settings = Settings()
    config_file = (checked.config or settings.config).resolve()
    config = configured(settings, config_file)
    source = config.notebooks_path / f"{name}.ipynb"
    if not source.is_file():
        raise UserError(f"there is no notebook {source}; see paths.notebooks in {config_file.name}")
    output_dir.mkdir(parents=True, exist_ok=True)
    partial = output_dir / f"{name}.partial.ipynb"
    # The kernel works in the configuration's folder, so that no path of this machine is written down.
    given = {**checked.model_dump(mode="json"), "config": config_file.name}
    executed = _execute(name, source, partial, given, config_file.parent, progress=progress)
    page = page_of(executed)
    write_atomically(output_dir / f"{name}.ipynb", nbformat.writes(executed))
    partial.unlink()
    write_atomically(output_dir / f"{name}.html", page)
    return output_dir / f"{name}.html"


def _execute(
    name: str, source: Path, partial: Path, given: Mapping[str, Any], folder: Path, *, progress: bool
) -> nbformat.NotebookNode:
    try:
        executed = papermill.execute_notebook(
            source,
            partial,
            parameters=given,
            progress_bar=False,
            stderr_file=sys.stderr if progress else None,
            kernel_manager_class=OwnKernelManager,
            coalesce_streams=True,
            resources={"metadata": {"path": str(folder)}},
        )
    except PapermillExecutionError as error:
        raise _failure(name, error, partial) from error
    executed.metadata.papermill.update(input_path=source.name, output_path=f"{name}.ipynb")
    return executed


def _failure(name: str, error: PapermillExecutionError, partial: Path) -> RoutelabError:
    """The error of a cell; a user's mistake stays one."""
    kind = getattr(errors, error.ename, None)
    if isinstance(kind, type) and issubclass(kind, RoutelabError):
        what, raised = error.evalue, UserError if issubclass(kind, UserError) else RoutelabError
    else:
        what, raised = f"{error.ename}: {error.evalue}", RoutelabError
    return raised(f"notebook {name} failed: {what}; what ran until then is kept in {partial}")
