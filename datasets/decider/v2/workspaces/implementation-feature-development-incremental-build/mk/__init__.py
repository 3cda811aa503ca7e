"""A small build tool."""
from mk.build import build
from mk.graph import GraphError

__all__ = ["GraphError", "build"]
