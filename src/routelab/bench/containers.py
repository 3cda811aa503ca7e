"""Containers for the lanes of a run: engine, proxy, agent and sandboxes, and the sweep around them."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from msgspec import Struct

from routelab.agents import PROGRAMS, Agent, ContainedAgent, DirectAgent
from routelab.config import Config
from routelab.errors import SandboxError
from routelab.llm import EndpointClient
from routelab.llm.proxy import Proxy, serving
from routelab.sandbox.containers import (
    PROXY_ADDRESS,
    PROXY_SOCKET,
    ContainerLimits,
    ContainerSandbox,
    Engine,
    Labels,
    Slots,
    sweep,
)
from routelab.sandbox.folders import make_folder
from routelab.settings import Settings

_log = structlog.get_logger(__name__)


class Containers(Struct, frozen=True):
    """The agent that all lanes share, and a maker of sandboxes by lane name."""

    agent: Agent
    sandbox: Callable[[str], ContainerSandbox]


@asynccontextmanager
async def containers(
    config: Config, settings: Settings, client: EndpointClient, *, agent: str, image: str, run_id: str
) -> AsyncIterator[Containers]:
    """What is needed to run `agent` in containers of `image` while the block runs.

    What dead processes left is removed first, and what this run leaves at the end. The money limit
    is the client's. Raises SandboxError where no engine answers.
    """
    given = config.sandbox
    limits = ContainerLimits(memory_mb=given.memory_mb, disk_mb=given.disk_mb, cpus=given.cpus, pids=given.pids)
    async with Engine() as engine, _agent(config, settings, client, agent) as (ready, folder):
        await sweep(engine)
        slots = Slots(engine, config.limits.max_concurrency)

        def sandbox(lane: str) -> ContainerSandbox:
            labels = Labels(run_id=run_id, lane=lane)
            return ContainerSandbox(engine, slots, image=image, labels=labels, limits=limits, proxy_folder=folder)

        try:
            yield Containers(ready, sandbox)
        finally:
            try:
                await sweep(engine, own_run=run_id)
            except SandboxError as error:  # left to the next sweep; what was measured stands
                _log.warning("cannot sweep", error=str(error))


@asynccontextmanager
async def _agent(
    config: Config, settings: Settings, client: EndpointClient, name: str
) -> AsyncIterator[tuple[Agent, Path]]:
    """The agent, and the folder with the socket of its proxy."""
    folder = make_folder("proxy")
    try:
        folder.chmod(0o711)
        bound = config.limits.max_case_cost_usd
        if name == DirectAgent.name:
            yield DirectAgent(client, max_steps=config.limits.max_steps, max_case_cost_usd=bound), folder
            return
        proxy = Proxy(
            config.endpoint,
            api_key=settings.api_key.get_secret_value() if settings.api_key else None,
            prices=config.prices,
            limit=client.limit,
            capabilities=config.capabilities,
        )
        async with proxy, serving(proxy, socket=folder / PROXY_SOCKET):
            yield ContainedAgent(PROGRAMS[name], proxy, PROXY_ADDRESS, max_case_cost_usd=bound), folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
