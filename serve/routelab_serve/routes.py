"""`POST /decide` as it is declared, and the routing tables."""

from collections.abc import Awaitable, Mapping
from http import HTTPStatus
from typing import Annotated, TypeVar

from litestar import Response, get, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.exceptions import NotFoundException, ServiceUnavailableException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import SecurityRequirement
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody

from routelab.errors import RoutelabError
from routelab.records import Publication, RoutingTable
from routelab.table import PublishedTable
from routelab_serve.contract import DecideRequest, DecideResponse
from routelab_serve.fast import DecideRoute
from routelab_serve.problems import documented
from routelab_serve.tables import LiveTable, TableDocument, document_of

T = TypeVar("T")
KEYED: list[SecurityRequirement] = [{"bearer": []}]
UNAUTHORIZED = documented(HTTPStatus.UNAUTHORIZED, "No valid key was sent.")
_UNREADABLE = documented(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The place tables come from cannot be read or trusted, or is asked too often at once.",
)
_KNOWN = ResponseSpec(None, description="It is the one `If-None-Match` names.")
_IfNoneMatch = Annotated[str | None, HeaderParameter(name="If-None-Match")]
_ETAG = ResponseHeader(name="ETag", description="Changes with what is sent.", required=False, documentation_only=True)
_A_WHILE = {"Cache-Control": "private, max-age=3600"}
"""What a version decides never changes; when it was last published may, and may be an hour late."""


def decide_handler(route: DecideRoute) -> HTTPRouteHandler:
    """The declaration of `POST /decide`, which `route` answers."""

    @post(
        "/decide",
        status_code=HTTPStatus.OK,
        middleware=[route],
        summary="Which model serves this request",
        security=KEYED,
        responses={
            **documented(HTTPStatus.BAD_REQUEST, "A field is wrong; `field` names it."),
            **UNAUTHORIZED,
            **documented(HTTPStatus.REQUEST_TIMEOUT, "The body did not come within 10 s; the connection is closed."),
            **documented(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is larger than 1 MB."),
            **documented(HTTPStatus.TOO_MANY_REQUESTS, "The key asks too often; `Retry-After` says when to come back."),
        },
    )
    async def decide(
        data: JSONBody[DecideRequest],  # noqa: ARG001 - declared, and read by the route
        explain: FromQuery[bool] = False,  # noqa: ARG001
    ) -> DecideResponse:
        """Route one request. With `explain` every candidate considered and why it lost is added."""
        raise AssertionError(f"{route} answers in its place")

    return decide


@get(
    "/routing-table",
    summary="The table that is served",
    security=KEYED,
    response_headers=[_ETAG],
    responses={
        HTTPStatus.OK: ResponseSpec(
            PublishedTable, description="The live table and the published classifier.", generate_examples=False
        ),
        HTTPStatus.NOT_MODIFIED: _KNOWN,
        **documented(HTTPStatus.NOT_FOUND, "There is no usable table."),
        **UNAUTHORIZED,
    },
)
async def live_routing_table(
    live_table: NamedDependency[LiveTable], if_none_match: _IfNoneMatch = None
) -> Response[bytes]:
    """The live routing table as published, with the classifier that was published beside it."""
    document = live_table.document
    if document is None:
        raise NotFoundException(f"There is no usable routing table ({live_table.live.problem})")
    return _sent(document, if_none_match)


@get(
    "/routing-table/history",
    summary="When which table went live",
    security=KEYED,
    responses={**documented(HTTPStatus.NOT_FOUND, "It is not known here."), **UNAUTHORIZED, **_UNREADABLE},
)
async def routing_table_history(live_table: NamedDependency[LiveTable]) -> list[Publication]:
    """Every publication, newest first."""
    history = await _read(live_table.history())
    if history is None:
        raise NotFoundException("The place this table comes from knows no history")
    return history


@get(
    "/routing-table/{version:str}",
    summary="One table",
    security=KEYED,
    response_headers=[_ETAG],
    responses={
        HTTPStatus.OK: ResponseSpec(RoutingTable, description="The table.", generate_examples=False),
        HTTPStatus.NOT_MODIFIED: _KNOWN,
        **documented(HTTPStatus.NOT_FOUND, "It is not known here."),
        **UNAUTHORIZED,
        **_UNREADABLE,
    },
)
async def routing_table_version(
    version: FromPath[str], live_table: NamedDependency[LiveTable], if_none_match: _IfNoneMatch = None
) -> Response[bytes]:
    """The table of a version, live or not."""
    table = await _read(live_table.version(version))
    if table is None:
        raise NotFoundException("There is no such table")
    return _sent(document_of(table), if_none_match, _A_WHILE)


def _sent(
    document: TableDocument, if_none_match: str | None, headers: Mapping[str, str] | None = None
) -> Response[bytes]:
    """The document, or 304 where the client has it."""
    known = document.is_known(if_none_match)
    return Response(
        b"" if known else document.body,
        status_code=HTTPStatus.NOT_MODIFIED if known else HTTPStatus.OK,
        media_type=MediaType.JSON,
        headers={"ETag": document.etag, **(headers or {})},
    )


async def _read(asked: Awaitable[T]) -> T:
    """What the place tables come from answers; 503 when it cannot."""
    try:
        return await asked
    except RoutelabError as error:
        raise ServiceUnavailableException(str(error), headers={"Retry-After": "1"}) from error
