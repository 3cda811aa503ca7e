"""What must hold before a table or a classifier goes live."""

from collections.abc import Sequence

from routelab.config import Config
from routelab.errors import TableError, UserError
from routelab.records import ClassifierWinner, RoutingTable, Run
from routelab.table import TableRules
from routelab.taxonomy import load_taxonomy

_SHARED = (
    "min_accuracy",
    "rule",
    "confidence",
    "switch_cost_factor",
    "best_accuracy_switch_threshold",
    "taxonomy_version",
    "source",
)


def check_runs(runs: Sequence[Run]) -> None:
    """Refuse runs that cannot share a table.

    Raises UserError when there is none, one is not a completed decider run, or their snapshots
    differ in what a table states once for all its rows.
    """
    if not runs:
        raise UserError("a table needs at least one run")
    for run in runs:
        if run.kind != "decider":
            raise UserError(f"run {run.id} is a {run.kind} run; a table is built from decider runs")
        if run.status != "completed":
            raise UserError(f"run {run.id} is {run.status}; finish it with `routelab runs resume {run.id}`")
    first = runs[0]
    for run in runs[1:]:
        differing = [name for name in _SHARED if getattr(run.snapshot, name) != getattr(first.snapshot, name)]
        if differing:
            names = ", ".join(differing)
            raise UserError(f"runs {first.id} and {run.id} differ in {names} and cannot share a table")


def table_rules(config: Config) -> TableRules:
    """What the shims of a configuration will serve; raises DatasetError when its taxonomy cannot be read."""
    return TableRules.configured(config, load_taxonomy(config.taxonomy_path))


def check_table(table: RoutingTable, rules: TableRules) -> None:
    """Refuse a table that no shim would serve; raises TableError with what is wrong."""
    refusal = rules.refusal(table)
    if refusal is not None:
        raise TableError(f"not published: {refusal.detail}; the live table stays as it was")


def check_winner(winner: ClassifierWinner, rules: TableRules) -> None:
    """Refuse a classifier that no shim would ask; raises TableError with what is wrong."""
    wrong = rules.refuse_winner(winner)
    if wrong is not None:
        raise TableError(f"not published: {wrong}; the classifier published before stays")
