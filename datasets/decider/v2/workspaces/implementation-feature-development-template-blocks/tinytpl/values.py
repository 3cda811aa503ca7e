"""Looking up paths such as order.lines.0.name."""
MISSING = object()


def lookup(data, path):
    """The value at a dotted path of keys and list positions, or MISSING."""
    value = data
    for part in path.split("."):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return MISSING
    return value
