"""The shim as an ASGI application."""

import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import ScalarRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from routelab import __version__
from routelab.config import Config, configured, store_url
from routelab.errors import RoutelabError
from routelab.llm import EndpointClient
from routelab.records import Capabilities
from routelab.settings import Settings
from routelab.taxonomy import load_taxonomy
from routelab_serve import routes
from routelab_serve.auth import BearerGuard
from routelab_serve.body import MAX_BODY_BYTES
from routelab_serve.classifier import Classifier
from routelab_serve.decide import Decider
from routelab_serve.logs import to_stderr
from routelab_serve.problems import problem_details
from routelab_serve.tables import LiveTable

_SCALAR_VERSION = "1.72.1"


def app_from_environment() -> Litestar:
    """The shim as `ROUTELAB_*` and the configuration file want it; a factory for uvicorn.

    Ends the process with one sentence when they cannot be used.
    """
    to_stderr()
    try:
        settings = Settings()
        return create_app(configured(settings), settings)
    except RoutelabError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(error.exit_code) from None


def create_app(config: Config, settings: Settings) -> Litestar:
    """The shim. Raises DatasetError when the taxonomy cannot be read."""
    taxonomy = load_taxonomy(config.taxonomy_path)
    serve = config.serve
    live_table = LiveTable(store_url(config, settings), sources=serve.sources, taxonomy_version=taxonomy.version)
    # A retry would spend the time budget; the next request of the conversation tries again anyway.
    endpoint = config.endpoint.model_copy(update={"attempts": 1})
    client = EndpointClient(
        endpoint,
        api_key=settings.api_key.get_secret_value() if settings.api_key else None,
        prices=config.prices,
    )
    classifier = Classifier(taxonomy, client, budget_s=serve.budget_ms / 1000, max_entries=serve.max_conversations)
    decider = Decider(
        lambda: live_table.live,
        classifier,
        max_conversations=serve.max_conversations,
        classifier_override=serve.classifier,
        capabilities={
            model: Capabilities(known.context_length, known.input_modalities)
            for model, known in config.capabilities.items()
        },
    )

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        async with client, aclosing(classifier), live_table.kept_fresh():
            yield

    guard = BearerGuard(settings.keys())
    services = {"decider": decider, "live_table": live_table, "guard": guard}
    return Litestar(
        route_handlers=[
            Router("/", route_handlers=[routes.decide, routes.routing_table], guards=[guard]),
            routes.health,
        ],
        dependencies={name: _provide(service) for name, service in services.items()},
        lifespan=[running],
        plugins=[problem_details()],
        openapi_config=_openapi(),
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
    )


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
