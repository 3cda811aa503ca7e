"""routelab finds the cheapest model that is proven good enough for each kind of request.

The package's face is small on purpose: import the part you need, for example
`routelab.ranking.rank`, `routelab.decision.decide` or `routelab.lab` in a notebook.
"""

from importlib.metadata import version

__version__ = version("routelab")

__all__ = ["__version__"]
