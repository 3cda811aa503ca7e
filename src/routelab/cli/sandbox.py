"""`routelab sandbox`: the images that agents run in."""

from contextlib import closing
from typing import Annotated

import typer

app = typer.Typer(help="Sandboxes and their images.", no_args_is_help=True)


@app.command("build")
def build(
    agent: Annotated[str, typer.Argument(help="The agent, such as `kilo`.")],
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Without an image registry: from this machine's Debian packages, npm and pip."),
    ] = False,
) -> None:
    """Build an agent's image; nothing is done when it is there already.

    Example: `routelab sandbox build kilo`
    """
    from routelab.sandbox.build import build as build_image
    from routelab.sandbox.containers import Engine

    with closing(Engine()) as engine:
        image = build_image(agent, offline=offline, client=engine.client)
    typer.echo(f"{image.tag} {image.id}")


@app.command("sweep")
def sweep() -> None:
    """Remove what routelab processes that ended left: containers, volumes, networks, temporary folders.

    Nothing of a live process or of another host is touched. Example: `routelab sandbox sweep`
    """
    import asyncio

    from routelab.sandbox.containers import Engine, Swept
    from routelab.sandbox.containers import sweep as sweep_engine
    from routelab.sandbox.folders import sweep_folders

    async def swept() -> Swept:
        async with Engine() as engine:
            return await sweep_engine(engine)

    typer.echo(f"{sweep_folders()} temporary folders removed")
    result = asyncio.run(swept())
    typer.echo(str(result))
    if result.stuck:
        raise typer.Exit(1)
