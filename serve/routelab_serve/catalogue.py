"""What models can take, kept fresh from the endpoint's list of models."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import structlog

from routelab.config import CapabilityConfig
from routelab.llm import EndpointClient, known_capabilities
from routelab_serve.logs import report_bug

_MAX_AGE_S = 3600.0
_log = structlog.get_logger()


class Catalogue:
    """What is known of models: what is `configured`, and where that says nothing, what the endpoint lists.

    `known` stays the same mapping while its content changes. `client` None: nobody is asked. The list
    is read at the start, once an hour, and when `version`, that of the live table, has changed; that
    and a list that could not be read are looked after every `look_s` seconds. What was known stays
    while the endpoint fails, also when it suddenly lists nothing.
    """

    def __init__(
        self,
        configured: Mapping[str, CapabilityConfig],
        client: EndpointClient | None,
        *,
        version: Callable[[], str | None],
        look_s: float,
    ) -> None:
        self.known = known_capabilities(configured, {})
        self._configured = configured
        self._client = client
        self._version = version
        self._look_s = look_s
        self._has_listed = False
        self._has_failed = False

    @asynccontextmanager
    async def kept_fresh(self) -> AsyncIterator[None]:
        """Ask within this context, in the background: it opens at once."""
        if self._client is None:
            yield
            return
        refresher = asyncio.create_task(self._keep_fresh(self._client))
        try:
            yield
        finally:
            refresher.cancel()
            await asyncio.gather(refresher, return_exceptions=True)

    async def _keep_fresh(self, client: EndpointClient) -> None:
        read_for, read_again_at = None, 0.0
        while True:
            try:
                version = self._version()
                if (version != read_for or time.monotonic() >= read_again_at) and await self._refresh(client):
                    read_for, read_again_at = version, time.monotonic() + _MAX_AGE_S
            except Exception as error:
                report_bug("catalogue_failed", error)
            await asyncio.sleep(self._look_s)

    async def _refresh(self, client: EndpointClient) -> bool:
        """Whether the list could be read."""
        try:
            listed = await client.models()
        except Exception as error:
            return self._failed(f"{type(error).__name__}: {error}")
        if not listed and self._has_listed:
            return self._failed("the endpoint lists no models any more")
        self._has_failed = False
        self._has_listed = bool(listed)
        known = known_capabilities(self._configured, listed or {})
        self.known.clear()
        self.known.update(known)
        return True

    def _failed(self, detail: str) -> bool:
        if not self._has_failed:  # once, not every minute
            _log.warning("models_not_listed", detail=detail)
        self._has_failed = True
        return False
