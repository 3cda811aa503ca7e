"""The page at `/`: the live table, the last hour, and what is wrong, for people."""

from routelab_serve.page.collect import collect, since_start
from routelab_serve.page.data import Activity, PageData, ShadowTally, SinceStart
from routelab_serve.page.handler import PageAnswer, PageRoute
from routelab_serve.page.hour import last_hour
from routelab_serve.page.render import render

__all__ = [
    "Activity",
    "PageAnswer",
    "PageData",
    "PageRoute",
    "ShadowTally",
    "SinceStart",
    "collect",
    "last_hour",
    "render",
    "since_start",
]
