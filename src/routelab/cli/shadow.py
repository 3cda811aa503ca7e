"""`routelab shadow`: what shadow routers said."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routelab.cli.common import ConfigOption, JsonOption, interval, percent, print_json, print_table, quiet_logs
from routelab.config import configured
from routelab.settings import Settings

if TYPE_CHECKING:
    from routelab.shadow.report import ShadowFigures

app = typer.Typer(help="Routers that are asked beside ours and never served.", no_args_is_help=True)


@app.command("report")
def report(
    log: Annotated[Path | None, typer.Option("--log", help="The decision log; default the shim's own.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only what was asked then or later (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option(help="Only what was asked before (UTC).")] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare what shadow routers picked with what was decided: agreement and cost, by router and route.

    Example: `routelab shadow report --since 2026-04-01`
    """
    quiet_logs()
    place = log or configured(Settings(), config).decisions_path
    from routelab.decision_log import read_shadows
    from routelab.shadow.report import shadow_report

    found = shadow_report(read_shadows(place, _utc(since), _utc(until)))
    if as_json:
        print_json(found)
    elif not found:
        typer.echo("No shadow router stands in this log.")
    else:
        _print(found)


def _utc(time: datetime | None) -> datetime | None:
    return None if time is None else time.replace(tzinfo=UTC)


def _print(found: "list[ShadowFigures]") -> None:
    rows = [
        (
            item.router if item.route is None else "",
            item.route or "all",
            _count(item.asked),
            percent(item.answered / item.asked if item.asked else None),
            percent(item.agreement),
            interval(item.agreement_low, item.agreement_high),
            _count(item.conversations),
            "-" if item.cost_difference_usd is None else f"{item.cost_difference_usd:+.6f}",
        )
        for item in found
    ]
    columns = (
        "router",
        "route",
        "asked #",
        "answered %",
        "agree %",
        "interval %",
        "conversations #",
        "theirs - ours $",
    )
    print_table("Shadow routers: how often they pick our model, and what their picks cost more", columns, rows)
    reasons = [
        (item.router, outcome, reason, _count(count))
        for item in found
        if item.route is None
        for outcome, counts in (("skipped", item.skipped), ("failed", item.failed))
        for reason, count in sorted(counts.items(), key=lambda pair: -pair[1])
    ]
    if reasons:
        print_table("Not answered", ("router", "outcome", "reason", "questions #"), reasons)


def _count(number: float) -> str:
    return f"{number:,.0f}"
