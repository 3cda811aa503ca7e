"""Which names requests may be addressed to."""

from collections.abc import Sequence
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException
from litestar.handlers import BaseRouteHandler

from routelab_serve.auth import RawHeaders

ANY_HOST = {"any_host": True}
"""The `opt` of handlers that answer under every name: probes call a pod by its address."""


class AllowedHosts:
    """The allowed names, `*.example.org` for a whole domain; empty: any. Ports do not matter.

    As a Litestar guard it holds for every handler whose `opt` is not ANY_HOST.
    """

    def __init__(self, names: Sequence[str]) -> None:
        lowered = [name.lower().encode() for name in names]
        self._names = frozenset(name for name in lowered if not name.startswith(b"*."))
        self._domains = tuple(name[1:] for name in lowered if name.startswith(b"*."))

    def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """Raise ClientException (400) when the request is addressed to another name."""
        if not handler.opt.get("any_host"):
            self.check(connection.scope["headers"])

    def check(self, headers: RawHeaders) -> None:
        """Raise ClientException (400) when the headers address another name."""
        if not (self._names or self._domains):
            return
        host = next((value for name, value in headers if name == b"host"), b"").lower()
        name = host if host.endswith(b"]") else host.rpartition(b":")[0] or host
        if name not in self._names and not name.endswith(self._domains):
            raise ClientException("This host is not served here")
