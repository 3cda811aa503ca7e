"""`GET /metrics`."""

from http import HTTPStatus

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from routelab_serve.metrics import CONTENT_TYPE, Metrics
from routelab_serve.recorder import Recorder
from routelab_serve.routes import KEYED, UNAUTHORIZED


def metrics_handler(metrics: Metrics, recorder: Recorder) -> HTTPRouteHandler:
    """The route that gives these metrics, with what `recorder` has still to tell them."""

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
        recorder.flush()
        return Response(metrics.render(), media_type=CONTENT_TYPE)

    return metrics_route
