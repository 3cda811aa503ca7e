"""The source that a configuration names."""

from routelab.config import Config
from routelab.settings import Settings
from routelab.table_sources.file_source import FileSource
from routelab.table_sources.http_source import HttpSource


def configured_source(config: Config, settings: Settings) -> FileSource | HttpSource | None:
    """What `serve.table` names; None: tables come from the store. Raises ConfigError for a bad URL."""
    table, key = config.serve.table, settings.table_key
    if table.file is not None:
        return FileSource(config.root / table.file)
    if table.url is not None:
        return HttpSource(str(table.url), api_key=None if key is None else key.get_secret_value())
    return None
