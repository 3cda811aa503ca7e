"""Containers of a Docker engine as sandboxes."""

from routelab.sandbox.containers.container import ContainerSandbox
from routelab.sandbox.containers.engine import Engine
from routelab.sandbox.containers.labels import Labels
from routelab.sandbox.containers.making import PROXY_ADDRESS, PROXY_SOCKET, ContainerLimits
from routelab.sandbox.containers.slots import Slots
from routelab.sandbox.containers.sweep import Swept, sweep

__all__ = [
    "PROXY_ADDRESS",
    "PROXY_SOCKET",
    "ContainerLimits",
    "ContainerSandbox",
    "Engine",
    "Labels",
    "Slots",
    "Swept",
    "sweep",
]
