"""search(items, query): the items that fit, in their order."""
from find.lexer import terms


def search(items, query):
    """Items are dicts of texts, numbers, booleans, None, or lists of these; all terms have to fit."""
    wanted = terms(query)
    return [item for item in items if all(_fits(item, field, value) for _, field, value in wanted)]


def _fits(item, field, value):
    if field is None:
        return value.lower() in str(item.get("title", "")).lower()
    return str(item.get(field, "")).lower() == value.lower()
