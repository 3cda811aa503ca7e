"""Shared loading."""
from loads.loader import Loader, LoaderClosed

__all__ = ["Loader", "LoaderClosed"]
