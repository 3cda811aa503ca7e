"""Running notebooks through papermill, from their parameters to one HTML file each."""

import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError

from routelab import errors
from routelab.config import configured, store_url
from routelab.errors import RoutelabError, UserError
from routelab.report.atomic import write_atomically
from routelab.report.html import page_of
from routelab.report.kernel import OwnKernelManager
from routelab.report.parameters import check_parameters
from routelab.settings import Settings
from routelab.store import Store, open_store


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
    write_atomically(output_dir / f"{name}.ipynb", nbformat.writes(executed))  # type: ignore[no-untyped-call]
    partial.unlink()
    write_atomically(output_dir / f"{name}.html", page)
    return output_dir / f"{name}.html"


def report_run(run_id: str, *, config: Path | None = None, progress: bool = True) -> list[Path]:
    """Render what the store knows of a run into `<reports>/<run>/`; the paths of the pages.

    A classifier run gives one page; a decider run gives one, and one of the table that was published
    from it last. `config` None means the file the environment names. Nothing is measured: raises
    UserError for an unknown run and for one that is not completed.
    """
    settings = Settings()
    settled = configured(settings, config)
    with closing(open_store(store_url(settled, settings))) as store:
        run = store.runs.get(run_id)
        version = _table_of(store, run_id) if run.kind == "decider" else None
    if run.status != "completed":
        raise UserError(f"run {run_id} is {run.status}; finish it with `routelab runs resume {run_id}`")
    folder = settled.reports_path / run_id
    name = "10_classifier" if run.kind == "classifier" else "20_decider"
    pages = [run_notebook(name, {"config": config, "run_id": run_id}, folder, progress=progress)]
    if version is not None:
        pages.append(run_notebook("50_table", {"config": config, "version": version}, folder, progress=progress))
    return pages


def _table_of(store: Store, run_id: str) -> str | None:
    """The table version with this run in it that was published last; None when there is none."""
    published = (item.version for item in store.tables.history())
    return next((version for version in published if run_id in store.tables.get(version).run_ids), None)


def _execute(
    name: str, source: Path, partial: Path, given: Mapping[str, Any], folder: Path, *, progress: bool
) -> nbformat.NotebookNode:
    try:
        executed: nbformat.NotebookNode = papermill.execute_notebook(
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
    except DeadKernelError as error:
        raise RoutelabError(f"the kernel of notebook {name} died; what ran until then is kept in {partial}") from error
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
