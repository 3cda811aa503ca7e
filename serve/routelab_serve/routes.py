"""The HTTP face: three paths over the services that `app` wires together."""

from http import HTTPStatus

from litestar import get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.openapi.spec import SecurityRequirement
from litestar.params import FromQuery, JSONBody

from routelab import __version__
from routelab.records import RoutingTable
from routelab_serve.auth import BearerGuard
from routelab_serve.body import DecideBody
from routelab_serve.contract import DecideRequest, DecideResponse, Health, LiveTableInfo
from routelab_serve.decide import Decider
from routelab_serve.problems import documented
from routelab_serve.tables import LiveTable

_KEYED: list[SecurityRequirement] = [{"bearer": []}]
_UNAUTHORIZED = documented(HTTPStatus.UNAUTHORIZED, "No valid key was sent.")


@post(
    "/decide",
    status_code=HTTPStatus.OK,
    request_class=DecideBody,
    summary="Which model serves this request",
    security=_KEYED,
    responses={
        **documented(HTTPStatus.BAD_REQUEST, "A field is wrong; `field` names it."),
        **documented(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is larger than 10 MB."),
        **_UNAUTHORIZED,
    },
)
async def decide(
    data: JSONBody[DecideRequest], decider: NamedDependency[Decider], explain: FromQuery[bool] = False
) -> DecideResponse:
    """Route one request. With `explain` every candidate considered and why it lost is added."""
    return await decider.decide(data, explained=explain)


@get(
    "/routing-table",
    summary="The table that is served",
    security=_KEYED,
    responses={**documented(HTTPStatus.NOT_FOUND, "There is no usable table."), **_UNAUTHORIZED},
)
async def routing_table(live_table: NamedDependency[LiveTable]) -> RoutingTable:
    """The live routing table as published."""
    live = live_table.live
    if live.table is None:
        raise NotFoundException(f"There is no usable routing table ({live.problem})")
    return live.table


@get("/health", summary="The state of the shim")
async def health(
    live_table: NamedDependency[LiveTable], decider: NamedDependency[Decider], guard: NamedDependency[BearerGuard]
) -> Health:
    """Always 200 while the process serves; needs no key."""
    live = live_table.live
    table, classifier = None, decider.classifier_model
    if live.table is not None:
        table = LiveTableInfo(
            version=live.table.version, source=live.table.source, published_at=live.table.published_at
        )
    return Health(
        status="ok" if live.problem is None else "degraded",
        version=__version__,
        authentication="open" if guard.is_open else "bearer",
        table=table,
        table_problem=live.problem,
        classifier=None if classifier is None else str(classifier),
    )
