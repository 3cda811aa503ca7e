"""`GET /`: the page for people."""

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from routelab.config import Config
from routelab_serve.auth import BrowserGuard
from routelab_serve.page import PageRoute
from routelab_serve.wiring import Parts


def page_handler(parts: Parts, config: Config) -> HTTPRouteHandler:
    """The route of the page; with keys configured, one of them is asked for."""
    page = PageRoute(
        lambda: parts.live_table.live,
        log=None if parts.log is None else config.decisions_path,
        metrics=parts.metrics,
        classifier=lambda: _named(parts),
    )
    keys = parts.decide_keys | parts.admin_keys

    @get("/", include_in_schema=False, guards=[BrowserGuard(keys)] if keys else [])
    async def show() -> Response[bytes]:
        answer = await page.answer()
        return Response(answer.body, headers=dict(answer.headers), media_type=answer.headers["content-type"])

    return show


def _named(parts: Parts) -> str | None:
    classifier = parts.decider.classifier_model
    return None if classifier is None else str(classifier)
