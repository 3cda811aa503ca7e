"""`routelab config`: look at the configuration."""

import json

import typer

from routelab.cli.common import ConfigOption, JsonOption
from routelab.config import configured
from routelab.settings import Settings

app = typer.Typer(help="The configuration.", no_args_is_help=True)


@app.command("check")
def check(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Check the configuration and print it with all defaults.

    Example: `routelab config check --config routelab.toml`
    """
    settings = Settings()
    settled = configured(settings, config)
    if as_json:
        typer.echo(settled.model_dump_json(indent=2))
        return
    for section, value in json.loads(settled.model_dump_json()).items():
        if isinstance(value, dict):
            for name, item in value.items():
                typer.echo(f"{section}.{name} = {json.dumps(item)}")
        else:
            typer.echo(f"{section} = {json.dumps(value)}")
    typer.echo(f"{config or settings.config}: sound", err=True)
