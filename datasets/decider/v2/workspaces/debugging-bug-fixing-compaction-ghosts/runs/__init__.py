"""A small store of sorted runs."""
from runs.store import Store

__all__ = ["Store"]
