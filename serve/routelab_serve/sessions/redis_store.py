"""Sessions in Redis or Valkey, shared by all replicas."""

from collections.abc import Sequence
from typing import cast

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from routelab_serve.sessions.records import HALF_AN_HOUR_S

_PREFIX = b"routelab:session:"


class RedisStore:
    """Values under `routelab:session:` and the bare key at `url` (`redis://`, `rediss://`, `unix://`).

    Nothing is asked of the server before it is needed, and nothing is tried twice: the caller's
    deadline is shorter than any wait. The server's own `maxmemory` bounds it. Raises ValueError when
    the URL is none.
    """

    def __init__(self, url: str, *, ttl_s: float = HALF_AN_HOUR_S) -> None:
        self._ttl_ms = max(1, round(ttl_s * 1000))
        pool = ConnectionPool.from_url(url, retry=Retry(NoBackoff(), 0), protocol=2)
        self._client = Redis.from_pool(pool)

    async def get_many(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """The values in the order of the keys. Raises redis.RedisError or OSError."""
        values = await self._client.mget([_PREFIX + key for key in keys])
        return cast("list[bytes | None]", values)

    async def put_many(self, entries: Sequence[tuple[bytes, bytes]]) -> None:
        """Keep every (key, value). Raises redis.RedisError or OSError."""
        async with self._client.pipeline(transaction=False) as pipeline:
            for key, value in entries:
                pipeline.set(_PREFIX + key, value, px=self._ttl_ms)
            await pipeline.execute()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
