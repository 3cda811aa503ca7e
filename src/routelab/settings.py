"""What comes from the environment: places and secrets. Secrets live nowhere else."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Environment variables, each with the prefix `ROUTELAB_`.

    `config`: the configuration file. `store_url`: overrides the configured store, so that a
    password need not stand in a file. `api_key`: the endpoint's key. `decide_keys`: bearer keys
    that the shim accepts, separated by commas; None means that no key is asked for.
    """

    model_config = SettingsConfigDict(env_prefix="ROUTELAB_", env_ignore_empty=True)

    config: Path = Path("routelab.toml")
    store_url: SecretStr | None = None
    api_key: SecretStr | None = None
    decide_keys: SecretStr | None = None

    def keys(self) -> tuple[str, ...]:
        """The bearer keys of the shim, without blanks."""
        if self.decide_keys is None:
            return ()
        return tuple(key.strip() for key in self.decide_keys.get_secret_value().split(",") if key.strip())
