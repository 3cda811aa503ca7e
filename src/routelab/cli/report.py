"""`routelab report`: render a run."""

from typing import Annotated

import typer

from routelab.cli.common import ConfigOption


def report(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="The run's id; see `routelab runs list`.")],
    config: ConfigOption = None,
) -> None:
    """Render a run as self-contained HTML pages under the reports folder.

    Example: `routelab report decider-20260401-120000-ab12`
    """
    from routelab.report.driver import report_run

    for page in report_run(run_id, config=config):
        typer.echo(str(page))
