"""What comes from the environment: places and secrets. Secrets live nowhere else."""

import re
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from routelab.errors import ConfigError

_REDACTED = "[redacted]"
_KEY_SHAPES = re.compile(r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}|(?<=Bearer )[A-Za-z0-9._~+/-]{12,}")


class Settings(BaseSettings):
    """Environment variables, each with the prefix `ROUTELAB_`.

    `config`: the configuration file. `store_url`: overrides the configured store, so that a
    password need not stand in a file. `endpoint_url`: overrides the configured endpoint. `api_key`:
    the endpoint's key. `decide_keys`: bearer keys that the shim accepts, separated by commas; None
    means that no key is asked for.
    """

    model_config = SettingsConfigDict(env_prefix="ROUTELAB_", env_ignore_empty=True)

    config: Path = Path("routelab.toml")
    store_url: SecretStr | None = None
    endpoint_url: str | None = None
    api_key: SecretStr | None = None
    decide_keys: SecretStr | None = None

    def keys(self) -> tuple[str, ...]:
        """The bearer keys of the shim; empty when no key is asked for.

        Raises ConfigError when the variable is set but names no key: that is no wish for an open door.
        """
        if self.decide_keys is None:
            return ()
        keys = self._named_keys()
        if not keys:
            raise ConfigError("ROUTELAB_DECIDE_KEYS is set but holds no key; name one or unset it")
        return keys

    def redact(self, text: str) -> str:
        """The text without this environment's secrets, and without whatever looks like a key."""
        known = [*self._named_keys()]
        if self.api_key is not None:
            known.append(self.api_key.get_secret_value().strip())
        for secret in known:
            if secret:
                text = text.replace(secret, _REDACTED)
        return _KEY_SHAPES.sub(_REDACTED, text)

    def _named_keys(self) -> tuple[str, ...]:
        given = self.decide_keys.get_secret_value() if self.decide_keys else ""
        return tuple(key for key in map(str.strip, given.split(",")) if key)
