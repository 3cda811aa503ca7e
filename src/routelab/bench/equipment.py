"""What decider cases are executed with: the agent, and the place it runs in."""

from msgspec import Struct

from routelab.agents import PROGRAMS, DirectAgent
from routelab.config import Config
from routelab.errors import SandboxError, UserError
from routelab.sandbox import ProcessSandbox

DIRECT_IMAGE = "stub"
"""The direct agent needs no program of its own in the container, so the smallest image does."""


class Equipment(Struct, frozen=True, kw_only=True):
    """The part of the engine identity that says what executes, named as there."""

    agent: str
    agent_version: str
    sandbox: str
    image: str | None = None
    memory_mb: int | None = None
    disk_mb: int | None = None
    cpus: float | None = None
    pids: int | None = None


async def equip(config: Config) -> Equipment:
    """What the configuration asks for, as found here.

    Raises UserError when the agent's image was not built, SandboxError when no engine answers.
    """
    agent = config.decider.agent
    version = DirectAgent.version if agent == DirectAgent.name else PROGRAMS[agent].version
    if config.sandbox.kind == "process":
        return Equipment(agent=agent, agent_version=version, sandbox=ProcessSandbox.name)
    bounds = config.sandbox.model_dump(exclude={"kind", "allow_real_models"})
    return Equipment(agent=agent, agent_version=version, sandbox="docker", image=await find(agent), **bounds)


async def find(agent: str) -> str:
    """The tag of an agent's image, which says what it is made of.

    Raises UserError when it was not built, SandboxError when no engine answers.
    """
    from routelab.sandbox.build import find_image
    from routelab.sandbox.containers import Engine

    name = DIRECT_IMAGE if agent == DirectAgent.name else agent
    async with Engine() as engine:
        try:
            found = await engine.call(find_image, name, engine.client)
        except SandboxError as error:
            if error.kind != "image_missing":
                raise
            found = None
    if found is None:
        raise UserError(f"there is no image of {name}; `routelab sandbox build {name}` makes it")
    return found.tag
