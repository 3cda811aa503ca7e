"""`routelab runs`: what was measured."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from routelab.cli.common import (
    ConfigOption,
    JsonOption,
    interval,
    millis,
    money,
    opened,
    percent,
    plain,
    print_json,
    print_table,
    stopped_like_by_hand,
)
from routelab.cli.progress import bench_progress
from routelab.config import Config
from routelab.records import Run
from routelab.wording import count

if TYPE_CHECKING:
    from routelab.store import Store

app = typer.Typer(help="List, show and resume benchmark runs.", no_args_is_help=True)
PublishOption = Annotated[bool, typer.Option("--publish", help="Publish from the run when it completes.")]
RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="The run's id; see `routelab runs list`.")]


@app.command("list")
def list_runs(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List all runs, newest first.

    Example: `routelab runs list`
    """
    with opened(config) as (_, _, store):
        runs = store.runs.all()
        if as_json:
            print_json([_header(run) for run in runs])
            return
        rows = [
            (
                run.id,
                run.kind,
                run.snapshot.source,
                run.status,
                f"{run.created_at:%Y-%m-%d %H:%M:%S}",
                run.stop_reason or "",
            )
            for run in runs
        ]
        print_table("Runs", ("run", "kind", "source", "status", "started (UTC)", "why it stopped"), rows)


@app.command("show")
def show(
    run_id: RunArgument,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    case: Annotated[str | None, typer.Option("--case", help="Print what the agents did on this case.")] = None,
) -> None:
    """Show a run: its candidates, accuracy, cost and failures; or the transcripts of a case.

    Example: `routelab runs show decider-20260401-120000-ab12`
    """
    with opened(config) as (settled, _, store):
        run = store.runs.get(run_id)
        if case is None:
            _print_run(store, run, as_json=as_json)
            return
        from routelab.cli.transcript import print_case

        print_case(store, run, settled.work_path, case)


@app.command("resume")
def resume(
    run_id: RunArgument, config: ConfigOption = None, publish: PublishOption = False, as_json: JsonOption = False
) -> None:
    """Finish an interrupted run; nothing that has its result is executed again.

    Example: `routelab runs resume decider-20260401-120000-ab12`
    """
    with opened(config) as (settled, settings, store):
        from routelab.bench import Bench

        with bench_progress(run_id) as on_progress, stopped_like_by_hand():
            run = asyncio.run(Bench(settled, settings, store).resume(run_id, on_progress=on_progress))
        report_end(settled, store, run, publish=publish, as_json=as_json)


def report_end(config: Config, store: "Store", run: Run, *, publish: bool, as_json: bool) -> None:
    """Print a run that ended, and publish from it; exit code 1 with what to do when it is not complete."""
    _print_run(store, run, as_json=as_json)
    if publish and run.status == "completed":
        from routelab.publish import publish_run, table_rules

        typer.echo(publish_run(store, run, table_rules(config)), err=as_json)
    if run.status != "completed":
        typer.echo(
            plain(f"routelab: the run stopped: {run.stop_reason}. `routelab runs resume {run.id}` goes on."),
            err=True,
        )
        raise typer.Exit(1)


def _header(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "kind": run.kind,
        "status": run.status,
        "source": run.snapshot.source,
        "created_at": run.created_at,
        "ended_at": run.ended_at,
        "stop_reason": run.stop_reason,
        "engine_identity": run.engine_identity,
    }


def _print_run(store: "Store", run: Run, *, as_json: bool) -> None:
    from routelab.bench.costs import cost_differences

    summaries = store.results.summaries(run.id)
    spent = store.results.spent_usd(run.id)
    failures = store.results.lane_failures(run.id)
    attempts = store.results.attempts(run.id)
    uncosted = sum(item.cost_usd is None for item in attempts)
    differences = cost_differences(attempts)
    if as_json:
        document = {
            "summaries": summaries,
            "spent_usd": spent,
            "attempts_of_unknown_cost": uncosted,
            "lane_failures": failures,
            "cost_differences": differences,
        }
        print_json({**_header(run), "snapshot": run.snapshot, **document})
        return
    rows = [
        (
            str(item.candidate),
            str(item.cases),
            percent(item.accuracy),
            interval(item.accuracy_low, item.accuracy_high),
            money(item.avg_cost_usd),
            millis(item.p50_latency_ms),
            millis(item.p95_latency_ms),
            str(item.errors),
            str(item.infrastructure_failures),
            item.carried_from or "",
        )
        for item in summaries
        if item.route is None
    ]
    columns = (
        "candidate",
        "cases",
        "accuracy %",
        f"{run.snapshot.confidence:.0%} interval %",
        "mean cost $",
        "p50 ms",
        "p95 ms",
        "errors #",
        "infrastructure #",
        "carried from",
    )
    print_table(f"{run.id}: {run.status}, {run.snapshot.source}, {money(spent)} spent", columns, rows)
    if uncosted:
        typer.echo(f"the cost of {count(uncosted, 'attempt')} is unknown: what was spent holds an estimate of it")
    for failure in failures:
        typer.echo(plain(f"lane {failure.candidate} r{failure.repetition} s{failure.shard} failed: {failure.message}"))
    for difference in differences:
        typer.echo(f"cost of {difference}")
