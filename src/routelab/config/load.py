"""The whole of `routelab.toml`, read and checked."""

import tomllib
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator

from routelab.config.fields import Section
from routelab.config.sections import (
    CapabilityConfig,
    ClassifierConfig,
    DeciderConfig,
    EndpointConfig,
    LimitsConfig,
    PathsConfig,
    PolicyConfig,
    Price,
    SandboxConfig,
    StoreConfig,
)
from routelab.config.serving import ServeConfig
from routelab.errors import ConfigError
from routelab.settings import Settings

_SQLITE_FILE = "sqlite:///"


class Config(Section):
    """The whole configuration. `root` is the folder of the file, against which paths are read."""

    root: Path = Field(default=Path(), exclude=True)
    taxonomy: str = "taxonomy/v1"
    paths: PathsConfig = PathsConfig()
    store: StoreConfig = StoreConfig()
    endpoint: EndpointConfig = EndpointConfig()
    classifier: ClassifierConfig = ClassifierConfig()
    decider: DeciderConfig = DeciderConfig()
    sandbox: SandboxConfig = SandboxConfig()
    limits: LimitsConfig = LimitsConfig()
    policy: PolicyConfig = PolicyConfig()
    serve: ServeConfig = ServeConfig()
    prices: dict[str, Price] = Field(default_factory=dict)
    capabilities: dict[str, CapabilityConfig] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _agents_are_locked_in(self) -> Self:
        if self.sandbox.kind == "process" and self.decider.agent != "direct":
            raise ValueError(f'decider.agent "{self.decider.agent}" runs in containers: set sandbox.kind to "docker"')
        return self

    def dataset_path(self, name: str) -> Path:
        """The folder of a dataset such as `decider/v1`."""
        return self.root / self.paths.datasets / name

    @property
    def taxonomy_path(self) -> Path:
        """The taxonomy file."""
        return self.dataset_path(self.taxonomy) / "taxonomy.json"

    @property
    def work_path(self) -> Path:
        """The folder for the default store and for files of runs."""
        return self.root / self.paths.work

    @property
    def decisions_path(self) -> Path:
        """The folder of the decision log."""
        return self.root / (self.serve.decision_log.folder or self.work_path / "decisions")

    @property
    def reports_path(self) -> Path:
        """The folder for rendered reports."""
        return self.root / self.paths.reports

    @property
    def notebooks_path(self) -> Path:
        """The folder of the notebooks."""
        return self.root / self.paths.notebooks


def configured(settings: Settings, path: Path | None = None) -> Config:
    """The configuration at `path` (None: where the environment says) with the environment's overrides.

    Raises ConfigError as `load_config` does.
    """
    config = load_config(path or settings.config)
    if settings.endpoint_url is None:
        return config
    given = config.model_dump()
    given["endpoint"]["base_url"] = settings.endpoint_url
    return parse_config(given, root=config.root, origin="ROUTELAB_ENDPOINT_URL")


def store_url(config: Config, settings: Settings) -> str:
    """The SQLAlchemy URL of the store: the environment's, else the configured, else SQLite in `work`.

    It may hold a password, so it is kept out of the configuration that runs freeze. Like every path,
    that of an SQLite file is read against the folder of the configuration.
    """
    if settings.store_url is not None:
        return _rooted(settings.store_url.get_secret_value(), config)
    return _rooted(config.store.url or f"{_SQLITE_FILE}{config.work_path / 'routelab.db'}", config)


def sessions_url(config: Config, settings: Settings) -> str:
    """Where the shim remembers conversations: what the environment says, else what is configured.

    Like every path, that of an SQLite file is read against the folder of the configuration.
    """
    given = settings.sessions_url
    url = config.serve.sessions.store if given is None else given.get_secret_value()
    return _rooted(url, config)


def _rooted(url: str, config: Config) -> str:
    file = url.removeprefix(_SQLITE_FILE)
    return url if file in ("", ":memory:", url) else f"{_SQLITE_FILE}{config.root / file}"


def load_config(path: Path) -> Config:
    """Read a configuration file.

    Raises ConfigError with one sentence that names the file, the key and what is wrong.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"there is no configuration file {path}; name one with --config") from error
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    return parse_config(given, root=path.resolve().parent, origin=str(path))


def parse_config(given: dict[str, Any], *, root: Path, origin: str = "the configuration") -> Config:
    """Check a configuration that was read already; `origin` names it in errors."""
    if "root" in given:
        raise ConfigError(f"{origin}: root: is where the file lies and cannot be set")
    try:
        return Config.model_validate({**given, "root": root})
    except ValidationError as error:
        raise ConfigError(f"{origin}: {_sentence(error)}") from error


def _sentence(error: ValidationError) -> str:
    faults = []
    for fault in error.errors(include_url=False, include_context=False):
        where = ".".join(str(part) for part in fault["loc"]) or "file"
        faults.append(f"{where}: {fault['msg'].removeprefix('Value error, ')}")
    return "; ".join(faults)
