"""The notebook face of routelab: open a configuration, measure, look at results.

lab = routelab.lab.open()
run = await lab.benchmark("decider")
lab.decider_report(run)
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from routelab.config import Config, configured, store_url
from routelab.errors import UserError
from routelab.records import Run
from routelab.records.runs import RunKind
from routelab.settings import Settings

if TYPE_CHECKING:
    from routelab.report.views import ClassifierReport, DeciderReport, TableReport
    from routelab.store import Store


def open(config: str | Path | None = None) -> Lab:  # noqa: A001
    """Open the configuration file `config` and the store it names, and give charts routelab's look.

    None means the file that `ROUTELAB_CONFIG` names, else `routelab.toml`. A relative path is looked
    for in the working folder, then in the folders above it. Raises ConfigError when there is none.
    """
    from routelab.report import theme

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    theme.enable()
    settings = Settings()
    return Lab(configured(settings, _find(Path(config or settings.config))), settings)


class Lab:
    """One configuration with its store."""

    def __init__(self, config: Config, settings: Settings) -> None:
        from routelab.store import open_store

        self.config = config
        self.settings = settings
        self.store: Store = open_store(store_url(config, settings))

    def close(self) -> None:
        """Release the store."""
        self.store.close()

    async def benchmark(
        self, kind: RunKind, *, run_id: str | None = None, per_route: int | None = None, force: bool = False
    ) -> Run:
        """Measure, with a progress bar, and return the run as it ended.

        `run_id` None starts a new run; an interrupted run is resumed, a completed one only returned.
        `per_route` and `force` are those of `routelab.bench.Bench.start`, and so are the errors;
        UserError too when the run is of the other kind.
        """
        from routelab.bench import Bench
        from routelab.report.progress import progress_bar

        bench = Bench(self.config, self.settings, self.store)
        if run_id is None:
            with progress_bar(kind) as on_progress:
                return await bench.start(kind, per_route=per_route, force=force, on_progress=on_progress)
        run = self.store.runs.get(run_id)
        if run.kind != kind:
            raise UserError(f"run {run_id} is a {run.kind} run, not a {kind} run")
        if run.status == "completed":
            return run
        with progress_bar(kind) as on_progress:
            return await bench.resume(run_id, on_progress=on_progress)

    def publish(self, run: Run) -> str:
        """Make what a completed run found live, and say in a sentence what that is.

        Raises UserError for a run that is not completed, TableError when no shim would serve it.
        """
        from routelab.publish import publish_run, table_rules

        return publish_run(self.store, run, table_rules(self.config))

    def classifier_report(self, run: Run | str) -> ClassifierReport:
        """The report of a classifier run, given as it is or by its id."""
        from routelab.report.results import read_run
        from routelab.report.views import ClassifierReport

        return ClassifierReport(read_run(self.store, _id(run)))

    def decider_report(self, run: Run | str) -> DeciderReport:
        """The report of a decider run, given as it is or by its id."""
        from routelab.report.difficulty import difficulties
        from routelab.report.results import read_run
        from routelab.report.views import DeciderReport

        results = read_run(self.store, _id(run))
        return DeciderReport(results, difficulties=difficulties(self.config, results.run.snapshot.engine))

    def table_report(self, version: str | None = None) -> TableReport:
        """The report of a routing table; None means the live one. UserError when there is none."""
        from routelab.report.views import TableReport

        live = self.store.tables.live()
        if version is not None:
            table = self.store.tables.get(version)
        elif live is not None:
            table = live
        else:
            raise UserError("no routing table is live; publish one with `routelab bench decider --publish`")
        return TableReport(table, live=live is not None and table.version == live.version)


def _id(run: Run | str) -> str:
    return run if isinstance(run, str) else run.id


def _find(path: Path) -> Path:
    """The file in the working folder or the nearest folder above it; the path itself where there is none."""
    if path.is_absolute():
        return path
    here = Path.cwd()
    return next((file for folder in (here, *here.parents) if (file := folder / path).is_file()), path)
