"""What a dataset version promises to hold, as data beside its cases."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from routelab.errors import DatasetError
from routelab.records import ClassifierCase, DeciderCase

Share = Annotated[float, Meta(ge=0, le=1)]


class Quotas(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The content of `quotas.json`; what is left out is not asked for.

    `per_route`: cases on every route, exactly where `exact` is true, else at least. `difficulties`:
    exact numbers on every route. `workspace_share`: least share of all cases that have a workspace;
    `workspace_per_route`: least number on the routes of a task type. `latest_share`: least share of
    requests with a latest prompt. `tags`: least number of requests that carry a tag.
    """

    per_route: int
    exact: bool = False
    difficulties: dict[str, int] = {}
    workspace_share: Share = 0.0
    workspace_per_route: dict[str, int] = {}
    latest_share: Share = 0.0
    tags: dict[str, int] = {}


def read_quotas(folder: Path) -> Quotas:
    """The quotas of a dataset folder; DatasetError when there are none or they are malformed."""
    path = folder / "quotas.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Quotas)
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror}") from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise DatasetError(f"{path}: {error}") from error


def quota_faults(cases: Sequence[ClassifierCase | DeciderCase], quotas: Quotas, routes: Sequence[str]) -> Iterator[str]:
    """Every quota that the cases do not keep, as a sentence with both numbers."""
    tasks = [case for case in cases if isinstance(case, DeciderCase)]
    requests = [case for case in cases if isinstance(case, ClassifierCase)]
    per_route = Counter([case.route for case in tasks] + [case.expected.route for case in requests])
    for route in routes:
        found = per_route[route]
        if found < quotas.per_route or (quotas.exact and found != quotas.per_route):
            wanted = "exactly" if quotas.exact else "at least"
            yield f"route {route} has {found} cases; {wanted} {quotas.per_route} are asked for"
    yield from _task_faults(tasks, quotas, routes)
    yield from _request_faults(requests, quotas)


def _task_faults(tasks: Sequence[DeciderCase], quotas: Quotas, routes: Sequence[str]) -> Iterator[str]:
    difficulties = Counter((case.route, str(case.difficulty)) for case in tasks)
    workspaces = Counter(case.route for case in tasks if case.workspace is not None)
    for route in routes:
        for difficulty, wanted in quotas.difficulties.items():
            found = difficulties[route, difficulty]
            if found != wanted:
                yield f"route {route} has {found} cases of difficulty {difficulty}; exactly {wanted} are asked for"
        wanted = quotas.workspace_per_route.get(route.split("/")[0], 0)
        if workspaces[route] < wanted:
            yield f"route {route} has {workspaces[route]} workspace cases; at least {wanted} are asked for"
    if tasks and workspaces.total() < quotas.workspace_share * len(tasks):
        yield f"{workspaces.total()} of {len(tasks)} cases have a workspace; {quotas.workspace_share:.0%} are asked for"


def _request_faults(requests: Sequence[ClassifierCase], quotas: Quotas) -> Iterator[str]:
    latest = sum(case.input.latest_user_prompt_prefix is not None for case in requests)
    if requests and latest < quotas.latest_share * len(requests):
        yield f"{latest} of {len(requests)} requests have a latest prompt; {quotas.latest_share:.0%} are asked for"
    tags = Counter(tag for case in requests for tag in case.tags)
    for tag, wanted in quotas.tags.items():
        if tags[tag] < wanted:
            yield f"{tags[tag]} requests are tagged {tag}; at least {wanted} are asked for"
