"""What must hold before a table goes live."""

from collections.abc import Sequence

from routelab.errors import TableError, UserError
from routelab.records import RoutingTable, Run

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


def check_table(table: RoutingTable) -> None:
    """Refuse a table with a route that nobody could serve; raises TableError naming the routes."""
    empty = [route for route, ranked in table.routes.items() if not ranked]
    if empty or not table.routes:
        named = ", ".join(empty) or "all"
        raise TableError(
            f"not published: no candidate has both a graded case and a known cost on {named}; "
            "the live table stays as it was"
        )
