"""Errors as problem details (RFC 9457)."""

from http import HTTPStatus

from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec
from litestar.plugins.problem_details import (
    ProblemDetailsConfig,
    ProblemDetailsException,
    ProblemDetailsPlugin,
)
from msgspec import Struct

from routelab_serve.logs import report_bug

MEDIA_TYPE = "application/problem+json"


class Problem(Struct, frozen=True, kw_only=True):
    """What went wrong: `field` is the path of the wrong field, None when none is to blame."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None


class BadField(HTTPException):
    """A client's mistake (400) in one field of the body or the query; None: in the whole."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, detail: str, *, field: str | None) -> None:
        super().__init__(detail=detail, extra={"field": field})


def problem_details() -> ProblemDetailsPlugin:
    """The plugin that gives every error of the app as problem details."""
    return ProblemDetailsPlugin(
        ProblemDetailsConfig(exception_to_problem_detail_map={HTTPException: _of_http_error, Exception: _of_bug})
    )


def documented(status: HTTPStatus, description: str) -> dict[int, ResponseSpec]:
    """One problem for a handler's OpenAPI responses."""
    spec = ResponseSpec(Problem, description=description, media_type=MEDIA_TYPE, generate_examples=False)
    return {int(status): spec}


def _of_http_error(error: HTTPException) -> ProblemDetailsException:
    return _problem(error.status_code, _detail(error), _field(error), error.headers)


def _of_bug(error: Exception) -> ProblemDetailsException:
    report_bug("request_failed", error)
    return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something failed inside the shim", None, None)


def _problem(status: int, detail: str, field: str | None, headers: dict[str, str] | None) -> ProblemDetailsException:
    return ProblemDetailsException(
        status_code=int(status),
        type_="about:blank",
        title=HTTPStatus(status).phrase,
        detail=detail,
        extra={"field": field},
        headers=headers,
    )


def _field(error: HTTPException) -> str | None:
    """The first field that an error of ours or of Litestar's own validation names."""
    extra = error.extra
    if isinstance(extra, dict):
        return extra.get("field")
    first = extra[0] if extra else {}
    return first.get("key") if isinstance(first, dict) else None


def _detail(error: HTTPException) -> str:
    if isinstance(error.extra, list) and error.extra and isinstance(error.extra[0], dict):
        return str(error.extra[0].get("message", error.detail))
    return error.detail
