"""Cutting a query into terms: words, "phrases in quotes", and field:value with either kind of value."""
import re

from find.errors import QueryError

TERM = re.compile(r'\s*(?:(?P<field>[a-z_]+):)?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))')


def terms(query):
    """(position, field or None, value) of each term."""
    found, at = [], 0
    while query[at:].strip():
        match = TERM.match(query, at)
        if not match:
            raise QueryError(at + len(query[at:]) - len(query[at:].lstrip()), "cannot read this")
        start = match.end() - len(match[0].lstrip())
        found.append((start, match["field"], match["quoted"] if match["bare"] is None else match["bare"]))
        at = match.end()
    return found
