"""`routelab store`: look after the store."""

import typer

from routelab.cli.common import ConfigOption
from routelab.config import configured, store_url
from routelab.settings import Settings

app = typer.Typer(help="The results store.", no_args_is_help=True)


@app.command("upgrade")
def upgrade(config: ConfigOption = None) -> None:
    """Create the store, or bring its schema to this version of routelab.

    Example: `routelab store upgrade`
    """
    settings = Settings()
    settled = configured(settings, config)
    from routelab.store.database import Database
    from routelab.store.migrate import current_revision
    from routelab.store.migrate import upgrade as migrate

    database = Database(store_url(settled, settings))
    before = current_revision(database)
    migrate(database)
    typer.echo(f"{database.place}: schema {before or 'none'} -> {current_revision(database)}")
    database.close()
