"""Text templates."""
from tinytpl.errors import TemplateError
from tinytpl.template import render

__all__ = ["TemplateError", "render"]
