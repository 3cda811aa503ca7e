"""The `routelab` command: sub-commands, and what becomes of errors."""

import sys
from typing import Annotated

import typer

from routelab import __version__
from routelab.cli import (
    agent,
    bench,
    cases,
    classifier,
    config,
    datasets,
    demo,
    doctor,
    endpoint,
    report,
    runs,
    sandbox,
    serve,
    shadow,
    store,
    table,
)
from routelab.cli.common import plain
from routelab.errors import RoutelabError

app = typer.Typer(
    name="routelab",
    help="Find the cheapest model that is proven good enough for each kind of coding request.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(bench.app, name="bench")
app.add_typer(runs.app, name="runs")
app.add_typer(table.app, name="table")
app.add_typer(datasets.app, name="datasets")
app.add_typer(endpoint.app, name="endpoint")
app.add_typer(config.app, name="config")
app.add_typer(store.app, name="store")
app.add_typer(sandbox.app, name="sandbox")
app.add_typer(agent.app, name="agent")
app.add_typer(classifier.app, name="classifier")
app.add_typer(shadow.app, name="shadow")
datasets.app.command("show")(cases.show)
datasets.app.command("card")(cases.card)
datasets.app.command("new-case")(cases.new_case)
app.command("report")(report.report)
app.command("serve")(serve.serve)
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of the command itself."""


def main() -> None:
    """Run the command line: exit code 0 for success, 1 for a failure, 2 for a user's mistake."""
    try:
        app()
    except RoutelabError as error:
        sys.stderr.write(f"routelab: {plain(str(error))}\n")
        sys.exit(error.exit_code)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("routelab"):
            raise
        sys.stderr.write(f"routelab: this command needs the package {error.name}; install routelab[all]\n")
        sys.exit(2)
