"""`GET /`: the page for people."""

import base64
from typing import TYPE_CHECKING, Any

from litestar import Response, get
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from routelab.config import Config
from routelab_serve.auth import KeyGuard, Keys
from routelab_serve.page import PageRoute
from routelab_serve.wiring import Parts

if TYPE_CHECKING:
    from routelab_serve.rate_limit import RateLimiter


def page_handler(parts: Parts, config: Config) -> HTTPRouteHandler:
    """The route of the page; with keys configured, one of them is asked for."""
    page = PageRoute(
        lambda: parts.live_table.live,
        log=None if parts.log is None else config.decisions_path,
        metrics=parts.metrics,
        classifier=lambda: str(parts.decider.classifier_model),
        classifier_problem=lambda: parts.decider.classifier_problem,
    )
    keys = parts.decide_keys | parts.admin_keys
    guard = BrowserGuard(keys, parts.limiter) if keys else KeyGuard(None, parts.limiter)

    @get("/", include_in_schema=False, guards=[guard])
    async def show() -> Response[bytes]:
        answer = await page.answer()
        return Response(answer.body, headers=dict(answer.headers), media_type=answer.headers["content-type"])

    return show


class BrowserGuard:
    """A KeyGuard for pages: browsers ask a person for the key, as the password of any user name."""

    def __init__(self, keys: Keys, limiter: "RateLimiter | None") -> None:
        self._keys = keys
        self._limiter = limiter

    def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """As a KeyGuard's."""
        scheme, _space, credentials = connection.headers.get("authorization", "").partition(" ")
        key = self._keys.digest_of(_password(credentials)) if scheme.lower() == "basic" else None
        if key is None:
            raise NotAuthorizedException(
                "Give a valid key as the password",
                headers={"WWW-Authenticate": 'Basic realm="routelab", charset="UTF-8"'},
            )
        if self._limiter is not None:
            self._limiter.take(key)


def _password(credentials: str) -> bytes:
    try:
        return base64.b64decode(credentials.strip(), validate=True).partition(b":")[2]
    except ValueError:
        return b""
