"""`routelab endpoint`: the simulated endpoint."""

import asyncio
from typing import Annotated

import typer

from routelab.cli.common import ConfigOption
from routelab.config import configured
from routelab.settings import Settings

app = typer.Typer(help="Model endpoints.", no_args_is_help=True)


@app.command("simulate")
def simulate(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 8808,
    config: ConfigOption = None,
) -> None:
    """Run an endpoint of invented models that know the golden cases, until it is stopped.

    Example: `routelab endpoint simulate --port 8808`
    """
    settled = configured(Settings(), config)
    from routelab.datasets import load_classifier, load_decider
    from routelab.llm.simulated import World, load_cast
    from routelab.llm.simulated.app import create_app
    from routelab.llm.simulated.server import running
    from routelab.taxonomy import load_taxonomy

    world = World(
        load_taxonomy(settled.taxonomy_path),
        load_classifier(settled.dataset_path(settled.classifier.dataset)).cases,
        load_decider(settled.dataset_path(settled.decider.dataset)).cases,
    )

    async def run() -> None:
        async with running(create_app(world, load_cast()), host=host, port=port) as server:
            typer.echo(f"simulated endpoint at {server.url}")
            await server.wait()

    asyncio.run(run())
