"""What administrators ask."""

from http import HTTPStatus

from litestar import post
from litestar.di import NamedDependency

from routelab_serve.routes import KEYED, UNAUTHORIZED
from routelab_serve.tables import LiveTable, ReloadReport


@post(
    "/admin/reload",
    status_code=HTTPStatus.OK,
    summary="Read the table again",
    security=KEYED,
    responses=UNAUTHORIZED,
)
async def reload(live_table: NamedDependency[LiveTable]) -> ReloadReport:
    """Read the place tables come from now; needs an administrator's key."""
    return await live_table.reload()
