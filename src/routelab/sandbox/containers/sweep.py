"""Removing what processes that ended left on the engine."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import structlog
from docker.errors import NotFound
from msgspec import Struct

from routelab.errors import SandboxError
from routelab.sandbox.containers.engine import Engine
from routelab.sandbox.containers.labels import PROJECT, is_own, owner_is_gone

_log = structlog.get_logger(__name__)
_REMOVE_S = 20.0
Found = tuple[str, Mapping[str, str] | None, Callable[[], Any]]
_OURS = {"label": f"{PROJECT}=1"}


class Swept(Struct, frozen=True):
    """What was removed, and what could not be."""

    containers: int = 0
    volumes: int = 0
    networks: int = 0
    stuck: tuple[str, ...] = ()

    def __str__(self) -> str:
        removed = f"{self.containers} containers, {self.volumes} volumes, {self.networks} networks removed"
        return f"{removed}; still there: {', '.join(self.stuck)}" if self.stuck else removed


async def sweep(engine: Engine, *, own_run: str | None = None) -> Swept:
    """Remove containers, volumes and networks whose process has ended.

    `own_run` adds what this process made for that run. Nothing of a live process, of another host
    or without the label is touched. What cannot be removed is told, not raised; SandboxError only
    when the engine does not answer.
    """

    def to_go(labels: Mapping[str, str] | None) -> bool:
        return owner_is_gone(labels or {}) or (own_run is not None and is_own(labels or {}, own_run))

    removed: dict[str, int] = {}
    stuck: list[str] = []
    for sort, found in (("containers", _containers), ("volumes", _volumes), ("networks", _networks)):
        removed[sort] = 0
        for name, labels, remove in await engine.call(_listed, found, engine.client.api):
            if not to_go(labels):
                continue
            try:
                await engine.call(_unless_gone, remove, timeout_s=_REMOVE_S)
                removed[sort] += 1
            except SandboxError as error:
                _log.warning("cannot remove", sort=sort, name=name, error=str(error))
                stuck.append(name)
    return Swept(**removed, stuck=tuple(stuck))


def _listed(look: Callable[[Any], Iterator[Found]], api: Any) -> list[Found]:
    return list(look(api))


def _containers(api: Any) -> Iterator[Found]:
    for item in api.containers(all=True, filters=_OURS):
        yield item["Id"][:12], item["Labels"], partial(api.remove_container, item["Id"], force=True, v=True)


def _volumes(api: Any) -> Iterator[Found]:
    for item in api.volumes(filters=_OURS)["Volumes"] or ():
        yield item["Name"], item["Labels"], partial(api.remove_volume, item["Name"], force=True)


def _networks(api: Any) -> Iterator[Found]:
    for item in api.networks(filters=_OURS):
        yield item["Name"], item["Labels"], partial(api.remove_network, item["Id"])


def _unless_gone(remove: Callable[[], Any]) -> None:
    with contextlib.suppress(NotFound):
        remove()
