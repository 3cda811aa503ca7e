"""Shadow routers: asked beside ours, logged, never served."""

from routelab.shadow.morph import MorphRouter
from routelab.shadow.protocol import (
    Memory,
    ShadowAnswer,
    ShadowQuestion,
    ShadowRecord,
    ShadowRouter,
)
from routelab.shadow.runner import ShadowRunner
from routelab.shadow.table import TableRouter

__all__ = [
    "Memory",
    "MorphRouter",
    "ShadowAnswer",
    "ShadowQuestion",
    "ShadowRecord",
    "ShadowRouter",
    "ShadowRunner",
    "TableRouter",
]
