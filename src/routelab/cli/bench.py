"""`routelab bench`: measure candidates."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from routelab.cli.common import ConfigOption, JsonOption, opened, stopped_like_by_hand
from routelab.cli.progress import bench_progress
from routelab.cli.runs import PublishOption, report_end
from routelab.records.runs import RunKind

app = typer.Typer(help="Measure candidates on the golden cases.", no_args_is_help=True)

ForceOption = Annotated[bool, typer.Option("--force", help="Measure again what an identical run has measured.")]
PerRouteOption = Annotated[
    int | None, typer.Option("--per-route", min=1, help="Only the first N cases of every route: a sample.")
]


@app.command("classifier")
def classifier(
    config: ConfigOption = None,
    publish: PublishOption = False,
    force: ForceOption = False,
    per_route: PerRouteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure candidates as classifiers.

    Example: `routelab bench classifier --publish`
    """
    _bench("classifier", config, publish=publish, force=force, per_route=per_route, as_json=as_json)


@app.command("decider")
def decider(
    config: ConfigOption = None,
    publish: PublishOption = False,
    force: ForceOption = False,
    per_route: PerRouteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure candidates on golden tasks through the agent.

    Example: `routelab bench decider --publish`
    """
    _bench("decider", config, publish=publish, force=force, per_route=per_route, as_json=as_json)


def _bench(
    kind: RunKind, config: Path | None, *, publish: bool, force: bool, per_route: int | None, as_json: bool
) -> None:
    with opened(config) as (settled, settings, store):
        from routelab.bench import Bench

        with bench_progress(kind) as on_progress, stopped_like_by_hand():
            run = asyncio.run(
                Bench(settled, settings, store).start(kind, per_route=per_route, force=force, on_progress=on_progress)
            )
        report_end(settled, store, run, publish=publish, as_json=as_json)
