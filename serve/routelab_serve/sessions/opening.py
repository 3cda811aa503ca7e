"""The session store that a URL names."""

from pathlib import Path

from routelab.errors import ConfigError
from routelab_serve.sessions.protocol import SessionStore
from routelab_serve.sessions.records import HALF_AN_HOUR_S

_SQLITE = "sqlite:///"
_REDIS = ("redis://", "rediss://", "unix://")


def open_session_store(url: str, *, max_rows: int, ttl_s: float = HALF_AN_HOUR_S) -> SessionStore | None:
    """The shared store at `url`; None for `memory`, where every process remembers for itself.

    `sqlite:///FILE`, bounded by `max_rows`; or Redis or Valkey at `redis://`, `rediss://` or
    `unix://`. Nothing is connected yet. Raises ConfigError, without the URL: it may hold a password.
    """
    if url == "memory":
        return None
    if url.startswith(_SQLITE) and len(url) > len(_SQLITE):
        from routelab_serve.sessions.sqlite_store import SqliteStore

        return SqliteStore(Path(url.removeprefix(_SQLITE)), max_rows=max_rows, ttl_s=ttl_s)
    if url.startswith(_REDIS):
        try:
            from routelab_serve.sessions.redis_store import RedisStore
        except ModuleNotFoundError as error:
            raise ConfigError("sessions in Redis need the extra `redis`: pip install 'routelab[redis]'") from error
        try:
            return RedisStore(url, ttl_s=ttl_s)
        except ValueError as error:
            raise ConfigError("the URL of the session store is malformed") from error
    raise ConfigError("the session store is `memory`, sqlite:///FILE, redis://, rediss:// or unix://")
