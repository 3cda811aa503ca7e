"""What probes ask, without a key."""

from http import HTTPStatus
from typing import Literal

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Struct

from routelab import __version__
from routelab_serve.auth import Keys
from routelab_serve.contract import Health, LiveTableInfo
from routelab_serve.decide import Decider
from routelab_serve.hosts import ANY_HOST
from routelab_serve.tables import LiveTable


class Alive(Struct, frozen=True):
    """The process answers."""

    status: Literal["ok"] = "ok"


@get("/health/live", summary="Whether the process answers", opt=ANY_HOST)
async def live() -> Alive:
    """200 while the process answers."""
    return Alive()


@get(
    "/health/ready",
    summary="Whether there is a table to decide from",
    opt=ANY_HOST,
    responses={
        HTTPStatus.SERVICE_UNAVAILABLE: ResponseSpec(
            Health, description="There is no usable table: every decision is null.", generate_examples=False
        )
    },
)
async def ready(
    live_table: NamedDependency[LiveTable], decider: NamedDependency[Decider], keys: NamedDependency[Keys]
) -> Response[Health]:
    """The state of the shim; 503 while every decision would be null."""
    found = _state(live_table, decider, keys)
    return Response(found, status_code=HTTPStatus.SERVICE_UNAVAILABLE if found.table is None else HTTPStatus.OK)


@get("/health", summary="The state of the shim", opt=ANY_HOST)
async def health(
    live_table: NamedDependency[LiveTable], decider: NamedDependency[Decider], keys: NamedDependency[Keys]
) -> Health:
    """Always 200 while the process serves."""
    return _state(live_table, decider, keys)


def _state(live_table: LiveTable, decider: Decider, keys: Keys) -> Health:
    live = live_table.live
    table, classifier_problem = None, decider.classifier_problem
    if live.table is not None:
        table = LiveTableInfo(
            version=live.table.version, source=live.table.source, published_at=live.table.published_at
        )
    return Health(
        status="ok" if live.problem is None and classifier_problem is None else "degraded",
        version=__version__,
        authentication="bearer" if keys else "open",
        table=table,
        table_problem=live.problem,
        classifier=str(decider.classifier_model),
        classifier_problem=classifier_problem,
    )
