"""Load a JSON configuration file."""
import json
import pathlib


class ConfigError(Exception):
    """The configuration cannot be used; the text says why."""


def load(path):
    """The configuration in a JSON file as a dict."""
    path = pathlib.Path(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"no file {path.name}") from None
    except ValueError:
        raise ConfigError(f"{path.name} is not JSON") from None
    if not isinstance(data, dict):
        raise ConfigError(f"{path.name} is not an object")
    return data
