"""The shim as an ASGI application."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import ScalarRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from routelab import __version__
from routelab.config import Config, configured
from routelab.errors import RoutelabError
from routelab.settings import Settings
from routelab_serve import admin, health, routes
from routelab_serve.auth import KeyGuard
from routelab_serve.body import MAX_BODY_BYTES
from routelab_serve.collector import spare_requests
from routelab_serve.fast import Shortcut
from routelab_serve.logs import to_stderr
from routelab_serve.problems import problem_details
from routelab_serve.wiring import Parts, assemble

_SCALAR_VERSION = "1.72.1"


def app_from_environment() -> Litestar:
    """The shim as `ROUTELAB_*` and the configuration file want it; a factory for uvicorn.

    Ends the process with one sentence when they cannot be used.
    """
    to_stderr()
    try:
        settings = Settings()
        to_stderr(settings.redact)
        app = create_app(configured(settings), settings)
    except RoutelabError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(error.exit_code) from None
    app.on_startup.append(spare_requests)
    return app


def create_app(config: Config, settings: Settings) -> Litestar:
    """The shim. Raises what `assemble` raises."""
    parts = assemble(config, settings)

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        async with parts.running():
            yield

    services = {"live_table": parts.live_table, "decider": parts.decider, "keys": parts.decide_keys}
    decide_route = parts.decide_route()
    pages: list[HTTPRouteHandler] = []
    if config.serve.page:
        from routelab_serve.page_route import page_handler

        pages.append(page_handler(parts, config))
    app = Shortcut(
        route_handlers=[
            *pages,
            routes.decide_handler(decide_route),
            _readers(parts),
            Router("/", route_handlers=[admin.reload], guards=[KeyGuard(parts.admin_keys, parts.limiter)]),
            health.live,
            health.ready,
            health.health,
        ],
        dependencies={name: _provide(service) for name, service in services.items()},
        guards=[parts.hosts],
        lifespan=[running],
        plugins=[problem_details()],
        openapi_config=_openapi(),
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
    )
    app.decide_route = decide_route
    return app


def _readers(parts: Parts) -> Router:
    """What whoever may decide or administer may read."""
    handlers: list[HTTPRouteHandler] = [
        routes.live_routing_table,
        routes.routing_table_history,
        routes.routing_table_version,
    ]
    if parts.metrics is not None and parts.recorder is not None:
        from routelab_serve.metrics_route import metrics_handler

        handlers.append(metrics_handler(parts.metrics, parts.recorder))
    keys = parts.decide_keys | parts.admin_keys if parts.decide_keys else None
    return Router("/", route_handlers=handlers, guards=[KeyGuard(keys, parts.limiter)])


def _provide(service: object) -> Provide:
    return Provide(lambda: service, use_cache=True, sync_to_thread=False)


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="routelab",
        version=__version__,
        description="Which model is the cheapest that is proven good enough for this request.",
        path="/schema",
        use_handler_docstrings=True,
        render_plugins=[ScalarRenderPlugin(version=_SCALAR_VERSION, path="/")],
        components=Components(security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer")}),
    )
