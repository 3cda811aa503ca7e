"""Searching the catalogue."""
from find.errors import QueryError
from find.search import search

__all__ = ["QueryError", "search"]
