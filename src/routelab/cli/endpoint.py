"""`routelab endpoint`: what it lists, and the simulated one."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

from routelab.cli.common import ConfigOption, JsonOption, print_json, print_table
from routelab.config import configured
from routelab.errors import UserError
from routelab.records import Capabilities
from routelab.settings import Settings

if TYPE_CHECKING:
    from routelab.llm import ListedModel

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


@app.command("models")
def models(
    config: ConfigOption = None,
    as_json: JsonOption = False,
    as_toml: Annotated[bool, typer.Option("--toml", help="Print sections for routelab.toml.")] = False,
) -> None:
    """List what the models of the endpoint can take, as `[capabilities]` corrects it.

    A shim that may ask the endpoint reads the list by itself; for another one put what `--toml`
    prints into its configuration.

    Example: `routelab endpoint models`
    """
    settings = Settings()
    settled = configured(settings, config)
    from routelab.llm import EndpointClient, known_capabilities

    key = settings.api_key.get_secret_value() if settings.api_key else None

    async def ask() -> "dict[str, ListedModel] | None":
        async with EndpointClient(settled.endpoint, api_key=key) as client:
            return await client.models()

    listed = asyncio.run(ask())
    if listed is None:
        raise UserError(f"the endpoint {settled.endpoint.base_url} has no list of models")
    known = known_capabilities(settled.capabilities, listed)
    if as_json:
        print_json(known)
    elif as_toml:
        typer.echo("\n".join(_section(model, known[model]) for model in sorted(known)), nl=False)
    else:
        rows = [
            (model, str(able.context_length or "-"), ", ".join(able.input_modalities or ("-",)))
            for model, able in sorted(known.items())
        ]
        print_table("Models", ("model", "context tokens", "input"), rows)


def _section(model: str, able: Capabilities) -> str:
    lines = [f"[capabilities.{json.dumps(model, ensure_ascii=False)}]"]
    if able.context_length is not None:
        lines.append(f"context_length = {able.context_length}")
    if able.input_modalities is not None:
        lines.append(f"input_modalities = {json.dumps(able.input_modalities)}")
    return "\n".join(lines) + "\n"
