"""What a table decides, found by asking the function that decides in production."""

from typing import Any

import polars as pl

from routelab.decision import decide
from routelab.records import Decision, RoutingTable

_SERVING: dict[str, Any] = {
    "route": pl.String,
    "cost_per_accuracy": pl.String,
    "evidence": pl.String,
    "best_accuracy": pl.String,
    "if_denied": pl.String,
    "cost_ratio": pl.Float64,
}
_MOVES: dict[str, Any] = {"route": pl.String, "candidate": pl.String, "fate": pl.String}


def serving_frame(table: RoutingTable) -> pl.DataFrame:
    """Who serves a new conversation: one row a route, null where nobody may.

    `cost_per_accuracy` and `best_accuracy` name the candidate in that routing mode, `evidence` is the
    first one's. `if_denied` serves when the first's model is denied, at `cost_ratio` times its cost.
    """
    return pl.DataFrame([_served(table, route) for route in table.routes], schema=_SERVING)


def moves_frame(table: RoutingTable) -> pl.DataFrame:
    """What becomes of a conversation in mode cost_per_accuracy, by route and the candidate it is on.

    `fate` is `first` for the one a new conversation gets and `kept` where it stays; else the reason
    why it goes on with the first: `cost` or `threshold`.
    """
    rows = [row for route in table.routes for row in _moved(table, route)]
    return pl.DataFrame(rows, schema=_MOVES)


def _served(table: RoutingTable, route: str) -> dict[str, Any]:
    first = decide(route, table)
    best = decide(route, table, policy={"routing_mode": "best_accuracy"})
    denied = decide(route, table, policy={"denied_models": [first.model]}) if first else None
    return {
        "route": route,
        "cost_per_accuracy": _name(first),
        "evidence": first.evidence if first else None,
        "best_accuracy": _name(best),
        "if_denied": _name(denied),
        "cost_ratio": denied.avg_cost_usd / first.avg_cost_usd
        if first and denied and first.avg_cost_usd and denied.avg_cost_usd is not None
        else None,
    }


def _moved(table: RoutingTable, route: str) -> list[dict[str, Any]]:
    rows = []
    for candidate in table.routes[route]:
        decision = decide(route, table, incumbent=candidate)
        if decision is not None:
            fate = decision.switch_reason or ("kept" if decision.sticky else "first")
            rows.append({"route": route, "candidate": str(candidate.candidate), "fate": fate})
    return rows


def _name(decision: Decision | None) -> str | None:
    return None if decision is None else str(decision.candidate)
