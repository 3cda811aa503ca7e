"""The text core of our editor."""
from editor.document import Document

__all__ = ["Document"]
