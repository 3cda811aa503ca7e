"""What comes from the environment: places and secrets. Secrets live nowhere else."""

import re
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, unquote_plus

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from routelab.errors import ConfigError

_REDACTED = "[redacted]"
_KEY_SHAPES = re.compile(r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}|(?<=Bearer )[A-Za-z0-9._~+/-]{12,}")
_MIN_KEY_LENGTH = 8
_URL_PASSWORD = re.compile(r"://[^:@/]*:(.*)@")
_QUERY_PASSWORD = re.compile(r"[?&]password=([^&#]+)")


class Settings(BaseSettings):
    """Environment variables, each with the prefix `ROUTELAB_`.

    `config`: the configuration file. `store_url`: overrides the configured store, so that a
    password need not stand in a file; `sessions_url` does so for the shim's session store.
    `endpoint_url`: overrides the configured endpoint. `api_key`: the endpoint's key. `decide_keys`
    and `admin_keys`: bearer keys that the shim accepts, separated by commas; None means that no key
    is asked for, and that nobody may administer. `log_hash_key`: hashes users in the decision log;
    None leaves them out. `table_key`: opens the shim that tables come from. `morph_key`: opens
    Morph's router.
    """

    model_config = SettingsConfigDict(env_prefix="ROUTELAB_", env_ignore_empty=True)

    config: Path = Path("routelab.toml")
    store_url: SecretStr | None = None
    sessions_url: SecretStr | None = None
    endpoint_url: str | None = None
    api_key: SecretStr | None = None
    decide_keys: SecretStr | None = None
    admin_keys: SecretStr | None = None
    log_hash_key: SecretStr | None = None
    table_key: SecretStr | None = None
    morph_key: SecretStr | None = None

    def keys(self) -> tuple[str, ...]:
        """The bearer keys of the shim; empty when no key is asked for.

        Raises ConfigError when the variable is set but names no key: that is no wish for an open door.
        """
        return _required(self.decide_keys, "ROUTELAB_DECIDE_KEYS")

    def administrators(self) -> tuple[str, ...]:
        """The bearer keys for the shim's administration; empty when nobody may. Raises ConfigError as `keys` does."""
        return _required(self.admin_keys, "ROUTELAB_ADMIN_KEYS")

    def check_keys(self) -> None:
        """Make sure that the shim's keys can be sent and are not guessed; raises ConfigError.

        Too short a key would also be masked in the middle of every word of the log.
        """
        sent = {
            "ROUTELAB_DECIDE_KEYS": self.keys(),
            "ROUTELAB_ADMIN_KEYS": self.administrators(),
            "ROUTELAB_TABLE_KEY": _alone(self.table_key),
            "ROUTELAB_MORPH_KEY": _alone(self.morph_key),
        }
        for name, keys in sent.items():
            if not all(key.isascii() and key.isprintable() for key in keys):
                raise ConfigError(f"{name} holds characters that no HTTP header can carry; set it anew")
        for name, keys in {**sent, "ROUTELAB_LOG_HASH_KEY": _alone(self.log_hash_key)}.items():
            if any(len(key) < _MIN_KEY_LENGTH for key in keys):
                raise ConfigError(f"{name} holds a key of fewer than {_MIN_KEY_LENGTH} characters; set a longer one")

    def redact(self, text: str) -> str:
        """The text without this environment's secrets, and without whatever looks like a key."""
        for secret in self._secrets:
            text = text.replace(secret, _REDACTED)
        return _KEY_SHAPES.sub(_REDACTED, text)

    @cached_property
    def _secrets(self) -> list[str]:
        """Longest first, since one may be a part of another."""
        known = {*_listed(self.decide_keys), *_listed(self.admin_keys)}
        for secret in (self.api_key, self.log_hash_key, self.table_key, self.morph_key):
            known.update(_alone(secret))
        for url in (self.store_url, self.sessions_url):
            known.update(_passwords("" if url is None else url.get_secret_value()))
        return sorted(known - {""}, key=len, reverse=True)


def _required(given: SecretStr | None, name: str) -> tuple[str, ...]:
    keys = _listed(given)
    if given is not None and not keys:
        raise ConfigError(f"{name} is set but holds no key; name one or unset it")
    return keys


def _listed(given: SecretStr | None) -> tuple[str, ...]:
    return tuple(key for key in map(str.strip, given.get_secret_value().split(",")) if key) if given else ()


def _alone(given: SecretStr | None) -> tuple[str, ...]:
    """A key of which there is one only."""
    return () if given is None else (given.get_secret_value().strip(),)


def _passwords(url: str) -> set[str]:
    """The password of a URL as it is written and as it is meant, and one in its query."""
    found = set(_QUERY_PASSWORD.findall(url))
    if written := _URL_PASSWORD.search(url):
        found.add(written[1])
    return found | {unquote(password) for password in found} | {unquote_plus(password) for password in found}
