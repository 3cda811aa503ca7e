"""Rendering: {{ path }} is replaced by the value at that path."""
import re

from tinytpl.errors import TemplateError
from tinytpl.values import MISSING, lookup

VALUE = re.compile(r"\{\{\s*([A-Za-z_][\w.]*)\s*\}\}")


def render(text, data):
    def put(match):
        value = lookup(data, match[1])
        if value is MISSING:
            raise TemplateError(text.count("\n", 0, match.start()) + 1, f"no value for '{match[1]}'")
        return str(value)
    return VALUE.sub(put, text)
