"""`GET /metrics`."""

from http import HTTPStatus

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from routelab_serve.metrics import CONTENT_TYPE, Metrics
from routelab_serve.routes import KEYED, UNAUTHORIZED


def metrics_handler(metrics: Metrics) -> HTTPRouteHandler:
    """The route that gives these metrics."""

    @get(
        "/metrics",
        summary="Metrics for Prometheus",
        security=KEYED,
        responses={
            HTTPStatus.OK: ResponseSpec(str, description="Prometheus' text format.", media_type="text/plain"),
            **UNAUTHORIZED,
        },
    )
    async def metrics_route() -> Response[bytes]:
        """Decisions, latencies, cost and troubles since the start."""
        return Response(metrics.render(), media_type=CONTENT_TYPE)

    return metrics_route
