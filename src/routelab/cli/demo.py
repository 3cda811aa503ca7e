"""`routelab demo`: the whole loop in one command, on invented models."""

from typing import Annotated

import typer

from routelab.cli.common import ConfigOption


def demo(
    config: ConfigOption = None,
    quick: Annotated[bool, typer.Option("--quick", help="A stratified sample of the cases: six a route.")] = False,
) -> None:
    """Benchmark, publish, report and decide, with no key, no Docker and no network.

    Example: `routelab demo`
    """
    from routelab.cli.demonstration import demonstrate

    demonstrate(config, quick=quick)
