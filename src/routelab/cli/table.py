"""`routelab table`: build, show and publish routing tables."""

from pathlib import Path
from typing import Annotated

import typer

from routelab.cli.common import (
    ConfigOption,
    JsonOption,
    interval,
    money,
    opened,
    percent,
    print_json,
    print_table,
)
from routelab.errors import UserError
from routelab.records import RoutingTable

app = typer.Typer(help="Build, show and publish routing tables.", no_args_is_help=True)


@app.command("build")
def build(
    run_ids: Annotated[list[str], typer.Argument(metavar="RUN…", help="Completed decider runs.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Also write the table to a file.")] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build a table from completed runs and keep it, unpublished.

    Example: `routelab table build decider-20260401-120000-ab12`
    """
    with opened(config) as (_, _, store):
        from routelab.publish import build_from_runs
        from routelab.table import dump_table

        table = build_from_runs(store, run_ids)
        if output is not None:
            try:
                output.write_bytes(dump_table(table))
            except OSError as error:
                raise UserError(f"cannot write {output}: {error.strerror}") from error
        _print(table, as_json=as_json)


@app.command("show")
def show(
    version: Annotated[str | None, typer.Argument(help="A version; default the live one.")] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the live table, or a version; `--json` gives the live one as a shim reads it, with the published classifier.

    Example: `routelab table show`
    """
    with opened(config) as (_, _, store):
        from routelab.table import with_winner

        table = store.tables.live() if version is None else store.tables.get(version)
        if table is None:
            raise UserError("no table is published; `routelab bench decider --publish` makes one")
        if version is None:
            table = with_winner(table, store.tables.winner())
        _print(table, as_json=as_json)


@app.command("publish")
def publish(
    version: Annotated[str, typer.Argument(help="A version that was built, also one published before.")],
    config: ConfigOption = None,
) -> None:
    """Make a version live; an older version again is a rollback.

    Example: `routelab table publish 0123456789abcdef`
    """
    with opened(config) as (settled, _, store):
        from routelab.publish import publish_table, table_rules

        table = publish_table(store, version, table_rules(settled))
        typer.echo(f"Published the routing table {table.version} ({table.source}).")


@app.command("history")
def history(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List what was published, newest first; the first is live.

    Example: `routelab table history`
    """
    with opened(config) as (_, _, store):
        publications = store.tables.history()
        if as_json:
            print_json(publications)
            return
        rows = [(item.version, item.source, f"{item.published_at:%Y-%m-%d %H:%M:%S}") for item in publications]
        print_table("Publications", ("version", "source", "published (UTC)"), rows)


def _print(table: RoutingTable, *, as_json: bool) -> None:
    if as_json:
        print_json(table)
        return
    rows = []
    for route, ranked in table.routes.items():
        for position, item in enumerate(ranked, start=1):
            rows.append(
                (
                    route if position == 1 else "",
                    str(position),
                    str(item.candidate),
                    item.evidence,
                    percent(item.accuracy),
                    interval(item.accuracy_low, item.accuracy_high),
                    "-" if item.cases is None else str(item.cases),
                    money(item.avg_cost_usd),
                )
            )
    title = (
        f"Routing table {table.version} ({table.source}): rule {table.rule}, "
        f"min accuracy {table.min_accuracy:.0%} at {table.confidence:.0%} confidence"
    )
    columns = ("route", "#", "candidate", "evidence", "accuracy %", "interval %", "cases", "mean cost $")
    print_table(title, columns, rows)
